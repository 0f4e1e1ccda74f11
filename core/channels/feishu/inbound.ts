import { createHash } from 'node:crypto';

import type {
	Inbound,
	InboundAnswer,
	InboundCall,
	InboundContext,
	InboundRequest,
	InboundResult,
} from '../inbound';
import { isObject, textIn, type Json } from '../text';
import { withoutMentions } from './escape';
import { press, read, reply } from './events';
import { prove } from './proof';
import { isRobot, replyRequest } from './request';

const json = (body: Json): InboundAnswer => ({
	status: 200,
	headers: { 'content-type': 'application/json; charset=utf-8' },
	body: JSON.stringify(body),
});

/** Feishu waits three seconds; an empty object leaves the card as it is. */
const DONE = json({});

const EVENTS: Record<string, (event: Json, id: string) => InboundCall[]> = {
	'card.action.trigger': press,
	'im.message.receive_v1': reply,
	'im.message.message_read_v1': read,
};

function receive(request: InboundRequest, { credential, now }: InboundContext): InboundResult {
	if (isRobot(credential)) return { kind: 'refused', status: 401, code: 'no_secret' };
	if (request.method !== 'POST') return { kind: 'refused', status: 400, code: 'invalid_method' };
	const proved = prove(request, credential, now);
	if (!proved.ok) return { kind: 'refused', status: proved.status, code: proved.code };
	const { body } = proved;
	if (body.type === 'url_verification') {
		return { kind: 'answered', answer: json({ challenge: textIn(body, 'challenge') ?? '' }) };
	}
	const header = isObject(body.header) ? body.header : undefined;
	const appId = textIn(credential, 'appId');
	const from = header && textIn(header, 'app_id');
	if (appId && from && appId !== from) return { kind: 'refused', status: 403, code: 'wrong_app' };
	const calls = header ? eventCalls(header, body) : oldPress(body);
	return calls.length > 0
		? { kind: 'calls', calls, answer: DONE }
		: { kind: 'answered', answer: DONE };
}

function eventCalls(header: Json, body: Json): InboundCall[] {
	const type = textIn(header, 'event_type') ?? '';
	const id = textIn(header, 'event_id');
	const make = Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined;
	return id && make && isObject(body.event) ? make(body.event, id) : [];
}

/** The older card callback: flat, without an event id; its one-time token tells presses apart. */
function oldPress(body: Json): InboundCall[] {
	const token = textIn(body, 'token');
	if (!isObject(body.action) || !token) return [];
	const { open_id, user_id, open_message_id, open_chat_id, action } = body;
	const id = `card_${createHash('sha256').update(token).digest('hex').slice(0, 32)}`;
	return press(
		{ operator: { open_id, user_id }, action, context: { open_message_id, open_chat_id } },
		id,
	);
}

/** Events and card callbacks of a Feishu app; a custom bot has none. */
export const inbound: Inbound = {
	receive,
	respond(text, to, { credential, prepared }) {
		const id = textIn(to, 'message_id');
		if (!id || isRobot(credential)) return undefined;
		return replyRequest(credential, id, withoutMentions(text), prepared);
	},
};
