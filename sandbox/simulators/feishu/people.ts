import { randomBytes } from 'node:crypto';

import type { Callback, Caller, Deed } from '../two-way.ts';
import { eventOf, idsOf, signedCall } from './callback.ts';
import { isObject } from './directory.ts';
import type { FeishuUser, Json } from './directory.ts';
import { received } from './messages.ts';
import type { FeishuState } from './messages.ts';
import { elementsOf, inputIn, labelOf, valueOf } from './rendered.ts';

/** Feishu waits three seconds. */
const PATIENCE_MS = 3000;
const TENANT = 'sandbox_tenant';

function userOf({ config }: FeishuState, id: string | undefined): FeishuUser {
	const found = config.users.find(({ open_id, email }) => open_id === id || email === id);
	if (!found) throw new Error(`Feishu knows no user ${id ?? '(none)'}`);
	return found;
}

/** Events that are answered with anything but 200 come again; a pressed card does not. */
function tell(
	state: FeishuState,
	caller: Caller,
	deed: Deed | undefined,
	type: string,
	event: Json,
): Promise<Callback> {
	if (state.stream.connections() > 0) return overStream(state, caller, deed, type, event);
	const { callback } = state.config;
	if (!callback) throw new Error('the simulator has no callback token and key');
	return caller.call(deed, (proof) => ({
		...signedCall(eventOf(state.config, type, event, proof), callback, proof),
		timeoutMs: PATIENCE_MS,
		accepts: (status) => status === 200,
		...(type === 'card.action.trigger' ? {} : { retryHeaders: () => ({}) }),
	}));
}

/** Over a connection that a client holds: neither signed nor encrypted. */
async function overStream(
	state: FeishuState,
	caller: Caller,
	deed: Deed | undefined,
	type: string,
	event: Json,
): Promise<Callback> {
	const started = Date.now();
	const sent = eventOf(state.config, type, event, { now: state.now(), secret: (text) => text });
	const { acks } = await state.stream.push(sent);
	const last = acks.at(-1);
	const done: Callback = {
		...{ url: `stream:${type}`, method: 'FRAME', headers: {}, body: JSON.stringify(sent) },
		...{ status: last?.code ?? 0, statuses: acks.map((ack) => ack?.code ?? 0) },
		...{ answer: Buffer.from(last?.data ?? '', 'base64').toString('utf8'), ok: last?.code === 200 },
		...{ attempts: acks.length, ms: Date.now() - started },
	};
	caller.keep(deed, done);
	return done;
}

/** Presses a button of a sent card; `text` goes into the input of its form. */
export async function press(
	state: FeishuState,
	caller: Caller,
	messageId: string,
	which: number | string,
	who?: string,
	text?: string,
): Promise<Callback> {
	const message = state.sent.get(messageId);
	if (message?.type !== 'interactive') throw new Error(`no card ${messageId}`);
	const user = userOf(state, who ?? message.to);
	const all = [...elementsOf(message.content)];
	const buttons = all.filter((one) => one['tag'] === 'button');
	const button =
		typeof which === 'number' ? buttons[which] : buttons.find((one) => isMeant(one, which));
	const value = button && valueOf(button);
	if (!button || value === undefined) throw new Error('no such button, or it opens a page');
	const form = all.find(
		(one) => one['tag'] === 'form' && [...elementsOf(one['elements'])].includes(button),
	);
	const input = form && inputIn(form);
	if (text !== undefined && input === undefined) throw new Error('the button takes no text');
	const typed = input === undefined || text === undefined ? {} : { [input]: text };
	const event = {
		operator: { tenant_key: TENANT, ...idsOf(user) },
		token: `c-${randomBytes(20).toString('hex')}`,
		action: {
			tag: 'button',
			value,
			timezone: 'Asia/Shanghai',
			...(button['name'] ? { name: button['name'] } : {}),
			...(button['form_action_type'] === 'submit' ? { form_value: typed } : {}),
		},
		host: 'im_message',
		context: { open_message_id: message.id, open_chat_id: message.chatId },
	};
	const deed = { user: user.open_id, said: labelOf(button), messageId };
	return await tell(state, caller, deed, 'card.action.trigger', event);
}

const isMeant = (button: Json, which: string): boolean => {
	const value = valueOf(button);
	return (
		value === which || labelOf(button) === which || (isObject(value) && value['token'] === which)
	);
};

/** A person writes to the bot, perhaps below one of its messages. */
export async function say(
	state: FeishuState,
	caller: Caller,
	who: string,
	text: string,
	messageId?: string,
	mentions: Json[] = [],
): Promise<Callback> {
	const user = userOf(state, who);
	const answered = messageId === undefined ? undefined : state.sent.get(messageId);
	if (messageId !== undefined && !answered) throw new Error(`no such message: ${messageId}`);
	const message = received(state, user, text, answered);
	const event = {
		sender: { sender_id: idsOf(user), sender_type: 'user', tenant_key: TENANT },
		message: {
			message_id: message.id,
			...(message.replyTo ? { root_id: message.replyTo, parent_id: message.replyTo } : {}),
			create_time: String(message.at),
			chat_id: message.chatId,
			chat_type: 'p2p',
			message_type: 'text',
			content: JSON.stringify({ text }),
			...(mentions.length > 0 ? { mentions } : {}),
		},
	};
	const deed = { user: user.open_id, said: text, messageId };
	return await tell(state, caller, deed, 'im.message.receive_v1', event);
}

/** A person has read a message. */
export async function read(
	state: FeishuState,
	caller: Caller,
	messageId: string,
	who: string,
): Promise<Callback> {
	const event = {
		reader: {
			reader_id: idsOf(userOf(state, who)),
			read_time: String(state.now()),
			tenant_key: TENANT,
		},
		message_id_list: [messageId],
	};
	return await tell(state, caller, undefined, 'im.message.message_read_v1', event);
}

/** What the console asks when the address is saved: encrypted where there is a key, never signed. */
export async function verifyUrl(
	{ config }: FeishuState,
	caller: Caller,
	challenge = randomBytes(12).toString('hex'),
): Promise<Callback> {
	const { callback } = config;
	if (!callback) throw new Error('the simulator has no callback token and key');
	const event = { challenge, token: callback.verificationToken, type: 'url_verification' };
	return await caller.call(undefined, (proof) => ({
		...signedCall(event, callback, proof),
		timeoutMs: PATIENCE_MS,
		accepts: (status, answer) => status === 200 && answer.includes(challenge),
	}));
}
