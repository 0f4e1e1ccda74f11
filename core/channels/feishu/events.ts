import type { InboundCall } from '../inbound';
import { isObject, textIn, type Json } from '../text';
import { plainName } from './buttons';
import { parseObject } from './proof';

const object = (value: unknown): Json => (isObject(value) ? value : {});

/** A person's ids, the open_id first: it is the address that messages go to. */
function idsOf(value: unknown): { channelUserId: string; channelUserIds?: string[] } | undefined {
	const ids = object(value);
	const known = ['open_id', 'union_id', 'user_id']
		.map((name) => textIn(ids, name))
		.filter((id) => id !== undefined);
	if (known.length === 0) return undefined;
	const [channelUserId, ...more] = known;
	return { channelUserId, ...(more.length > 0 ? { channelUserIds: more } : {}) };
}

/** Ids of a message and its chat, as far as they are there. */
function replyTo(messageId: string | undefined, chatId: string | undefined): Json {
	return {
		...(messageId ? { message_id: messageId } : {}),
		...(chatId ? { chat_id: chatId } : {}),
	};
}

/** `card.action.trigger`: a pressed button, with what was typed beside it. */
export function press(event: Json, id: string): InboundCall[] {
	const who = idsOf(event.operator);
	const action = object(event.action);
	const value = valueOf(action.value);
	if (!who || !value) return [];
	const context = object(event.context);
	const message = textIn(context, 'open_message_id');
	const chat = textIn(context, 'open_chat_id');
	const parameters = parametersOf(action);
	return [
		{
			type: 'press',
			replayKey: id,
			...who,
			...(chat ? { conversationId: chat } : {}),
			...(message ? { providerMessageId: message } : {}),
			...(Object.keys(parameters).length > 0 ? { parameters } : {}),
			value,
			reply: replyTo(message, chat),
		},
	];
}

/** We send `{token}`; a card of one's own may carry a text. */
function valueOf(value: unknown): string | undefined {
	if (typeof value === 'string') return value.trim() || undefined;
	return textIn(object(value), 'token');
}

function parametersOf(action: Json): Record<string, string> {
	const found: Array<[string, unknown]> = [];
	const name = plainName(textIn(action, 'name') ?? '') || 'comment';
	if (action.input_value !== undefined) found.push([name, action.input_value]);
	if (action.option !== undefined) found.push(['option', action.option]);
	for (const [key, value] of Object.entries(object(action.form_value)))
		found.push([plainName(key), value]);
	return Object.fromEntries(
		found.flatMap(([key, value]) => {
			const text = Array.isArray(value)
				? value.filter((one) => typeof one === 'string').join(',')
				: textIn({ value }, 'value');
			return text ? [[key, text]] : [];
		}),
	);
}

/** `im.message.receive_v1`: what a person wrote to the bot. */
export function reply(event: Json, id: string): InboundCall[] {
	const sender = object(event.sender);
	const message = object(event.message);
	const who = idsOf(sender.sender_id);
	const type = textIn(message, 'message_type');
	// Other bots' messages, our own among them, are nobody's commands.
	if (!who || (sender.sender_type !== undefined && sender.sender_type !== 'user')) return [];
	const content = parseObject(textIn(message, 'content') ?? '');
	const written = content && (type === 'text' ? textIn(content, 'text') : postText(type, content));
	const text = withoutBot(written ?? '', message.mentions);
	if (!text) return [];
	const messageId = textIn(message, 'message_id');
	const chat = textIn(message, 'chat_id');
	const answered = textIn(message, 'parent_id', 'root_id');
	return [
		{
			type: 'text',
			replayKey: id,
			...who,
			...(chat ? { conversationId: chat } : {}),
			...(answered ? { inReplyTo: answered } : {}),
			text,
			reply: replyTo(messageId, chat),
		},
	];
}

/** The words of a rich text, line by line. */
function postText(type: string | undefined, content: Json): string | undefined {
	if (type !== 'post' || !Array.isArray(content.content)) return undefined;
	const lines = content.content.map((line: unknown) =>
		(Array.isArray(line) ? line : [])
			.map((part: unknown) => {
				const { tag, text, user_id: user } = object(part);
				if (tag === 'at') return typeof user === 'string' ? user : '';
				return typeof text === 'string' ? text : '';
			})
			.join(''),
	);
	return [textIn(content, 'title'), ...lines].filter(Boolean).join('\n');
}

/** Mentions stand as `@_user_1` in the text: people keep their name, the bot and everybody go. */
function withoutBot(text: string, mentions: unknown): string {
	const names = new Map<string, string>();
	for (const one of Array.isArray(mentions) ? mentions.map(object) : []) {
		const key = textIn(one, 'key');
		const name = textIn(one, 'name');
		if (key && name && one.mentioned_type === 'user') names.set(key, `@${name}`);
	}
	return text
		.replace(/@_(?:user_\d+|all)\b/g, (key) => names.get(key) ?? '')
		.replace(/[ \t\u00a0]+/g, ' ')
		.trim();
}

/** `im.message.message_read_v1`: the bot's messages that a person has read. */
export function read(event: Json, id: string): InboundCall[] {
	const recipient = idsOf(object(event.reader).reader_id)?.channelUserId;
	const list: unknown[] = Array.isArray(event.message_id_list) ? event.message_id_list : [];
	return list
		.filter((message): message is string => typeof message === 'string' && message !== '')
		.map((providerMessageId) => ({
			type: 'status',
			replayKey: `${id}:${providerMessageId}`,
			providerMessageId,
			...(recipient ? { recipient } : {}),
			status: 'read',
		}));
}
