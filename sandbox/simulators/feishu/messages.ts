import { randomBytes } from 'node:crypto';

import type { MessageKind } from '../record.ts';
import { checkCard } from './cards.ts';
import { bytes, isObject, receiverOf, refuse } from './directory.ts';
import type { FeishuConfig, FeishuUser, Json } from './directory.ts';
import type { FeishuStream } from './stream.ts';

const UUID_MS = 3600_000;
const PATCH_MS = 14 * 24 * 3600_000;

export interface Sent {
	id: string;
	type: string;
	content: Json;
	to: string;
	chatId: string;
	user?: FeishuUser;
	at: number;
	replyTo?: string;
}

export interface FeishuState {
	config: FeishuConfig;
	now(): number;
	sent: Map<string, Sent>;
	/** Taken `uuid`s with the message they made. */
	uuids: Map<string, { id: string; until: number }>;
	stream: FeishuStream;
	/** Takes from the pace of a user or group; the wait in ms. */
	personWait(key: string): number;
	record(kind: MessageKind, message: Sent): void;
}

const id = (prefix: string): string => `${prefix}_${randomBytes(16).toString('hex')}`;

function contentOf(type: unknown, text: unknown): { type: string; content: Json } {
	if (typeof type !== 'string' || !['text', 'post', 'interactive'].includes(type))
		refuse(230001, 'Your request contains an invalid request parameter, ext=invalid msg_type.');
	if (typeof text !== 'string')
		refuse(
			230001,
			'Your request contains an invalid request parameter, ext=content is not a string in json format.',
		);
	const limit = type === 'text' ? 150 * 1024 : 30 * 1024;
	if (bytes(text) > limit) refuse(230025, 'The length of the message content reaches its limit.');
	let content: unknown;
	try {
		content = JSON.parse(text);
	} catch {
		refuse(
			230001,
			'Your request contains an invalid request parameter, ext=content is not a string in json format.',
		);
	}
	if (!isObject(content))
		refuse(230001, 'Your request contains an invalid request parameter, ext=content');
	if (type === 'text' && !(typeof content['text'] === 'string' && content['text'].trim()))
		refuse(
			230001,
			'Your request contains an invalid request parameter, ext=text content is empty.',
		);
	if (type === 'post') checkPost(content);
	if (type === 'interactive') checkCard(content, { code: 230099, callbacks: true });
	return { type, content };
}

export function checkPost(post: Json): void {
	const parts = Object.values(post);
	const isRight = parts.every((part) => isObject(part) && Array.isArray(part['content']));
	if (parts.length === 0 || !isRight || post['post'] !== undefined)
		refuse(230001, 'Your request contains an invalid request parameter, ext=invalid post content.');
}

function pace(state: FeishuState, key: string): void {
	if (state.personWait(key) > 0) refuse(230020, 'This operation triggers the frequency limit.');
}

/** The earlier message of a repeated uuid, or undefined. */
function earlier(state: FeishuState, uuid: unknown): Sent | undefined {
	if (uuid === undefined) return undefined;
	if (typeof uuid !== 'string' || uuid.length > 50)
		refuse(
			230001,
			'Your request contains an invalid request parameter, ext=uuid is over 50 characters.',
		);
	const known = state.uuids.get(uuid);
	return known && known.until > state.now() ? state.sent.get(known.id) : undefined;
}

const answer = (message: Sent): Json => ({
	message_id: message.id,
	chat_id: message.chatId,
	msg_type: message.type,
	create_time: String(message.at),
	update_time: String(message.at),
	deleted: false,
	updated: false,
	body: { content: JSON.stringify(message.content) },
});

function keep(state: FeishuState, message: Sent, uuid: unknown): Json {
	state.sent.set(message.id, message);
	if (typeof uuid === 'string')
		state.uuids.set(uuid, { id: message.id, until: state.now() + UUID_MS });
	state.record('post', message);
	return answer(message);
}

export function sendMessage(state: FeishuState, idType: string | null, body: Json): Json {
	const receiver = receiverOf(state.config, idType, body['receive_id']);
	const made = contentOf(body['msg_type'], body['content']);
	const known = earlier(state, body['uuid']);
	if (known) return answer(known);
	pace(state, receiver.to);
	return keep(state, { id: id('om'), ...made, ...receiver, at: state.now() }, body['uuid']);
}

export function replyTo(state: FeishuState, messageId: string, body: Json): Json {
	const target = state.sent.get(messageId);
	if (!target) refuse(230011, 'The message is recalled or does not exist');
	const made = contentOf(body['msg_type'], body['content']);
	const known = earlier(state, body['uuid']);
	if (known) return answer(known);
	pace(state, target.to);
	const { to, chatId, user } = target;
	const message = { id: id('om'), ...made, to, chatId, user, at: state.now(), replyTo: target.id };
	return keep(state, message, body['uuid']);
}

const isV2 = (card: Json): boolean => card['schema'] === '2.0';
const isShared = (card: Json): boolean =>
	card['type'] === 'template' || (card['config'] as Json | undefined)?.['update_multi'] === true;

/** PATCH: only cards, both marked as changeable, at most 14 days old. */
export function patchMessage(state: FeishuState, messageId: string, body: Json): Json {
	const message = state.sent.get(messageId);
	if (!message)
		refuse(230001, 'Your request contains an invalid request parameter, ext=invalid message_id.');
	if (message.type !== 'interactive')
		refuse(230054, 'This operation is not supported for this message type.');
	if (state.now() - message.at > PATCH_MS)
		refuse(230031, 'The message has exceeded the time limit for modification.');
	const { content } = contentOf('interactive', body['content']);
	if (!isShared(content) || !isShared(message.content))
		refuse(
			230001,
			'Your request contains an invalid request parameter, ext=update_multi is not true.',
		);
	if (isV2(message.content) && !isV2(content) && content['type'] !== 'template')
		refuse(
			230099,
			'Failed to create card content, ext=ErrCode: 200830; ErrMsg: schemaV2 card can not change schemaV1; ',
		);
	message.content = content;
	state.record('update', message);
	return {};
}

/** A message that a person wrote: known, so that it can be answered. */
export function received(
	state: FeishuState,
	user: FeishuUser,
	text: string,
	answered?: Sent,
): Sent {
	const message: Sent = {
		id: id('om'),
		type: 'text',
		content: { text },
		to: answered?.to ?? user.open_id,
		chatId: answered?.chatId ?? `oc_p2p_${user.open_id.slice(3)}`,
		user,
		at: state.now(),
		...(answered ? { replyTo: answered.id } : {}),
	};
	state.sent.set(message.id, message);
	return message;
}
