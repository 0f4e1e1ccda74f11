import { createHash } from 'node:crypto';

import type { InboundAnswer, InboundCall, InboundResult } from '../inbound';
import { isObject, textIn, type Json } from '../text';
import type { Credential } from '../types';
import { press, read, reply } from './events';

export const json = (body: Json): InboundAnswer => ({
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

/** An event or a card callback whose sender is proved, by its signature or by the connection that it came over. */
export function readEvent(body: Json, credential: Credential): InboundResult {
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
