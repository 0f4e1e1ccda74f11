import { createHash } from 'node:crypto';

import { CALLBACK_FAULT_KINDS } from './faults.ts';
import type { CallbackFaultKind, Faults } from './faults.ts';
import type { Recorder } from './record.ts';

/** What a simulator sent to the callback URL, as its provider would, and what came back. */
export interface Callback {
	url: string;
	method: string;
	headers: Record<string, string>;
	body: string;
	/** HTTP status of the last try; 0 where none was answered in time. */
	status: number;
	/** HTTP status of each try. */
	statuses: number[];
	/** The answer's body. */
	answer: string;
	/** Whether the provider takes it as done. */
	ok: boolean;
	attempts: number;
	ms: number;
}

/** Who acts in an app. A channel has what its people can do: press a button, write, both. */
export interface Actor {
	/** How its callbacks can go wrong on demand (`faults`); a channel that signs no time has no `stale`. */
	callbackFaults: readonly CallbackFaultKind[];
	/** Addresses of those who can act. */
	people: readonly string[];
	/**
	 * Presses a button of a recorded message (`ref`): its place, value, action or words. `user` defaults to the
	 * message's reader; `text` goes into the button's input. Throws where there is nothing to press.
	 */
	press?(
		messageId: string,
		button: number | string,
		user?: string,
		text?: string,
	): Promise<Callback>;
	/** Writes to the app, perhaps in answer to a recorded message. */
	say?(user: string, text: string, messageId?: string): Promise<Callback>;
}

/** The people's side of a channel: what they do in the app reaches n8n as the provider's real callback. */
export interface TwoWay extends Actor {
	/** Where callbacks go; until it is set, `press` and `say` throw. */
	setCallbackUrl(url: string | undefined): void;
	/** All that was sent, oldest first. */
	callbacks: Callback[];
}

/** `TwoWay` of a channel with buttons and texts. */
export type Pressable = TwoWay & Required<Pick<TwoWay, 'press' | 'say'>>;

export interface Outgoing {
	method?: 'GET' | 'POST';
	/** Added to the URL. */
	query?: Record<string, string>;
	headers?: Record<string, string>;
	body?: string;
	/** The provider's patience. */
	timeoutMs: number;
	/** Headers of a repeat; a call without is not repeated. */
	retryHeaders?: (attempt: number) => Record<string, string>;
	/** Whether an answer is what the provider wants; default 2xx. */
	accepts?: (status: number, answer: string) => boolean;
}

/** What a callback is signed with. A fault switch puts the clock back, or another secret in. */
export interface Proof {
	/** Epoch ms. */
	now: number;
	forged: boolean;
	/** The secret itself; a stranger's where it is forged. */
	secret(shared: string): string;
}

/** What a person did; a call without (an address check, a report) is neither shown nor spoiled. */
export interface Deed {
	user: string;
	/** The button's words, or the text. */
	said: string;
	messageId?: string;
}

const MAX_RETRIES = 3;
/** So many identical calls a `repeat` makes, all at once: the providers' repeats overlap too. */
const COPIES = 3;
const DAY_MS = 86_400_000;

export interface Caller {
	setUrl(url: string | undefined): void;
	/** Throws where none is set. */
	url(): string;
	sent: Callback[];
	kinds: readonly CallbackFaultKind[];
	/** Keeps and shows what went over a connection instead. */
	keep(deed: Deed | undefined, done: Callback): void;
	/** `url`: where it goes instead of the callback URL. `make` is told where, for those who sign the address too. */
	call(
		deed: Deed | undefined,
		make: (proof: Proof, url: string) => Outgoing,
		url?: string,
	): Promise<Callback>;
}

export interface CallerOptions {
	channel: string;
	recorder: Recorder;
	faults: Faults;
	now?: () => number;
	/** Those that can spoil a callback here. */
	kinds?: readonly CallbackFaultKind[];
}

const proofOf = (fault: CallbackFaultKind | undefined, now: number): Proof => ({
	now: fault === 'stale' ? now - DAY_MS : now,
	forged: fault === 'forge',
	secret: (shared) =>
		fault === 'forge' ? createHash('sha256').update(`not ${shared}`).digest('hex') : shared,
});

interface Try {
	status: number;
	answer: string;
}

/** Sends callbacks and keeps them. Repeats follow at once: the providers' pauses would only make tests slow. */
export function createCaller(options: CallerOptions): Caller {
	const { channel, recorder, faults, now = Date.now, kinds = CALLBACK_FAULT_KINDS } = options;
	let target: string | undefined;
	const sent: Callback[] = [];

	const caller: Caller = {
		sent,
		kinds,
		setUrl(url) {
			target = url;
		},
		url() {
			if (target === undefined) throw new Error('no callback URL is set for this channel');
			return target;
		},
		keep(deed, done) {
			sent.push(done);
			if (deed) shown(deed, done, undefined);
		},
		async call(deed, make, address = caller.url()) {
			const fault = deed && (faults.take(deed.said, kinds)?.kind as CallbackFaultKind | undefined);
			const outgoing = make(proofOf(fault, now()), address);
			const accepts = outgoing.accepts ?? ((status: number) => status >= 200 && status < 300);
			const url = new URL(address);
			for (const [name, value] of Object.entries(outgoing.query ?? {}))
				url.searchParams.set(name, value);
			const { method = 'POST', body = '' } = outgoing;
			let headers = outgoing.headers ?? {};
			const started = Date.now();
			const tries: Try[] = [];
			const send = (): Promise<Try> => once(url, method, headers, body, outgoing.timeoutMs);
			if (fault === 'repeat')
				tries.push(...(await Promise.all(Array.from({ length: COPIES }, send))));
			const most = fault ? 1 : outgoing.retryHeaders ? MAX_RETRIES + 1 : 1;
			while (tries.length < most) {
				if (tries.length > 0) headers = { ...headers, ...outgoing.retryHeaders?.(tries.length) };
				const last = await send();
				tries.push(last);
				if (accepts(last.status, last.answer)) break;
			}
			const last = tries.at(-1)!;
			const done: Callback = {
				...{ url: url.href, method, headers, body, ...last },
				statuses: tries.map(({ status }) => status),
				ok: accepts(last.status, last.answer),
				attempts: tries.length,
				ms: Date.now() - started,
			};
			sent.push(done);
			if (deed) shown(deed, done, fault);
			return done;
		},
	};

	function shown({ user, said, messageId }: Deed, done: Callback, fault: string | undefined): void {
		const { statuses, answer, ok, url, method, headers, body } = done;
		recorder.answer({
			...{ channel, to: [user], said, statuses, answer, ok },
			...(messageId === undefined ? {} : { ref: messageId }),
			...(fault === undefined ? {} : { fault }),
			raw: { method, url, headers, body },
		});
	}

	return caller;
}

async function once(
	url: URL,
	method: string,
	headers: Record<string, string>,
	body: string,
	timeoutMs: number,
): Promise<Try> {
	try {
		const response = await fetch(url, {
			method,
			headers,
			...(method === 'GET' ? {} : { body }),
			redirect: 'manual',
			signal: AbortSignal.timeout(timeoutMs),
		});
		return { status: response.status, answer: await response.text() };
	} catch (error) {
		return { status: 0, answer: (error as Error).message };
	}
}
