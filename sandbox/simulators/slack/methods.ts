import { DEFAULT_SCOPES, directId, findTarget } from './directory.ts';
import type { SlackConfig, Target } from './directory.ts';
import { contentProblem, MAX_POST_TEXT } from './message.ts';
import type { MessageKind } from '../record.ts';
import type { Json } from './schema.ts';

export interface Posted {
	channel: string;
	ts: string;
	to: string;
	message: Json;
}

export interface SlackState {
	config: SlackConfig;
	/** By `channel:ts`. */
	posted: Map<string, Posted>;
	nextTs(): string;
	/** Wait in ms that the rate limit asks for, 0 where the call may go on. */
	wait(channel: string): number;
	record(kind: MessageKind, posted: Posted, args: Json): void;
}

/** `rateLimitedMs` becomes HTTP 429, everything else is an answer with HTTP 200. */
export type MethodResult = Json & { rateLimitedMs?: number };

const refuse = (error: string, extra: Json = {}): MethodResult => ({ ok: false, error, ...extra });

/** The oldest go first: nobody updates a message after this many newer ones. */
const KEEP = 20_000;

function need(state: SlackState, scope: string): MethodResult | undefined {
	const provided = state.config.scopes ?? DEFAULT_SCOPES;
	if (provided.includes(scope)) return undefined;
	return refuse('missing_scope', { needed: scope, provided: provided.join(',') });
}

function content(args: Json, isUpdate: boolean): MethodResult | undefined {
	const problem = contentProblem(args, isUpdate);
	if (problem === undefined) return undefined;
	const { error, messages } = problem;
	return refuse(error, messages ? { errors: messages, response_metadata: { messages } } : {});
}

function store(state: SlackState, target: Target, args: Json): Posted {
	const { text, blocks, attachments, thread_ts } = args;
	const message: Json = { type: 'message', text: String(text ?? '').slice(0, MAX_POST_TEXT) };
	Object.assign(
		message,
		blocks && { blocks },
		attachments && { attachments },
		thread_ts && { thread_ts },
	);
	const posted = { channel: target.id, ts: state.nextTs(), to: target.to, message };
	message['ts'] = posted.ts;
	state.posted.set(`${posted.channel}:${posted.ts}`, posted);
	if (state.posted.size > KEEP) state.posted.delete(state.posted.keys().next().value!);
	return posted;
}

function postMessage(state: SlackState, args: Json, kind: MessageKind): MethodResult {
	if (typeof args['channel'] !== 'string' || args['channel'] === '')
		return refuse('channel_not_found');
	const target = findTarget(state.config, args['channel']);
	if (typeof target === 'string') return refuse(target);
	if (kind === 'ephemeral') {
		const user = state.config.users.find((entry) => entry.id === args['user']);
		if (user === undefined || user.deleted) return refuse('user_not_in_channel');
		target.to = user.id;
	}
	const problem = content(args, false);
	if (problem) return problem;
	const rateLimitedMs = state.wait(target.id);
	if (rateLimitedMs > 0) return { ...refuse('ratelimited'), rateLimitedMs };
	if (kind === 'ephemeral') {
		const posted = { channel: target.id, ts: state.nextTs(), to: target.to, message: { ...args } };
		state.record(kind, posted, args);
		return { ok: true, message_ts: posted.ts };
	}
	const posted = store(state, target, args);
	state.record(kind, posted, args);
	return { ok: true, channel: posted.channel, ts: posted.ts, message: posted.message };
}

function existing(state: SlackState, args: Json): Posted | MethodResult {
	if (typeof args['channel'] !== 'string') return refuse('channel_not_found');
	const target = findTarget(state.config, args['channel'], true);
	if (typeof target === 'string') return refuse(target);
	return state.posted.get(`${target.id}:${String(args['ts'])}`) ?? refuse('message_not_found');
}

type Method = (state: SlackState, args: Json) => MethodResult;

export const METHODS: Record<string, Method> = {
	'auth.test'(state) {
		const team = state.config.team ?? { id: 'T0SANDBOX', name: 'Sandbox' };
		const bot = state.config.bot ?? { userId: 'U0BOT', botId: 'B0BOT', name: 'itsm-notify' };
		return {
			ok: true,
			url: 'https://sandbox.slack.com/',
			team: team.name,
			team_id: team.id,
			user: bot.name,
			user_id: bot.userId,
			bot_id: bot.botId,
			is_enterprise_install: false,
		};
	},

	'chat.postMessage': (state, args) =>
		need(state, 'chat:write') ?? postMessage(state, args, 'post'),
	'chat.postEphemeral': (state, args) =>
		need(state, 'chat:write') ?? postMessage(state, args, 'ephemeral'),

	'chat.update'(state, args) {
		const denied = need(state, 'chat:write');
		if (denied) return denied;
		const found = existing(state, args);
		if (!('message' in found) || 'ok' in found) return found as MethodResult;
		const posted = found as Posted;
		const problem = content(args, true);
		if (problem) return problem;
		const { text, blocks, attachments } = args;
		// An edit replaces the whole message: blocks that are not sent again are gone.
		posted.message = {
			...posted.message,
			text: text ?? posted.message['text'],
			blocks,
			attachments,
		};
		state.record('update', posted, args);
		return {
			ok: true,
			channel: posted.channel,
			ts: posted.ts,
			text: String(text ?? ''),
			message: posted.message,
		};
	},

	'chat.delete'(state, args) {
		const found = existing(state, args);
		if (!('message' in found) || 'ok' in found) return found as MethodResult;
		const posted = found as Posted;
		state.posted.delete(`${posted.channel}:${posted.ts}`);
		state.record('delete', posted, args);
		return { ok: true, channel: posted.channel, ts: posted.ts };
	},

	'conversations.open'(state, args) {
		const denied = need(state, 'im:write');
		if (denied) return denied;
		const ids = String(args['users'] ?? '')
			.split(',')
			.filter(Boolean);
		if (ids.length === 0) return refuse('users_list_not_supplied');
		const users = ids.map((id) => state.config.users.find((user) => user.id === id));
		if (users.some((user) => user === undefined)) return refuse('user_not_found');
		if (users.some((user) => user?.deleted)) return refuse('user_disabled');
		return { ok: true, no_op: true, already_open: true, channel: { id: directId(ids[0]!) } };
	},

	'users.lookupByEmail'(state, args) {
		const denied = need(state, 'users:read.email');
		if (denied) return denied;
		const email = String(args['email'] ?? '').toLowerCase();
		const user = state.config.users.find((entry) => entry.email?.toLowerCase() === email);
		if (email === '' || user === undefined || user.deleted) return refuse('users_not_found');
		return { ok: true, user: { id: user.id, name: user.name, profile: { email: user.email } } };
	},
};
