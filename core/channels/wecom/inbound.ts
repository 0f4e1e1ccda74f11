import { caught } from '../../errors';
import type {
	Inbound,
	InboundAnswer,
	InboundCall,
	InboundContext,
	InboundRequest,
	InboundResult,
} from '../inbound';
import { isObject, textIn, type Json } from '../text';
import type { Credential } from '../types';
import { readXml } from '../xml';
import { verifyWecomSignature, wecomDecrypt } from './crypto';
import { isRobot, respond } from './request';

/** Older or newer calls are somebody's repeats. */
const WINDOW_S = 600;

/** WeCom takes an empty 200 as "nothing to show". */
const DONE: InboundAnswer = { status: 200, body: '' };

const refused = (code: string, status: 400 | 401 = 401): InboundResult => ({
	kind: 'refused',
	status,
	code,
});

/** The callback settings of the app. Robots have none. */
function settings(
	credential: Credential,
): { token: string; aesKey: string; corpId: string } | undefined {
	const token = textIn(credential, 'callbackToken');
	const aesKey = textIn(credential, 'encodingAesKeySecret');
	const corpId = textIn(credential, 'corpId');
	if (isRobot(credential) || !token || !aesKey || !corpId) return undefined;
	return { token, aesKey, corpId };
}

/** Why the proof of these query parameters does not hold; undefined where it does. */
function faultOf(
	query: Record<string, string>,
	encrypted: string,
	token: string,
	now: Date,
): string | undefined {
	const { msg_signature: signature, timestamp, nonce } = query;
	if (!signature || !nonce) return 'missing_signature';
	if (!timestamp) return 'missing_timestamp';
	if (!/^\d{1,15}$/.test(timestamp)) return 'malformed_timestamp';
	if (!verifyWecomSignature({ signature, timestamp, nonce, encrypted }, token))
		return 'bad_signature';
	if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > WINDOW_S) return 'stale_timestamp';
	return undefined;
}

/** The ciphertext: `echostr` of the URL check, else `<Encrypt>`; undefined where there is none. */
function ciphertext({ method, query, rawBody }: InboundRequest): string | undefined {
	// A `+` that was not encoded in the query arrives as a space, which base64 does not have.
	if (method === 'GET') return query.echostr?.replace(/ /g, '+');
	const xml = rootOf(Buffer.from(rawBody).toString('utf8'));
	return xml && textIn(xml, 'Encrypt');
}

function rootOf(text: string): Json | undefined {
	const read = caught(() => readXml(text));
	return read.ok && isObject(read.value.xml) ? read.value.xml : undefined;
}

function receive(
	request: InboundRequest,
	{ credential, now }: Pick<InboundContext, 'credential' | 'now'>,
): InboundResult {
	const known = settings(credential);
	if (!known) return refused('no_secret');
	const encrypted = ciphertext(request);
	if (!encrypted) return refused('missing_signature');
	const fault = faultOf(request.query, encrypted, known.token, now);
	if (fault) return refused(fault);
	const opened = caught(() => wecomDecrypt(known.aesKey, encrypted, known.corpId));
	if (!opened.ok) return refused(opened.error.code);
	const { message } = opened.value;
	if (request.method === 'GET') return { kind: 'answered', answer: echo(message) };
	const xml = rootOf(message);
	if (!xml) return refused('invalid_xml', 400);
	const call = callOf(xml, credential);
	return call ? { kind: 'calls', calls: [call], answer: DONE } : { kind: 'answered', answer: DONE };
}

const echo = (message: string): InboundAnswer => ({
	status: 200,
	headers: { 'content-type': 'text/plain; charset=utf-8' },
	body: message,
});

/** A pressed card, or a text to the app. Whatever else WeCom tells (who opened the app, pictures) concerns nobody here. */
function callOf(xml: Json, credential: Credential): InboundCall | undefined {
	const user = textIn(xml, 'FromUserName');
	const agent = textIn(xml, 'AgentID', 'AgentId');
	if (!user || (agent && agent !== textIn(credential, 'agentId'))) return undefined;
	const type = textIn(xml, 'MsgType');
	if (type === 'text') return textCall(xml, user);
	if (type !== 'event') return undefined;
	const event = textIn(xml, 'Event')?.toLowerCase();
	const isPress = event === 'template_card_event' || event === 'template_card_menu_event';
	return isPress ? pressCall(xml, user) : undefined;
}

function textCall(xml: Json, user: string): InboundCall | undefined {
	const text = textIn(xml, 'Content');
	const id = textIn(xml, 'MsgId');
	if (!text || !id) return undefined;
	return {
		type: 'text',
		replayKey: `wecom:text:${id}`,
		channelUserId: user,
		conversationId: user,
		text,
		reply: { userid: user },
	};
}

function pressCall(xml: Json, user: string): InboundCall | undefined {
	const value = textIn(xml, 'EventKey');
	if (!value) return undefined;
	const task = textIn(xml, 'TaskId');
	const code = textIn(xml, 'ResponseCode');
	const parameters = selected(xml);
	return {
		type: 'press',
		replayKey: `wecom:press:${[user, textIn(xml, 'CreateTime'), value, task].join(':')}`,
		channelUserId: user,
		conversationId: user,
		value,
		...(Object.keys(parameters).length > 0 ? { parameters } : {}),
		// The fresh code is what the card can be changed with, once; `update` takes this document as its ref.
		reply: {
			userid: user,
			...(code ? { response_code: code } : {}),
			...(task ? { task_id: task } : {}),
		},
	};
}

/** `{question: "option,option"}` of what was chosen on the card. */
function selected(xml: Json): Record<string, string> {
	const items = isObject(xml.SelectedItems) ? many(xml.SelectedItems.SelectedItem) : [];
	return Object.fromEntries(
		items.filter(isObject).flatMap((item) => {
			const question = textIn(item, 'QuestionKey');
			const options = isObject(item.OptionIds) ? many(item.OptionIds.OptionId) : [];
			return question ? [[question, options.map(String).join(',')]] : [];
		}),
	);
}

const many = (value: unknown): unknown[] =>
	Array.isArray(value) ? value : value === undefined ? [] : [value];

/** The app's callback address (接收消息): URL check, pressed cards, texts. */
export const inbound: Inbound = { receive, respond };
