import type { InboundCall, PressCall, TextCall } from '../inbound';
import { isObject, textIn, type Json } from '../text';
import { readable } from './escape';
import { INPUT_BLOCK } from './limits';

const object = (value: unknown): Json => (isObject(value) ? value : {});
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The typed or chosen value of an input element. */
function stateValue(value: unknown): string | undefined {
	const given = object(value);
	const picked = textIn(object(given.selected_option), 'value');
	return (
		textIn(given, 'value', 'selected_date', 'selected_time', 'selected_user') ??
		picked ??
		(list(given.selected_options)
			.map((one) => textIn(one, 'value'))
			.filter(Boolean)
			.join(',') ||
			undefined)
	);
}

/** `{input's action_id: value}` of a state; inputs that belong to other buttons are left out. */
function parametersOf(state: unknown, pressed?: string): Record<string, string> {
	const found: Array<[string, string]> = [];
	for (const [blockId, inputs] of Object.entries(object(object(state).values))) {
		const isOurs = blockId.startsWith(INPUT_BLOCK);
		if (isOurs && pressed !== undefined && blockId !== INPUT_BLOCK + pressed) continue;
		for (const [name, value] of Object.entries(object(inputs))) {
			const text = stateValue(value);
			if (text !== undefined) found.push([name, text]);
		}
	}
	return Object.fromEntries(found);
}

const withParameters = (parameters: Record<string, string>): Pick<PressCall, 'parameters'> =>
	Object.keys(parameters).length > 0 ? { parameters } : {};

/** block_actions and view_submission; shortcuts and whatever else there is concern nobody here. */
export function interactionCalls(payload: Json, now: Date): InboundCall[] {
	const user = textIn(object(payload.user), 'id');
	if (!user) return [];
	if (payload.type === 'view_submission') return viewCall(payload, user, now);
	if (payload.type !== 'block_actions') return [];
	const container = object(payload.container);
	const channel =
		textIn(container, 'channel_id') ?? textIn(object(payload.channel), 'id') ?? undefined;
	const ts = textIn(container, 'message_ts');
	const thread = textIn(container, 'thread_ts');
	const responseUrl = textIn(payload, 'response_url');
	return list(payload.actions).flatMap((action): PressCall[] => {
		const value = textIn(action, 'value') ?? textIn(object(action.selected_option), 'value');
		if (!value) return [];
		const at = textIn(action, 'action_ts') ?? textIn(payload, 'trigger_id') ?? '';
		return [
			{
				type: 'press',
				replayKey: `slack:press:${ts ?? ''}:${at}:${user}`,
				channelUserId: user,
				...(channel ? { conversationId: channel } : {}),
				value,
				...withParameters(parametersOf(payload.state, textIn(action, 'action_id') ?? '')),
				...(channel && ts ? { providerMessageId: `${channel}:${ts}` } : {}),
				reply: {
					user,
					...(channel ? { channel } : {}),
					...(thread ? { thread_ts: thread } : {}),
					...(responseUrl ? { response_url: responseUrl, until: until(now) } : {}),
				},
			},
		];
	});
}

/** A modal whose `private_metadata` is the token of the button that opened it. */
function viewCall(payload: Json, user: string, now: Date): PressCall[] {
	const view = object(payload.view);
	const value = textIn(view, 'private_metadata');
	const id = textIn(view, 'id');
	if (!value || !id) return [];
	const [target] = list(payload.response_urls);
	const responseUrl = target && textIn(target, 'response_url');
	return [
		{
			type: 'press',
			// One view is submitted once; its hash changes with every change of it.
			replayKey: `slack:view:${id}:${textIn(view, 'hash') ?? ''}:${user}`,
			channelUserId: user,
			value,
			...withParameters(parametersOf(view.state)),
			reply: { user, ...(responseUrl ? { response_url: responseUrl, until: until(now) } : {}) },
		},
	];
}

const RESPONSE_URL_MS = 30 * 60_000;
const until = (now: Date): string => new Date(now.getTime() + RESPONSE_URL_MS).toISOString();

/** `/itsm ack 42` is the text `ack 42`; a bare command asks for help. */
export function commandCall(form: URLSearchParams, now: Date): TextCall | undefined {
	const user = form.get('user_id');
	const trigger = form.get('trigger_id');
	if (!user || !trigger || !form.get('command')) return undefined;
	const channel = form.get('channel_id');
	const responseUrl = form.get('response_url');
	return {
		type: 'text',
		replayKey: `slack:command:${trigger}`,
		channelUserId: user,
		...(channel ? { conversationId: channel } : {}),
		text: readable(form.get('text') ?? '').trim() || 'help',
		reply: {
			user,
			...(channel ? { channel } : {}),
			...(responseUrl ? { response_url: responseUrl, until: until(now) } : {}),
		},
	};
}

/** A person's direct message to the app, or a mention of it. Bots, edits and joins are nobody's words. */
export function eventCalls(body: Json): InboundCall[] {
	const event = object(body.event);
	const user = textIn(event, 'user');
	const channel = textIn(event, 'channel');
	const ts = textIn(event, 'ts');
	const id = textIn(body, 'event_id');
	const isDirect = event.type === 'message' && event.channel_type === 'im';
	const isHuman =
		event.bot_id === undefined && event.subtype === undefined && event.hidden !== true;
	if (body.type !== 'event_callback' || !(isDirect || event.type === 'app_mention')) return [];
	if (!isHuman || !user || !channel || !ts || !id) return [];
	const bots = list(body.authorizations).flatMap((one) => textIn(one, 'user_id') ?? []);
	if (bots.includes(user)) return [];
	const text = readable(withoutMention(textIn(event, 'text') ?? '', bots)).trim();
	if (!text) return [];
	const thread = textIn(event, 'thread_ts');
	return [
		{
			type: 'text',
			replayKey: `slack:event:${id}`,
			channelUserId: user,
			conversationId: channel,
			text,
			...(thread && thread !== ts ? { inReplyTo: `${channel}:${thread}` } : {}),
			reply: { user, channel, ...(isDirect ? { direct: true, thread_ts: thread ?? ts } : {}) },
		},
	];
}

/** Without mentions of the app; where its id is not said, without the one at the beginning. */
const withoutMention = (text: string, bots: string[]): string =>
	bots.length > 0
		? text.replace(/<@([A-Z0-9]+)(?:\|[^<>]*)?>/g, (all, id: string) =>
				bots.includes(id) ? ' ' : all,
			)
		: text.replace(/^\s*<@[A-Z0-9]+(?:\|[^<>]*)?>/, '');
