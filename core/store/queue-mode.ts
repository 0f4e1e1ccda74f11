import { ItsmNotifyError } from '../errors';
import type { Store } from './types';

/** Whether this process is one of several that share n8n's work: `EXECUTIONS_MODE=queue`, or a worker or webhook process. */
export const isQueueMode = (
	env: Readonly<Record<string, string | undefined>>,
	argv: readonly string[],
): boolean =>
	env.EXECUTIONS_MODE?.trim().toLowerCase() === 'queue' ||
	argv.includes('worker') ||
	argv.includes('webhook');

/** Throws ItsmNotifyError `embedded_store_in_queue_mode`: the processes of queue mode share no file. */
export function assertStoreAllowed(options: { queueMode: boolean; kind: Store['kind'] }): void {
	if (!options.queueMode || options.kind === 'postgres') return;
	throw new ItsmNotifyError(
		'embedded_store_in_queue_mode',
		`n8n runs in queue mode: its processes cannot share the embedded store (${options.kind})`,
		{ fix: 'Select an ITSM Notify Store credential with a PostgreSQL database.' },
	);
}
