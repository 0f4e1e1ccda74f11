/** What a simulator sent to the callback URL, as its provider would, and what came back. */
export interface Callback {
	url: string;
	method: string;
	headers: Record<string, string>;
	body: string;
	/** HTTP status of the last try; 0 where none was answered in time. */
	status: number;
	/** The answer's body. */
	answer: string;
	/** Whether the provider takes it as done. */
	ok: boolean;
	attempts: number;
	ms: number;
}

/** The people's side of a channel: what they do in the app reaches n8n as the provider's real callback. */
export interface TwoWay {
	/** Where callbacks go; until it is set, `press` and `say` throw. */
	setCallbackUrl(url: string | undefined): void;
	/** All that was sent, oldest first. */
	callbacks: Callback[];
	/**
	 * Presses a button of a recorded message (`ref`): its place, value, action or words. `user` defaults to the
	 * message's reader; `text` goes into the button's input. Throws where there is nothing to press.
	 */
	press(
		messageId: string,
		button: number | string,
		user?: string,
		text?: string,
	): Promise<Callback>;
	/** Writes to the app. */
	say(user: string, text: string): Promise<Callback>;
}

export interface Outgoing {
	method?: 'GET' | 'POST';
	/** Added to the callback URL. */
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

const MAX_RETRIES = 3;

export interface Caller {
	setUrl(url: string | undefined): void;
	sent: Callback[];
	call(outgoing: Outgoing): Promise<Callback>;
}

/** Sends callbacks and keeps them. Repeats follow at once: the providers' pauses would only make tests slow. */
export function createCaller(): Caller {
	let target: string | undefined;
	const sent: Callback[] = [];
	return {
		sent,
		setUrl(url) {
			target = url;
		},
		async call(outgoing) {
			if (target === undefined) throw new Error('no callback URL is set for this channel');
			const url = new URL(target);
			for (const [name, value] of Object.entries(outgoing.query ?? {}))
				url.searchParams.set(name, value);
			const { method = 'POST', body = '', timeoutMs, retryHeaders } = outgoing;
			const accepts = outgoing.accepts ?? ((status: number) => status >= 200 && status < 300);
			const started = Date.now();
			const tries = retryHeaders ? MAX_RETRIES + 1 : 1;
			let headers = outgoing.headers ?? {};
			let last = { status: 0, answer: '' };
			let attempts = 0;
			while (attempts < tries) {
				if (attempts > 0) headers = { ...headers, ...retryHeaders?.(attempts) };
				attempts += 1;
				last = await once(url, method, headers, body, timeoutMs);
				if (accepts(last.status, last.answer)) break;
			}
			const ok = accepts(last.status, last.answer);
			const ms = Date.now() - started;
			const done = { url: url.href, method, headers, body, ...last, ok, attempts, ms };
			sent.push(done);
			return done;
		},
	};
}

async function once(
	url: URL,
	method: string,
	headers: Record<string, string>,
	body: string,
	timeoutMs: number,
): Promise<{ status: number; answer: string }> {
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
