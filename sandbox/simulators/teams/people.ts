import { randomBytes } from 'node:crypto';

import type { Callback, Caller, Deed } from '../two-way.ts';
import { cardsOf, findAction, inputOf } from './cards.ts';
import type { Json, TeamsUser } from './directory.ts';
import { hmacHeader } from './keys.ts';
import { BOT_NAME, chatOf } from './state.ts';
import type { TeamsState } from './state.ts';

/** Teams waits ten to fifteen seconds. */
const PATIENCE_MS = 10_000;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** Whom an id means, in any conversation. */
export function userOf({ config }: TeamsState, id: string | undefined): TeamsUser {
	const found = config.users.find((one) => one.aadObjectId === id);
	if (!found) throw new Error(`Teams knows no user ${id ?? '(none)'}`);
	return found;
}

/** Sends any activity with a token of the Bot Framework, whose claims may be changed. */
export function call(
	state: TeamsState,
	caller: Caller,
	activity: Json,
	claims: Json = {},
	deed?: Deed,
): Promise<Callback> {
	const body = JSON.stringify(activity);
	return caller.call(deed, ({ now, forged }) => {
		const at = Math.floor(now / 1000);
		const all = {
			iss: `${state.url()}/issuer`,
			aud: state.config.appId,
			nbf: at,
			exp: at + 3600,
			serviceurl: state.serviceUrl(),
			...claims,
		};
		const authorization = `Bearer ${state.keys.sign(all, forged)}`;
		return { headers: { ...JSON_TYPE, authorization }, body, timeoutMs: PATIENCE_MS };
	});
}

export function activityOf(
	state: TeamsState,
	user: TeamsUser,
	more: Json,
	conversation = chatOf(state, user),
): Json {
	const { config } = state;
	return {
		id: `user-${randomBytes(8).toString('hex')}`,
		timestamp: new Date(state.now()).toISOString(),
		channelId: 'msteams',
		serviceUrl: state.serviceUrl(),
		from: { id: `29:${user.aadObjectId}`, name: user.name, aadObjectId: user.aadObjectId },
		recipient: { id: `28:${config.appId}`, name: BOT_NAME },
		conversation: {
			id: conversation,
			tenantId: config.tenantId,
			conversationType: conversation.startsWith('a:') ? 'personal' : 'channel',
		},
		channelData: { tenant: { id: config.tenantId } },
		locale: 'en-US',
		...more,
	};
}

/** Presses a button of a sent card; `submit` as a client does that knows no Action.Execute. */
export async function press(
	state: TeamsState,
	caller: Caller,
	messageId: string,
	which: number | string,
	user?: string,
	text?: string,
	{ submit = false } = {},
): Promise<Callback> {
	const message = state.sent.get(messageId);
	const action = message && findAction(message.body, which);
	if (!message || !action || action['type'] === 'Action.OpenUrl')
		throw new Error('no such button, or it opens a page');
	const who = userOf(state, user ?? state.chats.get(message.conversation)?.aadObjectId);
	const input = cardsOf(message.body).flatMap((card) => inputOf(card, action) ?? [])[0];
	if (text !== undefined && input === undefined) throw new Error('the button takes no text');
	const data = {
		...(action['data'] as Json | undefined),
		...(input === undefined || text === undefined ? {} : { [input]: text }),
	};
	const { verb, type, title } = action;
	const more = submit
		? { type: 'message', value: data }
		: {
				type: 'invoke',
				name: 'adaptiveCard/action',
				value: { action: { type, verb, data }, trigger: 'manual' },
			};
	const activity = activityOf(state, who, { ...more, replyToId: messageId }, message.conversation);
	const deed = { user: who.aadObjectId, said: String(title), messageId };
	return call(state, caller, activity, {}, deed);
}

/** Writes to the bot, perhaps below a message, perhaps in a channel. */
export async function say(
	state: TeamsState,
	caller: Caller,
	user: string,
	text: string,
	messageId?: string,
	conversation?: string,
): Promise<Callback> {
	const bot = { id: `28:${state.config.appId}`, name: BOT_NAME };
	const mention = `<at>${BOT_NAME}</at>`;
	const entities = text.includes(mention)
		? { entities: [{ type: 'mention', text: mention, mentioned: bot }] }
		: {};
	const more = {
		type: 'message',
		textFormat: 'plain',
		text,
		...entities,
		...(messageId ? { replyToId: messageId } : {}),
	};
	const activity = activityOf(state, userOf(state, user), more, conversation);
	return call(state, caller, activity, {}, { user, said: text, messageId });
}

/** A mention of the team's outgoing webhook, which is signed with its own secret. */
export async function mention(
	state: TeamsState,
	caller: Caller,
	user: string,
	text: string,
): Promise<Callback> {
	const activity = activityOf(
		state,
		userOf(state, user),
		{ type: 'message', text: `<at>${BOT_NAME}</at> ${text}` },
		'19:team@thread.tacv2',
	);
	const body = JSON.stringify(activity);
	return caller.call({ user, said: text }, ({ secret }) => {
		const authorization = hmacHeader(secret(state.config.outgoingToken ?? ''), body);
		return { headers: { ...JSON_TYPE, authorization }, body, timeoutMs: PATIENCE_MS };
	});
}
