// One of several processes on a store; says { result } or { error }.
import { openStore, type StoreOptions } from '../../../core/store/index';
import type { Store } from '../../../core/store/types';
import { at, group, ids, ledger, NODE } from './rows';

interface Job {
	job: 'open' | 'claim' | 'leaseDue' | 'intake' | 'exclusive';
	options: StoreOptions;
	owner: string;
	rounds: number;
	rows: number;
}

const JOBS: Record<Job['job'], (store: Store, job: Job) => Promise<unknown>> = {
	open: async (store) => store.groups.count(),

	async claim(store, { owner, rounds, rows }) {
		const mine: string[] = [];
		for (let round = 0; round < rounds; round++) {
			const wanted = Array.from({ length: rows }, (_, i) => ledger(`r${round}-${i}`));
			// Each process comes from the other end.
			if (owner === 'p1') wanted.reverse();
			const claims = await store.deliveries.claim(wanted, owner, at(0), at(60));
			mine.push(...ids(claims.filter((claim) => claim.claimed)));
		}
		return mine;
	},

	async leaseDue(store, { owner }) {
		const mine: string[] = [];
		for (let empty = 0; empty < 5; ) {
			const rows = await store.deliveries.leaseDue(at(10), 7, owner, at(60));
			empty = rows.length === 0 ? empty + 1 : 0;
			mine.push(...ids(rows));
		}
		return mine;
	},

	async intake(store, { owner }) {
		for (let empty = 0; empty < 5; ) {
			const rows = await store.intake.lease(NODE, owner, at(0), at(60), 7);
			empty = rows.length === 0 ? empty + 1 : 0;
			if (rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
			const base = { at: at(0), actor: owner, action: 'leased', details: {} };
			await store.audit.append(rows.map((row) => ({ ...base, subject: row.id })));
			await store.intake.complete(
				rows.map((row) => row.id),
				at(1),
			);
		}
		return [];
	},

	async exclusive(store, { rounds }) {
		const marked: string[] = [];
		const changed: number[] = [];
		for (let round = 0; round < rounds; round++) {
			await store.exclusive(['user:ann', 'user:bob'], async (tx) => {
				const [row] = await tx.groups.get(['g']);
				await tx.groups.put([group('g', { count: (row?.count ?? 0) + 1 })]);
			});
			marked.push(...(await store.seen.mark([`k${round}`], at(0))));
			changed.push(
				await store.shared.change('n', at(0), (value) => {
					const n = Number(value?.n ?? 0) + 1;
					return { value: { n }, result: n };
				}),
			);
		}
		return { marked, changed };
	},
};

async function main(): Promise<void> {
	const job = JSON.parse(process.argv[2]) as Job;
	process.send?.({ result: 'ready' });
	await new Promise((resolve) => process.once('message', resolve));
	const store = await openStore(job.options);
	const result = await JOBS[job.job](store, job);
	await store.close();
	process.send?.({ result });
}

main().then(
	() => process.disconnect(),
	(error: unknown) => {
		process.send?.({ error: error instanceof Error ? String(error.stack) : String(error) });
		process.disconnect();
	},
);
