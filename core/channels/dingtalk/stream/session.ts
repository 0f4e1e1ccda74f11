import type { StreamEvent, StreamSession } from '../../stream/types';
import { isObject, textIn, type Json } from '../../text';
import type { InboundResult } from '../../inbound';
import { readCard } from '../inbound-card';
import { readMessage } from '../inbound-message';
import { readBody } from '../inbound-parts';

const MESSAGE = '/v1.0/im/bot/messages/get';
const CARD = '/v1.0/card/instances/callback';

/** What we ask for. Events are not: each frame goes to one connection of the app, and none says anything about a ticket. */
export const TOPICS = [MESSAGE, CARD];

const PING_MS = 30_000;
const SPREAD_MS = 1_000;

function reply(messageId: string, code: number, message: string, data: string): string {
	const headers = { contentType: 'application/json', messageId };
	return JSON.stringify({ code, headers, message, data });
}

function onSystem(topic: string | undefined, id: string, data: string): StreamEvent | undefined {
	if (topic === 'disconnect') return { kind: 'leave' };
	if (topic === 'ping') return { kind: 'answer', data: reply(id, 200, 'OK', data) };
	return undefined;
}

/** DingTalk promises no second delivery of a callback, so there is no `failed`: we keep trying until it is kept. */
function onCallback(topic: string | undefined, id: string, body: Json): StreamEvent | undefined {
	const isCard = topic === CARD;
	if (!isCard && topic !== MESSAGE)
		return { kind: 'answer', data: reply(id, 404, 'topic not found', '{}') };
	const result: InboundResult = isCard
		? readCard(body, `dingtalk:stream:${id}`)
		: readMessage(body);
	if (result.kind === 'refused') return undefined;
	// A message is answered with nothing, a card with what is to change on it.
	const response: unknown = isCard ? JSON.parse(result.answer.body) : null;
	const done = reply(id, 200, 'OK', JSON.stringify({ response }));
	return result.kind === 'calls'
		? { kind: 'calls', calls: result.calls, done }
		: { kind: 'answer', data: done };
}

function read(frame: Uint8Array): StreamEvent | undefined {
	const message = readBody(frame);
	const headers = message && isObject(message.headers) ? message.headers : {};
	const topic = textIn(headers, 'topic');
	const id = textIn(headers, 'messageId') ?? '';
	const data = typeof message?.data === 'string' ? message.data : '';
	if (message?.type === 'SYSTEM') return onSystem(topic, id, data);
	// Without its id a frame can be neither told from its repeat nor acknowledged.
	if (id === '') return undefined;
	const body = readBody(Buffer.from(data, 'utf8'));
	if (message?.type === 'CALLBACK') return onCallback(topic, id, body ?? {});
	return { kind: 'answer', data: reply(id, 404, 'topic not found', '{}') };
}

/** Frames of DingTalk: `{type, headers: {topic, messageId}, data}`; `data` is JSON in a text. */
export const createSession = (): StreamSession => ({
	read,
	ping: () => ({ everyMs: PING_MS }),
	reconnect: () => ({ spreadMs: SPREAD_MS }),
});
