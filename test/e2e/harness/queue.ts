// What an e2e test in queue mode needs: both servers, or the knowledge that they are not there.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openQueue, SetUpError, type Queue } from '../../../sandbox/lib/queue.ts';
import type { N8n, N8nProcess } from '../../../sandbox/lib/n8n.ts';

/** A database and a prefix of their own; undefined where no server can be had, except in CI, where that is a failure. */
export async function testQueue(): Promise<Queue | undefined> {
	try {
		return await openQueue(`itsm_notify_test_${randomBytes(6).toString('hex')}`);
	} catch (error) {
		if (process.env.CI || !(error instanceof SetUpError)) throw error;
		return undefined;
	}
}

/** A dead worker is noticed in seconds; with n8n's own settings it takes a minute or more. */
export const QUICK_STALL = {
	QUEUE_WORKER_LOCK_DURATION: '6000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1500',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
};

export const processesOf = (n8n: N8n, command: 'start' | 'webhook' | 'worker'): N8nProcess[] =>
	n8n.processes.filter(({ log }) => log.includes(`${command}-`));

/** Ids of the executions that a worker has begun. */
export const begunBy = ({ log }: N8nProcess): string[] =>
	[...readFileSync(log, 'utf8').matchAll(/Worker started execution (\d+)/g)].map(([, id]) => id);
