import { createHmac, randomBytes } from 'node:crypto';

import type { Callback, Caller, Proof } from '../two-way.ts';
import { directId } from './directory.ts';
import type { SlackConfig } from './directory.ts';
import type { Posted } from './methods.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Json } from './schema.ts';

/** Slack waits three seconds for any answer. */
const PATIENCE_MS = 3000;
const FORM = 'application/x-www-form-urlencoded';

const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const id = (prefix: string): string => prefix + randomBytes(5).toString('hex').toUpperCase();

interface Parts {
	config: SlackConfig;
	posted: Map<string, Posted>;
	urls: ResponseUrls;
	caller: Caller;
	nextTs(): string;
}

/** Signed as Slack signs: HMAC over the bytes that go out. */
function signed(
	config: SlackConfig,
	{ now, secret }: Proof,
	type: string,
	body: string,
): Record<string, string> {
	if (!config.signingSecret) throw new Error('the simulator has no signing secret');
	const timestamp = String(Math.floor(now / 1000));
	const mac = createHmac('sha256', secret(config.signingSecret)).update(`v0:${timestamp}:${body}`);
	return {
		'content-type': type,
		'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
		'x-slack-request-timestamp': timestamp,
		'x-slack-signature': `v0=${mac.digest('hex')}`,
	};
}

const team = (config: SlackConfig): { id: string; name: string } =>
	config.team ?? { id: 'T0SANDBOX', name: 'Sandbox' };

function person(config: SlackConfig, user: string | undefined): { id: string; name: string } {
	const found = config.users.find((entry) => entry.id === user && !entry.deleted);
	if (found === undefined) throw new Error(`no such person: ${user ?? '(none)'}`);
	return { id: found.id, name: found.name ?? found.id };
}

interface Pressable {
	block: Json;
	element: Json;
}

function pressables(message: Json): Pressable[] {
	return list(message['blocks']).flatMap((block) =>
		[...list(block['elements']), ...(block['accessory'] ? [block['accessory'] as Json] : [])]
			.filter((element) => element['type'] === 'button')
			.map((element) => ({ block, element })),
	);
}

function find(message: Json, wanted: number | string): Pressable {
	const all = pressables(message);
	const found =
		typeof wanted === 'number'
			? all[wanted]
			: all.find(({ element }) =>
					[element['value'], element['action_id'], (element['text'] as Json)['text']].includes(
						wanted,
					),
				);
	if (found === undefined) throw new Error(`no such button: ${wanted}`);
	return found;
}

/** The inputs of a message as they stand when it is pressed: `text` in the button's own, else in the first. */
function stateOf(message: Json, actionId: unknown, text: string | undefined): Json {
	const inputs = list(message['blocks']).filter((block) => block['type'] === 'input');
	const own =
		inputs.find((block) => block['block_id'] === `input:${String(actionId)}`) ?? inputs[0];
	const values = inputs.map((block, index) => {
		const element = block['element'] as Json;
		const value = block === own && text !== undefined ? text : null;
		return [
			String(block['block_id'] ?? `b${index}`),
			{ [String(element['action_id'])]: { type: 'plain_text_input', value } },
		];
	});
	return { values: Object.fromEntries(values) };
}

/** A block_actions payload for a message that is there. */
export async function press(
	parts: Parts,
	messageId: string,
	button: number | string,
	user?: string,
	text?: string,
): Promise<Callback> {
	const { config, posted, caller, urls } = parts;
	const found = posted.get(messageId);
	if (found === undefined) throw new Error(`no such message: ${messageId}`);
	const { id: userId, name } = person(config, user ?? found.to);
	const { block, element } = find(found.message, button);
	const { id: teamId, name: domain } = team(config);
	const payload = {
		type: 'block_actions',
		user: { id: userId, username: name, name, team_id: teamId },
		api_app_id: 'A0SANDBOX',
		token: 'deprecated',
		container: {
			type: 'message',
			message_ts: found.ts,
			channel_id: found.channel,
			is_ephemeral: false,
		},
		trigger_id: `${Date.now()}.${randomBytes(6).toString('hex')}`,
		team: { id: teamId, domain: domain.toLowerCase() },
		enterprise: null,
		is_enterprise_install: false,
		channel: { id: found.channel, name: 'directmessage' },
		message: { ...found.message, bot_id: 'B0BOT', ts: found.ts },
		state: stateOf(found.message, element['action_id'], text),
		response_url: urls.issue('actions', found, userId),
		actions: [
			{
				action_id: element['action_id'],
				block_id: block['block_id'] ?? 'b0',
				text: element['text'],
				...(element['value'] === undefined ? {} : { value: element['value'] }),
				...(element['style'] === undefined ? {} : { style: element['style'] }),
				type: 'button',
				action_ts: parts.nextTs(),
			},
		],
	};
	const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
	const deed = { user: userId, said: String((element['text'] as Json)['text']), messageId };
	return caller.call(deed, (proof) => ({
		headers: signed(config, proof, FORM, body),
		body,
		timeoutMs: PATIENCE_MS,
	}));
}

/** `/command words` as a slash command, everything else as a direct message to the app, perhaps in a message's thread. */
export async function say(
	parts: Parts,
	user: string,
	text: string,
	messageId?: string,
): Promise<Callback> {
	const known = person(parts.config, user);
	if (messageId !== undefined && !parts.posted.has(messageId))
		throw new Error(`no such message: ${messageId}`);
	return text.startsWith('/')
		? command(parts, known, text)
		: message(parts, known, text, messageId);
}

function command(
	{ config, caller, urls }: Parts,
	user: { id: string; name: string },
	text: string,
): Promise<Callback> {
	const [name, ...words] = text.split(' ');
	const channel = directId(user.id);
	const { id: teamId, name: domain } = team(config);
	const body = new URLSearchParams({
		token: 'deprecated',
		team_id: teamId,
		team_domain: domain.toLowerCase(),
		channel_id: channel,
		channel_name: 'directmessage',
		user_id: user.id,
		user_name: user.name,
		command: name!,
		text: words.join(' '),
		api_app_id: 'A0SANDBOX',
		is_enterprise_install: 'false',
		response_url: urls.issue('commands', { channel, to: user.id }, user.id),
		trigger_id: `${Date.now()}.${randomBytes(6).toString('hex')}`,
	}).toString();
	return caller.call({ user: user.id, said: text }, (proof) => ({
		headers: signed(config, proof, FORM, body),
		body,
		timeoutMs: PATIENCE_MS,
	}));
}

const escaped = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

async function message(
	{ config, caller, nextTs, posted }: Parts,
	user: { id: string },
	text: string,
	messageId: string | undefined,
): Promise<Callback> {
	const ts = nextTs();
	const thread = messageId === undefined ? {} : { thread_ts: posted.get(messageId)?.ts };
	const event = {
		type: 'message',
		channel: directId(user.id),
		channel_type: 'im',
		user: user.id,
		text: escaped(text),
		ts,
		event_ts: ts,
		...thread,
		client_msg_id: id('m'),
		team: team(config).id,
	};
	const body = JSON.stringify({
		token: 'deprecated',
		team_id: team(config).id,
		api_app_id: 'A0SANDBOX',
		event,
		type: 'event_callback',
		event_id: id('Ev'),
		event_time: Math.floor(Date.now() / 1000),
		authorizations: [
			{ team_id: team(config).id, user_id: config.bot?.userId ?? 'U0BOT', is_bot: true },
		],
	});
	return caller.call({ user: user.id, said: text, messageId }, (proof) => ({
		headers: signed(config, proof, 'application/json', body),
		body,
		timeoutMs: PATIENCE_MS,
		retryHeaders: (attempt) => ({
			'x-slack-retry-num': String(attempt),
			'x-slack-retry-reason': 'http_error',
		}),
	}));
}
