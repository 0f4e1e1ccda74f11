import { randomBytes } from 'node:crypto';

import type { Answer, Call } from '../http.ts';
import type { MessageKind } from '../record.ts';
import { contentProblem } from './message.ts';
import type { Posted } from './methods.ts';
import type { Json } from './schema.ts';

const LIFE_MS = 30 * 60_000;
const USES = 5;

interface Issued {
	posted: { channel: string; ts?: string; to: string };
	user: string;
	until: number;
	left: number;
}

export interface ResponseUrls {
	issue(kind: 'actions' | 'commands', posted: Issued['posted'], user: string): string;
	handle(call: Call): Answer;
}

const refuse = (status: number, error: string): Answer => ({ status, body: { ok: false, error } });

/** Slack's response_urls: five uses within 30 minutes; they also reach people in channels the app is not in. */
export function createResponseUrls(options: {
	base(): string;
	posted: Map<string, Posted>;
	nextTs(): string;
	now(): number;
	record(kind: MessageKind, posted: Posted, args: Json): void;
}): ResponseUrls {
	const issued = new Map<string, Issued>();

	function apply({ posted, user }: Issued, args: Json): Answer {
		const key = `${posted.channel}:${posted.ts}`;
		const original = options.posted.get(key);
		if (args['delete_original'] === true) {
			if (original === undefined) return refuse(404, 'message_not_found');
			options.posted.delete(key);
			options.record('delete', original, args);
			return { status: 200, body: { ok: true } };
		}
		const problem = contentProblem(args);
		if (problem) return refuse(400, problem.error);
		// Slack's default is to put it in the place of the original.
		if (args['replace_original'] !== false && original !== undefined) {
			original.message = { type: 'message', ts: original.ts, ...args };
			options.record('update', original, args);
			return { status: 200, body: { ok: true } };
		}
		const isOpen = args['response_type'] === 'in_channel';
		const ts = options.nextTs();
		const to = isOpen ? posted.to : user;
		const fresh = { channel: posted.channel, ts, to, message: { ...args, ts } };
		options.record(isOpen ? 'post' : 'ephemeral', fresh, args);
		return { status: 200, body: { ok: true } };
	}

	return {
		issue(kind, posted, user) {
			const path = `/${kind}/T0SANDBOX/${randomBytes(4).toString('hex')}/${randomBytes(12).toString('hex')}`;
			issued.set(path, { posted, user, until: options.now() + LIFE_MS, left: USES });
			return options.base() + path;
		},
		handle(call) {
			const known = issued.get(call.path);
			if (call.method !== 'POST' || known === undefined) return refuse(404, 'no_such_url');
			if (known.until <= options.now()) return refuse(404, 'expired_url');
			if (known.left <= 0) return refuse(404, 'used_url');
			let args: unknown;
			try {
				args = JSON.parse(call.text);
			} catch {
				return refuse(400, 'invalid_payload');
			}
			if (typeof args !== 'object' || args === null || Array.isArray(args))
				return refuse(400, 'invalid_payload');
			known.left -= 1;
			return apply(known, args as Json);
		},
	};
}
