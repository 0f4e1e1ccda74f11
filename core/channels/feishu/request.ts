import { createHash } from 'node:crypto';

import { ItsmNotifyError } from '../../errors';
import type { Delivery } from '../../events/delivery';
import { baseUrl, fingerprint, httpUrl, required } from '../credential';
import { bytes } from '../cut';
import { isObject, textIn, type Json } from '../text';
import type { Credential, HttpRequest, SendContext } from '../types';
import { receiverOf } from './address';
import { onlyLinks } from './buttons';
import { check, refuse } from './check';
import { FEISHU } from './limits';
import { robotSign } from './signature';

const NAME = 'Feishu';
const HOSTS: Record<string, string> = {
	feishu: 'https://open.feishu.cn',
	lark: 'https://open.larksuite.com',
};

export const isRobot = (credential: Credential): boolean => credential.mode === 'robot';

const base = (credential: Credential): string =>
	baseUrl(credential, HOSTS[String(credential.platform)] ?? HOSTS.feishu, NAME);

const app = (credential: Credential): [string, string] => [
	required(credential, 'appId', 'App ID', NAME),
	required(credential, 'appSecret', 'App Secret', NAME),
];

/** One token per base, app and secret; the key shows none of them. */
export const tokenKey = (credential: Credential): string =>
	`feishu:${fingerprint(base(credential), ...app(credential))}`;

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

export function tokenRequest(credential: Credential): HttpRequest {
	const [id, secret] = app(credential);
	return {
		kind: 'http',
		method: 'POST',
		url: `${base(credential)}/open-apis/auth/v3/tenant_access_token/internal`,
		headers: JSON_HEADERS,
		body: { app_id: id, app_secret: secret },
	};
}

/** Asks for the address of a long connection. */
export function connectionRequest(credential: Credential): HttpRequest {
	const [id, secret] = app(credential);
	return {
		kind: 'http',
		method: 'POST',
		url: `${base(credential)}/callback/ws/endpoint`,
		headers: { ...JSON_HEADERS, locale: 'zh' },
		body: { AppID: id, AppSecret: secret },
	};
}

function call(
	credential: Credential,
	method: 'POST' | 'PATCH',
	path: string,
	body: Json,
	prepared: Json,
): HttpRequest {
	return {
		kind: 'http',
		method,
		url: `${base(credential)}/open-apis/im/v1/${path}`,
		headers: { ...JSON_HEADERS, authorization: `Bearer ${String(prepared.token ?? '')}` },
		body,
	};
}

/** A test run and a standalone node send each time, equal delivery or not; elsewhere the same id is a repeat. */
export const checksDuplicates = (delivery: Delivery): boolean =>
	!delivery.test && delivery.standalone !== true;

/** Feishu sends at most one message per `uuid` within an hour. */
function uuidOf({ delivery, now }: SendContext): string {
	const id = checksDuplicates(delivery)
		? delivery.delivery_id
		: `${delivery.delivery_id}-${now.getTime()}`;
	return bytes(id) <= FEISHU.uuid
		? id
		: createHash('sha256').update(id).digest('hex').slice(0, FEISHU.uuid);
}

/** A card that can be changed later: Feishu asks for the mark when it is sent. */
function changeable(card: Json): Json {
	if (card.type === 'template') return card;
	const config = isObject(card.config) ? card.config : {};
	return { ...card, config: { ...config, update_multi: true } };
}

/** An app's message: the content is JSON in a text. */
function asApp(payload: Json): { msg_type: string; content: string } {
	const { msg_type: type, card, content } = payload;
	const inner =
		type === 'interactive'
			? changeable(isObject(card) ? card : {})
			: type === 'post' && isObject(content)
				? content.post
				: content;
	return { msg_type: String(type), content: JSON.stringify(inner) };
}

/** What goes to a custom bot's webhook: the same message, signed where there is a secret. */
function robotRequest(payload: Json, credential: Credential, now: Date): HttpRequest {
	const url = httpUrl(
		required(credential, 'webhookSecretUrl', 'Webhook URL', NAME),
		'webhookSecretUrl',
		'Webhook URL',
		NAME,
	);
	const secret = textIn(credential, 'secret');
	const timestamp = String(Math.floor(now.getTime() / 1000));
	const signed = secret ? { timestamp, sign: robotSign(secret, timestamp) } : {};
	return {
		kind: 'http',
		method: 'POST',
		url,
		headers: JSON_HEADERS,
		body: { ...signed, ...payload },
	};
}

function forRobot(payload: Json): Json {
	if (payload.msg_type !== 'interactive') return payload;
	const message = { ...payload, card: onlyLinks(payload.card) };
	check(message);
	return message;
}

/** im/v1/messages of the app, or a post to the custom bot. Throws `no_address`, `invalid_credential`, `invalid_payload`. */
export function request(payload: Json, context: SendContext, prepared: Json): HttpRequest {
	const { delivery, credential, now } = context;
	if (isRobot(credential)) {
		const made = robotRequest(forRobot(payload), credential, now);
		if (bytes(JSON.stringify(made.body)) > FEISHU.robot)
			refuse('the body', `is over ${FEISHU.robot} bytes, the limit of a custom bot`);
		return made;
	}
	const receiver = receiverOf(delivery.address);
	if (!receiver)
		throw new ItsmNotifyError('no_address', 'The recipient has no Feishu open_id.', {
			field: 'address.open_id',
		});
	return call(
		credential,
		'POST',
		`messages?receive_id_type=${receiver.type}`,
		{ receive_id: receiver.id, ...asApp(payload), uuid: uuidOf(context) },
		prepared,
	);
}

/** PATCH of a sent card; `ref` is `{message_id}` as recorded. Throws `not_updatable` where there is no card to change. */
export function update(
	payload: Json,
	ref: Json,
	{ credential }: SendContext,
	prepared: Json,
): HttpRequest {
	const id = textIn(ref, 'message_id');
	if (isRobot(credential) || !id || payload.msg_type !== 'interactive') {
		throw new ItsmNotifyError(
			'not_updatable',
			'Only a card that a Feishu app has sent can be changed.',
			{
				field: 'ref.message_id',
			},
		);
	}
	const { content } = asApp(payload);
	return call(credential, 'PATCH', `messages/${encodeURIComponent(id)}`, { content }, prepared);
}

/** A text below a message: how a command is answered. */
export function replyRequest(
	credential: Credential,
	messageId: string,
	text: string,
	prepared: Json,
): HttpRequest {
	const body = { msg_type: 'text', content: JSON.stringify({ text }) };
	return call(
		credential,
		'POST',
		`messages/${encodeURIComponent(messageId)}/reply`,
		body,
		prepared,
	);
}

/** The app's token; a custom bot is asked with a message of no type, which it refuses without posting. */
export const probe = (credential: Credential): HttpRequest =>
	isRobot(credential) ? robotRequest({}, credential, new Date()) : tokenRequest(credential);
