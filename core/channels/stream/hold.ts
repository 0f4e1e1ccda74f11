import { ItsmNotifyError, messageOf } from '../../errors';
import type { InboundCall } from '../inbound';
import { redact, secretsOf } from '../redact';
import {
	OutcomeError,
	TransportError,
	type ChannelIo,
	type Credential,
	type Failure,
} from '../types';
import { createKeeper } from './keep';
import { needsHands, reconnectPause } from './pause';
import {
	HandshakeError,
	type OpenSocket,
	type ReconnectRule,
	type Socket,
	type Stream,
	type StreamSession,
} from './types';

export interface HoldOptions {
	stream: Stream;
	credential: Credential;
	io: {
		http: ChannelIo['http'];
		openSocket: OpenSocket;
		/** Epoch ms. */
		now(): number;
		random(): number;
		/** Ends early with the signal; never rejects. */
		wait(ms: number, signal: AbortSignal): Promise<void>;
	};
	/** Keeps the calls of one frame; throws where it could not. */
	take(calls: InboundCall[]): Promise<unknown>;
	/** The connection stands, or stands again. */
	connected(): void;
	/** Something went wrong and the loop goes on; said once per reason. */
	warn(message: string): void;
	/** Somebody has to look: it was refused, or has been down for a while. Once until it stands again. */
	alarm(failure: Failure): Promise<unknown>;
}

const CALL_MS = 10_000;
/** A connection that ended sooner counts as one that failed. */
const STABLE_MS = 30_000;
/** Down for so long, the operators are told. */
const PATIENCE_MS = 5 * 60_000;
/** What is being kept when the connection ends in order may be finished. */
const FINISH_MS = 5_000;

interface Life {
	failure?: Failure;
	rule?: ReconnectRule;
	stoodMs: number;
}

const failed = (code: string, message: string, kind: Failure['class'] = 'retry'): Failure => ({
	ok: false,
	class: kind,
	code,
	message,
});

function failureOf(error: unknown, stream: Stream): Failure {
	if (error instanceof OutcomeError) return error.outcome;
	if (error instanceof ItsmNotifyError) return failed(error.code, error.message, 'config');
	if (error instanceof HandshakeError)
		return stream.refused?.(error) ?? failed(`http_${error.status}`, error.message);
	if (error instanceof TransportError) return failed(error.code, error.message);
	return failed('unexpected', messageOf(error));
}

/** Keeps one connection to a provider for as long as it is wanted, whatever happens to it. */
export function holdStream(options: HoldOptions): { stop(): Promise<void> } {
	const { stream, credential, io, warn } = options;
	const stopping = new AbortController();
	const stopped = new Promise<void>((resolve) =>
		stopping.signal.addEventListener('abort', () => resolve(), { once: true }),
	);
	const secrets = secretsOf(credential);
	const keeper = createKeeper({ take: options.take, io, warn, signal: stopping.signal });
	let said: string | undefined;
	let isAlarmed = false;
	let downSince: number | undefined;

	function stands(): void {
		said = undefined;
		isAlarmed = false;
		downSince = undefined;
		options.connected();
	}

	async function tell(given: Failure): Promise<void> {
		const failure = { ...given, message: redact(given.message, secrets) };
		const reason = `${failure.code}: ${failure.message}`;
		if (said !== reason) warn(reason);
		said = reason;
		downSince ??= io.now();
		if (isAlarmed) return;
		if (!needsHands(failure) && io.now() - downSince < PATIENCE_MS) return;
		try {
			await options.alarm(failure);
			isAlarmed = true;
		} catch (error) {
			warn(`The operators could not be told: ${messageOf(error)}`);
		}
	}

	/** From asking for an address to the end of its connection. */
	async function live(): Promise<Life> {
		const request = stream.open(credential);
		const response = await Promise.race([io.http(request, { timeoutMs: CALL_MS }), stopped]);
		if (!response) return { stoodMs: 0 };
		const opened = stream.opened(response, request, credential);
		if (!opened.ok) return { failure: opened, stoodMs: 0 };
		return connection(opened.url, opened.session);
	}

	async function connection(url: string, session: StreamSession): Promise<Life> {
		const over = new AbortController();
		let why: string | undefined;
		let heardAt = io.now();
		const held: { socket?: Socket } = {};
		const early: Uint8Array[] = [];
		const onFrame = (data: Uint8Array): void => {
			heardAt = io.now();
			// A server may speak before our own side is through with the handshake.
			const { socket } = held;
			if (!socket) return void early.push(data);
			const event = session.read(data, heardAt);
			if (event?.kind === 'answer') socket.send(event.data);
			if (event?.kind === 'leave') over.abort();
			if (event?.kind === 'calls') keeper.add(event, socket);
		};
		const socket = await io.openSocket(
			url,
			{ timeoutMs: CALL_MS, signal: stopping.signal },
			{
				frame: onFrame,
				alive: () => void (heardAt = io.now()),
				ended(reason) {
					why = reason;
					over.abort();
				},
			},
		);
		held.socket = socket;
		const since = io.now();
		for (const data of early) onFrame(data);
		stands();
		const end = (): void => over.abort();
		stopping.signal.addEventListener('abort', end, { once: true });
		if (stopping.signal.aborted) end();
		while (!over.signal.aborted) {
			const { everyMs, data } = session.ping();
			if (data) socket.send(data);
			else socket.ping();
			await io.wait(everyMs, over.signal);
			if (!over.signal.aborted && io.now() - heardAt > 2 * everyMs) {
				why = 'the other side is silent';
				over.abort();
			}
		}
		stopping.signal.removeEventListener('abort', end);
		const reason = why;
		const finishing = new AbortController();
		await Promise.race([keeper.idle(), io.wait(FINISH_MS, finishing.signal)]);
		finishing.abort();
		await socket.close();
		return {
			stoodMs: io.now() - since,
			rule: session.reconnect(),
			...(reason === undefined ? {} : { failure: failed('disconnected', reason) }),
		};
	}

	async function run(): Promise<void> {
		let failures = 0;
		let rule: ReconnectRule | undefined;
		while (!stopping.signal.aborted) {
			const life = await live().catch(
				(error: unknown): Life => ({
					failure: failureOf(error, stream),
					stoodMs: 0,
				}),
			);
			if (stopping.signal.aborted) break;
			rule = life.rule ?? rule;
			failures = life.stoodMs >= STABLE_MS ? 0 : failures + 1;
			if (life.failure) await tell(life.failure);
			const { failure } = life;
			await io.wait(reconnectPause({ failures, failure, rule }, io.random()), stopping.signal);
		}
		await keeper.idle();
	}

	const running = run();
	return {
		async stop() {
			stopping.abort();
			await running;
		},
	};
}
