import { messageOf } from '../../errors';
import type { InboundCall } from '../inbound';
import type { Socket, StreamEvent } from './types';

export interface KeepOptions {
	take(calls: InboundCall[]): Promise<unknown>;
	io: { wait(ms: number, signal: AbortSignal): Promise<void> };
	warn(message: string): void;
	/** Given when the trigger is switched off: no more waiting. */
	signal: AbortSignal;
}

type Calls = Extract<StreamEvent, { kind: 'calls' }>;

/** Waits between tries to keep what the provider will not send again. */
const AGAIN_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** While the store is down no more than so many wait in memory. */
const MAX_WAITING = 500;

/** Keeps calls one after the other, in their order, and answers each only when it is kept. */
export function createKeeper({ take, io, warn, signal }: KeepOptions) {
	let waiting = 0;
	let queue = Promise.resolve();

	async function tryOnce(calls: InboundCall[]): Promise<boolean> {
		try {
			await take(calls);
			return true;
		} catch (error) {
			warn(`An answer could not be kept: ${messageOf(error)}`);
			return false;
		}
	}

	async function keep({ calls, done, failed }: Calls, socket: Pick<Socket, 'send'>): Promise<void> {
		if (await tryOnce(calls)) return socket.send(done);
		if (failed !== undefined) return socket.send(failed);
		for (const ms of AGAIN_MS) {
			await io.wait(ms, signal);
			if (await tryOnce(calls)) return socket.send(done);
			if (signal.aborted) break;
		}
		warn('The answer is given up: its sender has to answer once more.');
	}

	return {
		add(event: Calls, socket: Pick<Socket, 'send'>): void {
			if (waiting >= MAX_WAITING) return warn('Too many answers wait: one was not taken.');
			waiting += 1;
			queue = queue.then(() => keep(event, socket)).finally(() => void (waiting -= 1));
		},
		/** When everything that has been added is kept or given up. */
		idle: (): Promise<void> => queue,
	};
}
