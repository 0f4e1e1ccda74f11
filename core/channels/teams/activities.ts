import type { InboundCall } from '../inbound';
import { isObject, textIn, type Json } from '../text';
import { messageId } from './outcome';

const object = (value: unknown): Json => (isObject(value) ? value : {});
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object) : []);

interface Frame {
	replayKey: string;
	channelUserId: string;
	channelUserIds?: string[];
	conversationId: string;
	reply: Json;
}

/** Who, where and how to answer; undefined where the activity lacks an id. `trusted` tells that serviceUrl was verified. */
function frameOf(activity: Json, trusted: boolean): Frame | undefined {
	const from = object(activity.from);
	const conversationId = textIn(object(activity.conversation), 'id');
	const id = textIn(activity, 'id');
	const ids = ['aadObjectId', 'id']
		.map((name) => textIn(from, name))
		.filter((one) => one !== undefined);
	if (!conversationId || !id || ids.length === 0) return undefined;
	const serviceUrl = textIn(activity, 'serviceUrl');
	const isInvoke = activity.type === 'invoke';
	const below = isInvoke ? textIn(activity, 'replyToId') : id;
	return {
		replayKey: `${conversationId}:${id}`,
		channelUserId: ids[0],
		...(ids.length > 1 ? { channelUserIds: ids.slice(1) } : {}),
		conversationId,
		reply:
			trusted && serviceUrl
				? { serviceUrl, conversationId, ...(below ? { activityId: below } : {}) }
				: {},
	};
}

/** A pressed button: our token in its data, whatever was typed beside it. */
function press(activity: Json, frame: Frame, data: Json): InboundCall[] {
	const value = textIn(data, 'token');
	if (!value) return [];
	const parameters = Object.fromEntries(
		Object.entries(data).flatMap(([name]) => {
			const text = name === 'token' ? undefined : textIn(data, name);
			return text ? [[name, text]] : [];
		}),
	);
	const card = textIn(activity, 'replyToId');
	return [
		{
			type: 'press',
			...frame,
			value,
			...(Object.keys(parameters).length > 0 ? { parameters } : {}),
			...(card ? { providerMessageId: messageId(frame.conversationId, card) } : {}),
		},
	];
}

/** `invoke` of an Action.Execute. */
export function executed(activity: Json): InboundCall[] {
	const frame = frameOf(activity, true);
	const data = object(object(object(activity.value).action).data);
	return frame ? press(activity, frame, data) : [];
}

/** A message: the data of an Action.Submit, or words. */
export function message(activity: Json, trusted = true): InboundCall[] {
	const frame = frameOf(activity, trusted);
	if (!frame) return [];
	if (isObject(activity.value)) {
		const pressed = press(activity, frame, activity.value);
		if (pressed.length > 0) return pressed;
	}
	const text = withoutBot(activity);
	if (!text) return [];
	const root = /;messageid=([^;]+)/.exec(frame.conversationId)?.[1];
	const answered = textIn(activity, 'replyToId') ?? root;
	return [
		{
			type: 'text',
			...frame,
			text,
			...(answered ? { inReplyTo: messageId(frame.conversationId, answered) } : {}),
		},
	];
}

/** Mentions stand as `<at>Name</at>`: people keep their name, the bot goes. */
function withoutBot(activity: Json): string {
	const bot = textIn(object(activity.recipient), 'id');
	let text = typeof activity.text === 'string' ? activity.text : '';
	for (const { type, text: shown, mentioned } of list(activity.entities)) {
		const { id, name } = object(mentioned);
		if (type !== 'mention' || typeof shown !== 'string' || !shown || id === bot) continue;
		text = text.replaceAll(shown, () => `@${typeof name === 'string' ? name : ''}`);
	}
	return text
		.replace(/<at\b[^>]{0,200}>[^<]{0,200}<\/at>/gi, ' ')
		.replace(/&nbsp;|\u00a0/g, ' ')
		.replace(/[ \t]+/g, ' ')
		.trim();
}

/** The bot was added or removed: from now on this chat can, or can no longer, be written to. */
export function installed(activity: Json): InboundCall[] {
	const conversation = object(activity.conversation);
	const conversationId = textIn(conversation, 'id');
	const serviceUrl = textIn(activity, 'serviceUrl');
	const id = textIn(activity, 'id') ?? textIn(activity, 'timestamp');
	const bot = textIn(object(activity.recipient), 'id');
	if (!conversationId || !serviceUrl || !id) return [];
	const has = (members: unknown): boolean => list(members).some((one) => one.id === bot);
	const action = textIn(activity, 'action') ?? '';
	const isAdded =
		activity.type === 'installationUpdate' ? action.startsWith('add') : has(activity.membersAdded);
	const isGone =
		activity.type === 'installationUpdate'
			? action.startsWith('remove')
			: has(activity.membersRemoved);
	if (!isAdded && !isGone) return [];
	const person = textIn(object(activity.from), 'aadObjectId');
	const isPersonal = textIn(conversation, 'conversationType') === 'personal';
	const tenantId =
		textIn(conversation, 'tenantId') ?? textIn(object(object(activity.channelData).tenant), 'id');
	return [
		{
			type: 'conversation',
			replayKey: `${conversationId}:${id}`,
			keys: [...(isPersonal && person ? [person] : []), conversationId],
			value: isGone ? undefined : { serviceUrl, conversationId, ...(tenantId ? { tenantId } : {}) },
		},
	];
}
