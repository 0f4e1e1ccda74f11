// Fires events at one webhook, a few in flight at a time, and counts what arrives at the simulators.
import { Agent, request } from 'node:http';

export interface Counter {
	/** Messages so far. */
	readonly messages: number;
	/** Called at every message. */
	onMessage?: (payload?: unknown) => void;
}

export interface LoadOptions {
	url: string;
	bodies: readonly unknown[];
	/** Events that are under way at once: answered and, where it sends any, all messages counted. */
	inFlight: number;
	messagesPerEvent: number;
	counter: Counter;
	timeoutMs: number;
}

export interface LoadResult {
	/** First request to last message, or to last answer where nothing is sent. */
	wallMs: number;
	/** Why these figures count for nothing. */
	invalid?: string;
}

export function post(agent: Agent, url: string, body: unknown): Promise<number> {
	return new Promise((resolve, reject) => {
		const text = JSON.stringify(body);
		const headers = {
			'content-type': 'application/json',
			'content-length': Buffer.byteLength(text),
		};
		const call = request(url, { method: 'POST', agent, headers }, (response) => {
			response.resume().once('end', () => resolve(response.statusCode ?? 0));
		});
		call.once('error', reject);
		call.end(text);
	});
}

export async function fire(options: LoadOptions): Promise<LoadResult> {
	const { url, bodies, inFlight, messagesPerEvent, counter, timeoutMs } = options;
	// A new one each time: n8n closes connections that were idle for some seconds.
	const agent = new Agent({ keepAlive: true });
	const first = counter.messages;
	const refused: string[] = [];
	let answered = 0;
	let wake: (() => void) | undefined;
	counter.onMessage = () => wake?.();
	const done = (): number =>
		messagesPerEvent === 0
			? answered
			: Math.min(answered, Math.floor((counter.messages - first) / messagesPerEvent));

	const started = performance.now();
	const end = started + timeoutMs;
	let last = started;
	for (let sent = 0; done() < bodies.length; ) {
		while (sent < bodies.length && sent - done() < inFlight) {
			post(agent, url, bodies[sent++]).then(
				(status) => {
					answered++;
					if (status !== 200) refused.push(`HTTP ${status}`);
					wake?.();
				},
				(error: Error) => {
					answered++;
					refused.push(error.message);
					wake?.();
				},
			);
		}
		const left = end - performance.now();
		if (left <= 0) break;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, left);
			wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
		last = performance.now();
	}
	counter.onMessage = undefined;
	agent.destroy();
	const wallMs = last - started;
	if (refused.length > 0)
		return { wallMs, invalid: `${refused.length} calls failed: ${refused[0]}` };
	if (done() < bodies.length)
		return { wallMs, invalid: `only ${done()} of ${bodies.length} events were done in time` };
	return { wallMs };
}

export interface StormResult {
	/** First request to the last answer, and to the last message. */
	answeredMs: number;
	sentMs: number;
	invalid?: string;
}

/**
 * All events as fast as they are answered, over so many connections; then waits for the messages, until none comes for
 * `stallMs`.
 */
export async function storm(
	options: Omit<LoadOptions, 'inFlight' | 'timeoutMs'> & { connections: number; stallMs: number },
): Promise<StormResult> {
	const { url, bodies, connections, messagesPerEvent, counter, stallMs } = options;
	const agent = new Agent({ keepAlive: true, maxSockets: connections });
	const wanted = counter.messages + bodies.length * messagesPerEvent;
	const started = performance.now();
	let next = 0;
	const refused: string[] = [];
	const caller = async (): Promise<void> => {
		while (next < bodies.length) {
			const status = await post(agent, url, bodies[next++]).catch((error: Error) => error.message);
			if (status !== 200) refused.push(String(status));
		}
	};
	await Promise.all(Array.from({ length: connections }, caller));
	const answeredMs = performance.now() - started;
	let [seen, seenAt] = [counter.messages, performance.now()];
	while (counter.messages < wanted && performance.now() - seenAt < stallMs) {
		await new Promise((done) => setTimeout(done, 20));
		if (counter.messages > seen) [seen, seenAt] = [counter.messages, performance.now()];
	}
	agent.destroy();
	const sentMs = performance.now() - started;
	if (refused.length > 0)
		return { answeredMs, sentMs, invalid: `${refused.length} calls failed: ${refused[0]}` };
	if (counter.messages !== wanted)
		return { answeredMs, sentMs, invalid: `${wanted - counter.messages} messages are missing` };
	return { answeredMs, sentMs };
}
