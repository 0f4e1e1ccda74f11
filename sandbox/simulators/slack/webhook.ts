import type { Answer, Call } from '../http.ts';
import { findTarget } from './directory.ts';
import { contentProblem } from './message.ts';
import type { SlackState } from './methods.ts';
import type { Json } from './schema.ts';

const text = (status: number, body: string): Answer => ({ status, body });

function parse(call: Call): Json | undefined {
	try {
		const isForm = call.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
		const source = isForm ? (new URLSearchParams(call.text).get('payload') ?? '') : call.text;
		const value = JSON.parse(source) as unknown;
		return typeof value === 'object' && value !== null && !Array.isArray(value)
			? (value as Json)
			: undefined;
	} catch {
		return undefined;
	}
}

/** An incoming webhook: plain text answers, `ok` or the error. */
export function webhook(state: SlackState, call: Call): Answer {
	if (call.method !== 'POST') return text(405, 'method_not_allowed');
	const channel = state.config.webhooks?.[call.path];
	if (channel === undefined) return text(404, 'no_service');
	const args = parse(call);
	if (args === undefined) return text(400, 'invalid_payload');
	const target = findTarget(state.config, channel);
	if (target === 'is_archived') return text(410, 'channel_is_archived');
	if (typeof target === 'string') return text(404, 'channel_not_found');
	const problem = contentProblem(args);
	if (problem) return text(400, problem.error);
	const wait = state.wait(call.path);
	if (wait > 0) {
		return {
			status: 429,
			headers: { 'retry-after': String(Math.ceil(wait / 1000)) },
			body: 'rate_limited',
		};
	}
	const posted = { channel: target.id, ts: state.nextTs(), to: target.to, message: args };
	state.record('post', posted, args);
	return text(200, 'ok');
}
