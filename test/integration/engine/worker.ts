// One of several processes on a store: takes a step when it is told to, and answers with what it sent.
import { openStore, type StoreOptions } from '../../../core/store/index';
import { step, type Step, withoutClaim, withoutLock, type Worker } from './rounds';

export interface Job {
	options: StoreOptions;
	name: string;
	without?: 'lock' | 'claim';
}

async function main(): Promise<void> {
	const { options, name, without } = JSON.parse(process.argv[2]) as Job;
	const opened = await openStore(options);
	const store =
		without === 'lock' ? withoutLock(opened) : without === 'claim' ? withoutClaim(opened) : opened;
	const worker: Worker = { store, name, urgent: [] };
	process.on('message', (order: { batch: number[]; step: Step } | 'stop') => {
		if (order === 'stop') void opened.close().then(() => process.disconnect());
		else void step(worker, order.batch, order.step).then(answer, refuse);
	});
	answer([]);
}

const answer = (result: unknown): void => void process.send?.({ result });
const refuse = (error: unknown): void =>
	void process.send?.({ error: error instanceof Error ? String(error.stack) : String(error) });

main().catch(refuse);
