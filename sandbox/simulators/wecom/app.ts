import { createHash, randomBytes } from 'node:crypto';

import { callsBack, checkCard } from './cards.ts';
import { APP_RULES, checkContent } from './content.ts';
import { findReceivers, record, refuse } from './directory.ts';
import type { Json } from './directory.ts';
import type { WeComState } from './state.ts';

export function getToken(state: WeComState, query: URLSearchParams): Json {
	const [corpid, secret] = [query.get('corpid'), query.get('corpsecret')];
	if (!corpid) refuse(41002, 'corpid missing');
	if (!secret) refuse(41004, 'secret missing');
	if (corpid !== state.config.corpId) refuse(40013, 'invalid corpid');
	if (secret !== state.config.secret) refuse(40001, 'invalid credential');
	const { token, expiresIn } = state.token();
	return { errcode: 0, errmsg: 'ok', access_token: token, expires_in: expiresIn };
}

function checkAgent(state: WeComState, body: Json): void {
	if (body['agentid'] === undefined) refuse(41011, 'missing agentid');
	if (String(body['agentid']) !== String(state.config.agentId)) refuse(40056, 'invalid agentid');
}

/** The msgid of an equal message inside the interval, if the caller asked for the check. */
function duplicateOf(state: WeComState, body: Json, msgid: string): string | undefined {
	if (body['enable_duplicate_check'] !== 1) return undefined;
	const seconds = (body['duplicate_check_interval'] as number | undefined) ?? 1800;
	if (!(seconds > 0 && seconds <= 4 * 3600))
		refuse(40058, 'duplicate_check_interval must be at most 4 hours');
	const key = createHash('sha256').update(JSON.stringify(body)).digest('hex');
	const earlier = state.duplicates.get(key);
	if (earlier !== undefined && earlier.until > state.now()) return earlier.msgid;
	state.duplicates.set(key, { msgid, until: state.now() + seconds * 1000 });
	return undefined;
}

/** False where a repeated task id is dropped in silence. */
function claimTask(state: WeComState, card: Json): boolean {
	const task = card['task_id'] as string | undefined;
	if (task === undefined) return true;
	if (state.taskIds.has(task)) {
		if (state.config.repeatedTaskId === 'drop') return false;
		refuse(40058, 'task_id was used before in this app. invalid Request Parameter');
	}
	state.taskIds.add(task);
	return true;
}

/** A card that takes the place of another keeps its task id or brings one that is new. */
function claimOther(state: WeComState, old: Json, card: Json): void {
	if (card['task_id'] === (old['template_card'] as Json)['task_id']) return;
	if (!claimTask(state, card)) refuse(40058, 'task_id was used before in this app');
}

export function sendMessage(state: WeComState, token: string | null, body: Json): Json {
	state.checkToken(token);
	checkAgent(state, body);
	const type = checkContent(body, APP_RULES);
	const receivers = findReceivers(state.config, body);
	const msgid = randomBytes(32).toString('base64url');
	const earlier = duplicateOf(state, body, msgid);
	const card = type === 'template_card' ? (body['template_card'] as Json) : undefined;
	const isNew = earlier === undefined && (card === undefined || claimTask(state, card));
	const reached = receivers.users.filter((user) => state.memberWait(user) === 0);
	const dropped = receivers.users.filter((user) => !reached.includes(user));
	if (!isNew)
		state.dropped(
			receivers.users,
			earlier ? 'duplicate within the interval' : 'task_id was used before',
			body,
		);
	else if (dropped.length > 0)
		state.dropped(dropped, 'more than 30 messages a minute for this member', body);
	const groups = [body['toparty'], body['totag']].filter(Boolean).map(String);
	const to = [...reached, ...groups];
	if (isNew && to.length > 0) state.record('post', msgid, to, body);
	const answer: Json = {
		errcode: 0,
		errmsg: 'ok',
		invaliduser: receivers.invalidUsers.join('|'),
		invalidparty: receivers.invalidParties.join('|'),
		invalidtag: receivers.invalidTags.join('|'),
		unlicenseduser: '',
		msgid: earlier ?? msgid,
	};
	if (card !== undefined && callsBack(card) && isNew) {
		state.sent.set(msgid, { msgid, users: receivers.users, body });
		answer['response_code'] = state.responseCode(msgid);
	}
	return answer;
}

export function updateCard(state: WeComState, token: string | null, body: Json): Json {
	state.checkToken(token);
	checkAgent(state, body);
	const { button, template_card: card, response_code: code } = body;
	if (typeof code !== 'string' || code === '')
		refuse(40058, 'response_code missing. invalid Request Parameter');
	if ((button === undefined) === (card === undefined)) {
		refuse(40058, 'exactly one of button and template_card. invalid Request Parameter');
	}
	const userids = (body['userids'] as string[] | undefined) ?? [];
	if (userids.length > 1000) refuse(40031, 'invalid userid list: more than 1000');
	const receives = userids.length > 0 || body['atall'] === 1 || body['partyids'] || body['tagids'];
	if (!receives) refuse(40058, 'userids missing. invalid Request Parameter');
	if (button !== undefined) {
		const name = record(button, 'button')['replace_name'];
		if (typeof name !== 'string' || name === '') refuse(40058, 'button.replace_name missing');
	} else {
		checkCard(card, APP_RULES.cards);
	}
	const sent = state.spend(code);
	const invalid = userids.filter((id) => !sent.users.includes(id));
	if (card !== undefined) {
		claimOther(state, sent.body, card as Json);
		sent.body = { ...sent.body, template_card: card };
	}
	sent.greyed = button !== undefined;
	const drawn = card === undefined ? { ...sent.body, button } : sent.body;
	const to = body['atall'] === 1 ? sent.users : userids.filter((id) => sent.users.includes(id));
	state.record('update', sent.msgid, to, drawn);
	return {
		errcode: 0,
		errmsg: 'ok',
		invaliduser: invalid.join('|'),
		invalidparty: '',
		invalidtag: '',
	};
}
