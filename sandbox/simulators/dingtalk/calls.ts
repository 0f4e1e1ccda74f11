import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

import { obj, randomId, str } from './state.ts';
import type { DingTalkState, Json } from './state.ts';

/** A call to the callback address and what was answered. */
export interface CallbackAnswer {
	status: number;
	body: unknown;
	/** The request as it was sent. */
	sent: { url: string; headers: Record<string, string>; body: string };
}

const hmac = (key: string, text: string): string =>
	createHmac('sha256', key).update(text).digest('base64');

async function call(
	url: string,
	headers: Record<string, string>,
	body: Json,
): Promise<CallbackAnswer> {
	const text = JSON.stringify(body);
	const all = { 'content-type': 'application/json; charset=utf-8', ...headers };
	const response = await fetch(url, { method: 'POST', headers: all, body: text });
	const answer = await response.text();
	let read: unknown = answer;
	try {
		read = JSON.parse(answer);
	} catch {
		// Not JSON: shown as it is.
	}
	return { status: response.status, body: read, sent: { url, headers: all, body: text } };
}

/** Presses a button of an interactive card, as the app does: signed over the timestamp. */
export async function pressCard(
	state: DingTalkState,
	outTrackId: string,
	button: number | string,
	user: string,
	more: Record<string, string> = {},
): Promise<CallbackAnswer> {
	const card = state.cards.get(outTrackId);
	if (card === undefined) throw new Error(`no card ${outTrackId}`);
	const route = card.routeKey === undefined ? undefined : state.routes.get(card.routeKey);
	if (route === undefined) throw new Error('the card has no registered callback');
	const params = obj(obj(card.body['cardData'])['cardParamMap']);
	const at = [1, 2, 3, 4].find((one) =>
		typeof button === 'number'
			? one === button + 1
			: params[`button${one}_value`] === button || `button${one}` === button,
	);
	const value = str(params[`button${at}_value`]);
	if (at === undefined || value === '') throw new Error(`no button ${button}`);
	const timestamp = String(state.now());
	const content = { cardPrivateData: { actionIds: [`button${at}`], params: { value, ...more } } };
	return await call(
		route.url ?? state.callbackUrl(),
		{
			'x-ddpaas-signature-timestamp': timestamp,
			'x-ddpaas-signature': hmac(route.apiSecret, timestamp),
		},
		{
			type: 'actionCallback',
			outTrackId,
			corpId: state.config.corpId ?? '',
			userId: user,
			userIdType: 1,
			spaceType: 'im',
			spaceId: str(card.body['openSpaceId']),
			content: JSON.stringify(content),
		},
	);
}

/** A text that a person writes to the robot. */
export async function sayText(
	state: DingTalkState,
	url: string,
	self: string,
	user: string,
	text: string,
	group = false,
): Promise<CallbackAnswer> {
	const timestamp = String(state.now());
	const { appSecret } = state.config;
	const session = randomId(12);
	const until = state.now() + 90 * 60_000;
	state.sessions.set(session, { to: user, until });
	return await call(
		url,
		{ timestamp, sign: hmac(appSecret, `${timestamp}\n${appSecret}`) },
		{
			msgId: `msg${randomId(12)}`,
			conversationId: `cid${randomId(18)}`,
			conversationType: group ? '2' : '1',
			senderStaffId: user,
			senderId: `$:LWCP_v1:$${user}`,
			senderNick: state.config.users.find((one) => one.userid === user)?.name ?? user,
			chatbotUserId: '$:LWCP_v1:$bot',
			chatbotCorpId: state.config.corpId ?? '',
			robotCode: state.config.robotCode ?? state.config.appKey,
			sessionWebhook: `${self}/robot/sendBySession?session=${session}`,
			sessionWebhookExpiredTime: until,
			createAt: state.now(),
			msgtype: 'text',
			text: { content: group ? ` ${text}` : text },
		},
	);
}

const keyOf = (aesKey: string): Buffer => Buffer.from(`${aesKey}=`, 'base64');
const sha1 = (...parts: string[]): string =>
	createHash('sha1').update(parts.sort().join('')).digest('hex');

/** An event of the app, encrypted; throws where the answer is not the encrypted `success`. */
export async function sendEvent(
	state: DingTalkState,
	url: string,
	event: Json,
): Promise<CallbackAnswer> {
	const { events, appKey } = state.config;
	if (events === undefined) throw new Error('no event subscription');
	const key = keyOf(events.aesKey);
	const body = Buffer.from(JSON.stringify(event));
	const length = Buffer.alloc(4);
	length.writeUInt32BE(body.length);
	const plain = Buffer.concat([randomBytes(16), length, body, Buffer.from(appKey)]);
	const pad = 32 - (plain.length % 32);
	const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	const encrypt = Buffer.concat([
		cipher.update(plain),
		cipher.update(Buffer.alloc(pad, pad)),
		cipher.final(),
	]).toString('base64');
	const [timestamp, nonce] = [String(state.now()), randomId(6)];
	const msg_signature = sha1(events.token, timestamp, nonce, encrypt);
	const query = new URLSearchParams({ msg_signature, signature: msg_signature, timestamp, nonce });
	const answer = await call(`${url}${url.includes('?') ? '&' : '?'}${query}`, {}, { encrypt });
	if (answer.status === 200) checkSuccess(events, obj(answer.body));
	return answer;
}

function checkSuccess(events: { token: string; aesKey: string }, answer: Json): void {
	const [encrypt, timeStamp, nonce] = [
		str(answer['encrypt']),
		String(answer['timeStamp']),
		str(answer['nonce']),
	];
	if (answer['msg_signature'] !== sha1(events.token, timeStamp, nonce, encrypt))
		throw new Error('the answer is not signed');
	const key = keyOf(events.aesKey);
	const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
	const plain = Buffer.concat([decipher.update(encrypt, 'base64'), decipher.final()]);
	const length = plain.readUInt32BE(16);
	if (plain.subarray(20, 20 + length).toString() !== 'success')
		throw new Error('the answer is not success');
}
