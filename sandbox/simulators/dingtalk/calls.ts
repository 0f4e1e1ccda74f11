import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

import type { Callback, Caller, Deed } from '../two-way.ts';
import { obj, randomId, str } from './state.ts';
import type { DingTalkState, Json } from './state.ts';
import { CARD_TOPIC, ROBOT_TOPIC } from './stream.ts';

const PATIENCE_MS = 5000;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

const hmac = (key: string, text: string): string =>
	createHmac('sha256', key).update(text).digest('base64');

/** A frame to a client of the Stream mode; done where it was answered with 200. */
async function overStream(
	state: DingTalkState,
	caller: Caller,
	deed: Deed,
	topic: string,
	data: Json,
): Promise<Callback> {
	const started = Date.now();
	const { frame, acks } = await state.stream.push(topic, data);
	const last = acks.at(-1);
	const done: Callback = {
		...{ url: `stream:${topic}`, method: 'FRAME', headers: {}, body: frame },
		...{ status: last?.code ?? 0, statuses: acks.map((ack) => ack?.code ?? 0) },
		...{ answer: last?.data ?? '', ok: last?.code === 200 },
		...{ attempts: acks.length, ms: Date.now() - started },
	};
	caller.keep(deed, done);
	return done;
}

/** Presses a button of an interactive card: signed over the timestamp, with the secret of its route. */
export async function pressCard(
	state: DingTalkState,
	caller: Caller,
	outTrackId: string,
	button: number | string,
	user?: string,
	text?: string,
): Promise<Callback> {
	const card = state.cards.get(outTrackId);
	if (card === undefined) throw new Error(`no card ${outTrackId}`);
	const isStream = card.body['callbackType'] === 'STREAM';
	const route = card.routeKey === undefined ? undefined : state.routes.get(card.routeKey);
	if (route === undefined && !isStream) throw new Error('the card has no registered callback');
	const reader = user ?? card.to;
	if (!state.config.users.some(({ userid }) => userid === reader))
		throw new Error(`DingTalk knows no user ${reader}`);
	const params = obj(obj(card.body['cardData'])['cardParamMap']);
	const at = [1, 2, 3, 4].find((one) =>
		typeof button === 'number'
			? one === button + 1
			: [`button${one}`, params[`button${one}_value`], params[`button${one}_text`]].includes(
					button,
				),
	);
	const value = str(params[`button${at}_value`]);
	if (at === undefined || value === '') throw new Error(`no button ${button}`);
	if (text !== undefined && str(params['input_label']) === '')
		throw new Error('the card takes no text');
	const content = {
		cardPrivateData: {
			actionIds: [`button${at}`],
			params: { value, ...(text === undefined ? {} : { comment: text }) },
		},
	};
	const press = {
		type: 'actionCallback',
		outTrackId,
		corpId: state.config.corpId ?? '',
		userId: reader,
		userIdType: 1,
		spaceType: 'im',
		spaceId: str(card.body['openSpaceId']),
		content: JSON.stringify(content),
	};
	const deed = { user: reader, said: str(params[`button${at}_text`]), messageId: outTrackId };
	if (route === undefined || isStream) return overStream(state, caller, deed, CARD_TOPIC, press);
	const body = JSON.stringify(press);
	return await caller.call(
		deed,
		({ now, secret }) => {
			const timestamp = state.stamp(now);
			return {
				headers: {
					...JSON_TYPE,
					'x-ddpaas-signature-timestamp': timestamp,
					'x-ddpaas-signature': hmac(secret(route.apiSecret), timestamp),
				},
				body,
				timeoutMs: PATIENCE_MS,
			};
		},
		route.url,
	);
}

/** A text that a person writes to the robot, in a group or alone. */
export async function sayText(
	state: DingTalkState,
	caller: Caller,
	self: string,
	user: string,
	text: string,
	group = false,
): Promise<Callback> {
	const { appSecret, users } = state.config;
	const known = users.find((one) => one.userid === user);
	if (!known) throw new Error(`DingTalk knows no user ${user}`);
	const session = randomId(12);
	const until = state.now() + 90 * 60_000;
	state.sessions.set(session, { to: user, until });
	const message = {
		msgId: `msg${randomId(12)}`,
		conversationId: `cid${randomId(18)}`,
		conversationType: group ? '2' : '1',
		senderStaffId: user,
		senderId: `$:LWCP_v1:$${user}`,
		senderNick: known.name ?? user,
		chatbotUserId: '$:LWCP_v1:$bot',
		chatbotCorpId: state.config.corpId ?? '',
		robotCode: state.config.robotCode ?? state.config.appKey,
		sessionWebhook: `${self}/robot/sendBySession?session=${session}`,
		sessionWebhookExpiredTime: until,
		createAt: state.now(),
		msgtype: 'text',
		text: { content: group ? ` ${text}` : text },
	};
	if (state.stream.hears(ROBOT_TOPIC))
		return overStream(state, caller, { user, said: text }, ROBOT_TOPIC, message);
	const body = JSON.stringify(message);
	return await caller.call({ user, said: text }, ({ now, secret }) => {
		const timestamp = state.stamp(now);
		const sign = hmac(secret(appSecret), `${timestamp}\n${appSecret}`);
		return { headers: { ...JSON_TYPE, timestamp, sign }, body, timeoutMs: PATIENCE_MS };
	});
}

const keyOf = (aesKey: string): Buffer => Buffer.from(`${aesKey}=`, 'base64');
const sha1 = (...parts: string[]): string =>
	createHash('sha1').update(parts.sort().join('')).digest('hex');

function encrypted(aesKey: string, event: Json, appKey: string): string {
	const key = keyOf(aesKey);
	const body = Buffer.from(JSON.stringify(event));
	const length = Buffer.alloc(4);
	length.writeUInt32BE(body.length);
	const plain = Buffer.concat([randomBytes(16), length, body, Buffer.from(appKey)]);
	const pad = 32 - (plain.length % 32);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(plain),
		cipher.update(Buffer.alloc(pad, pad)),
		cipher.final(),
	]).toString('base64');
}

/** An event of the app, encrypted; done where the answer is the encrypted `success`. */
export async function sendEvent(
	state: DingTalkState,
	caller: Caller,
	event: Json,
): Promise<Callback> {
	const { events, appKey } = state.config;
	if (events === undefined) throw new Error('no event subscription');
	return await caller.call(undefined, ({ now, secret }) => {
		const encrypt = encrypted(events.aesKey, event, appKey);
		const [timestamp, nonce] = [String(now), randomId(6)];
		const msg_signature = sha1(secret(events.token), timestamp, nonce, encrypt);
		return {
			query: { msg_signature, signature: msg_signature, timestamp, nonce },
			headers: JSON_TYPE,
			body: JSON.stringify({ encrypt }),
			timeoutMs: PATIENCE_MS,
			accepts: (status, answer) => status === 200 && isSuccess(events, answer),
		};
	});
}

function isSuccess(events: { token: string; aesKey: string }, text: string): boolean {
	try {
		const answer = obj(JSON.parse(text));
		const [encrypt, timeStamp, nonce] = [
			str(answer['encrypt']),
			String(answer['timeStamp']),
			str(answer['nonce']),
		];
		if (answer['msg_signature'] !== sha1(events.token, timeStamp, nonce, encrypt)) return false;
		const key = keyOf(events.aesKey);
		const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
		decipher.setAutoPadding(false);
		const plain = Buffer.concat([decipher.update(encrypt, 'base64'), decipher.final()]);
		const length = plain.readUInt32BE(16);
		return plain.subarray(20, 20 + length).toString() === 'success';
	} catch {
		// Whatever cannot be read is not the success that DingTalk waits for.
		return false;
	}
}
