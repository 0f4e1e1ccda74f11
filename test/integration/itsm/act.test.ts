// What holds across processes: on PostgreSQL, each "process" with a store of its own.
import { jest } from '@jest/globals';
import { openStore } from '../../../core/store/index';
import type { Store } from '../../../core/store/types';
import { freshDatabase } from '../../harness/postgres';
import { rig } from '../../unit/itsm/rig';

jest.setTimeout(60_000);
const database = await freshDatabase();

(database ? describe : describe.skip)('on PostgreSQL (needs PostgreSQL)', () => {
	const open: Store[] = [];
	let count = 0;
	const target = () =>
		({
			kind: 'postgres',
			connection: database!.config,
			schema: `itsm_notify_${count}`,
		}) as const;
	const process = async (): Promise<Store> => {
		const store = await openStore(target());
		open.push(store);
		return store;
	};
	beforeEach(() => void count++);
	afterEach(async () => {
		for (const store of open.splice(0)) await store.close();
	});
	afterAll(() => database?.drop());

	describe.each(['serviceNow', 'requestTracker'] as const)('%s', (source) => {
		const calls = source === 'serviceNow' ? 1 : 2;

		test('two people at once, in two processes: one write, the second sees who was first', async () => {
			const r = await rig(source, process);
			const [one, two] = [await process(), await process()];
			const results = await Promise.all([
				r.act(r.press('acknowledge', 'john'), { owner: 'p1' }, one),
				r.act(r.press('acknowledge', 'emma'), { owner: 'p2' }, two),
			]);
			const done = results.find((result) => result.status === 'done');
			const other = results.find((result) => result !== done);
			expect(done).toBeDefined();
			expect(other).toMatchObject({
				status: 'conflict',
				code: 'acknowledged_by_other',
				after: { assignee: done?.after?.assignee },
			});
			expect(r.writes()).toBe(calls);
		});

		test('one callback in three processes, and once more later: one effect', async () => {
			const r = await rig(source, process);
			const item = r.press('comment', 'john', { parameters: { comment: 'On it' } });
			const stores = [await process(), await process(), await process()];
			const results = await Promise.all(
				stores.map((store, n) => r.act(item, { owner: `p${n}` }, store)),
			);
			expect(results.filter((x) => x.status === 'done' && !x.repeated)).toHaveLength(1);
			for (const result of results) expect(['done', 'pending']).toContain(result.status);
			expect(await r.act(item)).toMatchObject({ status: 'done', repeated: true });
			expect(r.seen().comments).toEqual(['john.doe (Slack): On it']);
		});

		test('put off in one process, carried out by another', async () => {
			const r = await rig(source, process);
			const item = r.press('acknowledge');
			r.fail({ kind: 'refused' });
			expect(await r.act(item)).toMatchObject({ status: 'pending', attempts: 1 });
			r.fail();
			r.clock.now += 60;
			const other = await process();
			const now = new Date(Date.parse('2027-03-13T09:00:00Z') + r.clock.now * 1000);
			const until = new Date(now.getTime() + 300_000);
			const [due] = await other.actions.leaseDue(now.toISOString(), 9, 'p2', until.toISOString());
			expect(due).toMatchObject({ id: item.interaction_id, attempts: 1 });
			const again = { ...item, retry: due.attempts };
			expect(await r.act(again, { owner: 'p2' }, other)).toMatchObject({
				status: 'done',
				attempts: 2,
			});
			expect(r.writes()).toBe(calls);
		});
	});
});
