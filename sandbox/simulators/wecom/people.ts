import { randomBytes, randomInt } from 'node:crypto';

import { XMLParser } from 'fast-xml-parser';

import type { Callback, Caller, Deed, Proof } from '../two-way.ts';
import { decrypt, encrypt, sign } from './crypto.ts';
import type { Json } from './directory.ts';
import type { SentCard, WeComState } from './state.ts';

const PATIENCE_MS = 5000;
const ECHO_MS = 1000;

const cdata = (text: string): string => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
const tag = (name: string, value: string | number): string =>
	`<${name}>${typeof value === 'number' ? value : cdata(value)}</${name}>`;
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

const parser = new XMLParser({ processEntities: false, parseTagValue: false });
const xmlOf = (text: string): Json =>
	((parser.parse(text) as Json)['xml'] as Json | undefined) ?? {};

function callbackOf(state: WeComState): { token: string; encodingAesKey: string } {
	if (!state.config.callback) throw new Error('the simulator has no callback token and key');
	return state.config.callback;
}

/** Signature, time and nonce of a ciphertext, as the query of the call. */
function signed(state: WeComState, proof: Proof, encrypted: string): Record<string, string> {
	const timestamp = String(Math.floor(proof.now / 1000));
	const nonce = String(randomInt(1e9));
	const token = proof.secret(callbackOf(state).token);
	return { msg_signature: sign(token, timestamp, nonce, encrypted), timestamp, nonce };
}

async function send(state: WeComState, caller: Caller, deed: Deed, xml: string): Promise<Callback> {
	const { corpId, agentId } = state.config;
	const encrypted = encrypt(callbackOf(state).encodingAesKey, xml, corpId);
	const body = `<xml>${tag('ToUserName', corpId)}${tag('AgentID', String(agentId))}${tag('Encrypt', encrypted)}</xml>`;
	return caller.call(deed, (proof) => ({
		query: signed(state, proof, encrypted),
		headers: { 'content-type': 'text/xml' },
		body,
		timeoutMs: PATIENCE_MS,
		retryHeaders: () => ({}),
		accepts: (status, answer) => status === 200 && isReply(state, answer),
	}));
}

/** Empty, or a passive reply that WeCom can read. */
function isReply(state: WeComState, answer: string): boolean {
	if (answer === '' || answer === 'success') return true;
	try {
		return passiveReply(state, answer) !== undefined;
	} catch {
		return false;
	}
}

function passiveReply(state: WeComState, answer: string): Json | undefined {
	const outer = xmlOf(answer);
	const { token, encodingAesKey } = callbackOf(state);
	const [encrypted, timestamp, nonce] = ['Encrypt', 'TimeStamp', 'Nonce'].map((name) =>
		String(outer[name] ?? ''),
	);
	if (sign(token, timestamp!, nonce!, encrypted!) !== outer['MsgSignature']) return undefined;
	return xmlOf(decrypt(encodingAesKey, encrypted!, state.config.corpId));
}

const common = (state: WeComState, user: string, type: string): string =>
	tag('ToUserName', state.config.corpId) +
	tag('FromUserName', user) +
	tag('CreateTime', Math.floor(state.now() / 1000)) +
	tag('MsgType', type);

interface Pressable {
	key: string;
	text: string;
	event: string;
}

function pressables(sent: SentCard): Pressable[] {
	if (sent.greyed) return [];
	const card = sent.body['template_card'] as Json;
	const menu = list((card['action_menu'] as Json | undefined)?.['action_list']);
	const as = (event: string) => (one: Json) => ({
		key: String(one['key']),
		text: String(one['text']),
		event,
	});
	return [
		...list(card['button_list'])
			.filter((button) => button['type'] !== 1)
			.map(as('template_card_event')),
		...menu.map(as('template_card_menu_event')),
	];
}

/** A press on a card that is there; it brings a fresh response_code. */
export async function press(
	state: WeComState,
	caller: Caller,
	messageId: string,
	button: number | string,
	user?: string,
): Promise<Callback> {
	const sent = state.sent.get(messageId);
	if (sent === undefined) throw new Error(`no card with buttons: ${messageId}`);
	const reader = sent.users.find((one) => one === (user ?? sent.users[0]));
	if (reader === undefined) throw new Error(`${user} has not received this card`);
	const all = pressables(sent);
	const found =
		typeof button === 'number'
			? all[button]
			: all.find(({ key, text }) => [key, text].includes(button));
	if (found === undefined) throw new Error(`no such button: ${button}`);
	const card = sent.body['template_card'] as Json;
	const xml = `<xml>${common(state, reader, 'event')}${tag('Event', found.event)}${tag('EventKey', found.key)}${tag('TaskId', String(card['task_id']))}${tag('CardType', String(card['card_type']))}${tag('ResponseCode', state.responseCode(messageId))}${tag('AgentID', state.config.agentId)}</xml>`;
	const done = await send(state, caller, { user: reader, said: found.text, messageId }, xml);
	if (done.ok && done.answer.startsWith('<'))
		show(state, sent, reader, passiveReply(state, done.answer));
	return done;
}

/** A passive reply changes the card for the one who pressed. */
function show(state: WeComState, sent: SentCard, user: string, reply: Json | undefined): void {
	const name = ((reply?.['Button'] ?? {}) as Json)['ReplaceName'];
	if (reply?.['MsgType'] !== 'update_button' || typeof name !== 'string') return;
	sent.greyed = true;
	state.record('update', sent.msgid, [user], { ...sent.body, button: { replace_name: name } });
}

/** A text to the app. */
export async function say(
	state: WeComState,
	caller: Caller,
	user: string,
	text: string,
): Promise<Callback> {
	const known = state.config.users.find(({ userid }) => userid === user);
	if (known === undefined) throw new Error(`no such member: ${user}`);
	const id = String(randomBytes(6).readUIntBE(0, 6));
	return send(
		state,
		caller,
		{ user, said: text },
		`<xml>${common(state, user, 'text')}${tag('Content', text)}${tag('MsgId', id)}${tag('AgentID', state.config.agentId)}</xml>`,
	);
}

/** What WeCom does when the callback settings are saved: it wants the echo within a second, exactly. */
export async function checkUrl(state: WeComState, caller: Caller): Promise<Callback> {
	const echo = randomBytes(9).toString('hex');
	const echostr = encrypt(callbackOf(state).encodingAesKey, echo, state.config.corpId);
	return caller.call(undefined, (proof) => ({
		method: 'GET',
		query: { ...signed(state, proof, echostr), echostr },
		timeoutMs: ECHO_MS,
		accepts: (status, answer) => status === 200 && answer === echo,
	}));
}
