import { createFaults } from '../faults.ts';
import type { Fault } from '../faults.ts';
import { startHttp } from '../http.ts';
import type { Answer, Call, Simulator, StartOptions } from '../http.ts';
import { createRate } from '../rate.ts';
import { createCaller } from '../two-way.ts';
import type { Pressable } from '../two-way.ts';
import { DEFAULT_RATE } from './directory.ts';
import type { SlackConfig } from './directory.ts';
import { decodeForm } from './message.ts';
import { METHODS } from './methods.ts';
import type { MethodResult, SlackState } from './methods.ts';
import { press, say } from './people.ts';
import { renderSlack } from './rendered.ts';
import { createResponseUrls } from './response-urls.ts';
import type { Json } from './schema.ts';
import { webhook } from './webhook.ts';

export type { SlackConfig } from './directory.ts';

export type SlackSimulator = Simulator & Pressable;

const isResponseUrl = (call: Call): boolean => /^\/(?:actions|commands)\//.test(call.path);
const isWebhook = (call: Call): boolean => call.path.startsWith('/services/');

/** The arguments, or Slack's error about the body. */
function readArguments(call: Call): Json | string {
	if (call.method === 'GET') return Object.fromEntries(call.query);
	const type = call.headers['content-type'] ?? '';
	if (type.startsWith('application/x-www-form-urlencoded')) {
		return decodeForm(new URLSearchParams(call.text));
	}
	if (call.text === '') return {};
	if (!type.startsWith('application/json')) return 'invalid_post_type';
	try {
		const value = JSON.parse(call.text) as unknown;
		const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
		return isObject ? (value as Json) : 'json_not_object';
	} catch {
		return 'invalid_json';
	}
}

/** A token may stand in the header, or in a form, never in a JSON body. */
function authProblem(config: SlackConfig, call: Call, args: Json | string): string | undefined {
	const header = /^Bearer\s+(.+)$/i.exec(call.headers.authorization ?? '')?.[1];
	const isForm = !call.headers['content-type']?.startsWith('application/json');
	const token =
		header ??
		(isForm && typeof args === 'object' ? (args['token'] as string | undefined) : undefined);
	if (token === undefined || token === '') return 'not_authed';
	return token === config.token ? undefined : 'invalid_auth';
}

/** JSON without a charset is taken, with this warning. */
function warn(call: Call, result: MethodResult): MethodResult {
	const type = call.headers['content-type'] ?? '';
	if (!type.startsWith('application/json') || /charset=utf-8/i.test(type)) return result;
	const metadata = (result['response_metadata'] as Json | undefined) ?? {};
	return {
		...result,
		warning: 'missing_charset',
		response_metadata: { ...metadata, warnings: ['missing_charset'] },
	};
}

function webApi(state: SlackState, call: Call): Answer {
	const method = METHODS[call.path.slice('/api/'.length)];
	const args = readArguments(call);
	const denied = authProblem(state.config, call, args);
	if (method === undefined) return { status: 200, body: { ok: false, error: 'unknown_method' } };
	if (denied) return { status: 200, body: { ok: false, error: denied } };
	if (typeof args === 'string') return { status: 200, body: { ok: false, error: args } };
	const { rateLimitedMs, ...result } = method(state, args);
	if (rateLimitedMs !== undefined) {
		return {
			status: 429,
			headers: { 'retry-after': String(Math.ceil(rateLimitedMs / 1000)) },
			body: result,
		};
	}
	return { status: 200, body: warn(call, result) };
}

function spell(fault: Fault, call: Call): Answer | undefined {
	if (fault.kind === '429') {
		const headers = { 'retry-after': String(Math.max(1, Math.ceil(fault.wait ?? 1))) };
		return {
			status: 429,
			headers,
			body: isWebhook(call) ? 'rate_limited' : { ok: false, error: 'ratelimited' },
		};
	}
	if (fault.kind === '5xx') return { status: fault.status ?? 503, body: 'upstream connect error' };
	if (fault.kind !== 'reject_auth') return undefined;
	return isWebhook(call)
		? { status: 403, body: 'invalid_token' }
		: { status: 200, body: { ok: false, error: 'invalid_auth' } };
}

const parsed = (call: Call): unknown => {
	try {
		return JSON.parse(call.text) as unknown;
	} catch {
		return call.text;
	}
};

/** Slack's Web API and incoming webhooks, and its people, who press and write. */
export async function startSlack(options: StartOptions<SlackConfig>): Promise<SlackSimulator> {
	const { recorder, config } = options;
	const rate = createRate(config.rate === undefined ? DEFAULT_RATE : config.rate);
	let counter = 0;

	const state: SlackState = {
		config,
		posted: new Map(),
		nextTs: () =>
			`${Math.floor(Date.now() / 1000)}.${String((counter += 1) % 1_000_000).padStart(6, '0')}`,
		wait: (channel) => rate.take(channel),
		record(kind, posted, args) {
			recorder.message({
				channel: 'slack',
				kind,
				ref: `${posted.channel}:${posted.ts}`,
				to: [posted.to],
				sender: config.bot?.name ?? 'itsm-notify',
				payload: args,
				rendered: recorder.countOnly ? { text: '' } : renderSlack(args),
				raw: args,
			});
		},
	};

	function refuse(call: Call, status: number, code: string, why = code): void {
		const raw = parsed(call);
		const to = (raw as Json | null)?.['channel'] ?? config.webhooks?.[call.path];
		const known = typeof to === 'string' ? [to] : undefined;
		recorder.refusal({
			channel: 'slack',
			status,
			code,
			why: `${call.path}: ${why}`,
			to: known,
			raw,
		});
	}

	function refused(call: Call, answer: Answer): void {
		const body = answer.body as Json | string;
		if (typeof body === 'string') return refuse(call, answer.status, body);
		const messages = body['errors'] as string[] | undefined;
		refuse(call, answer.status, String(body['error']), messages?.join('; '));
	}

	function note(call: Call, answer: Answer): Answer {
		const isOk = isWebhook(call) ? answer.status === 200 : (answer.body as Json)?.['ok'] === true;
		if (!isOk) refused(call, answer);
		return answer;
	}

	const faults = createFaults();
	const caller = createCaller({ channel: 'slack', recorder, faults, now: config.now });
	let base = '';
	const urls = createResponseUrls({
		base: () => base,
		posted: state.posted,
		nextTs: state.nextTs,
		now: config.now ?? Date.now,
		record: state.record,
	});
	const people = { config, posted: state.posted, urls, caller, nextTs: state.nextTs };

	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
		faults,
		handle(call) {
			if (isWebhook(call)) return note(call, webhook(state, call));
			if (isResponseUrl(call)) return note(call, urls.handle(call));
			if (call.path.startsWith('/api/')) return note(call, webApi(state, call));
			return { status: 404, body: 'not found' };
		},
		spell(fault, call) {
			const answer = spell(fault, call);
			if (answer) refused(call, answer);
			return answer;
		},
		lost: (fault, call) => refuse(call, 0, fault.kind, 'no answer, by a fault switch'),
	});
	base = simulator.url;
	return {
		...simulator,
		callbacks: caller.sent,
		callbackFaults: caller.kinds,
		people: config.users.map(({ id }) => id),
		setCallbackUrl: (url) => caller.setUrl(url),
		press: (...given) => press(people, ...given),
		say: (...given) => say(people, ...given),
	};
}
