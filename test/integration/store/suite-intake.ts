import { describe, expect, test } from '@jest/globals';
import type { IntakeRow, Store } from '../../../core/store/types';
import type { Open } from './suite';
import { at, intakeRow, NODE } from './rows';

const lease = async (store: Store, seconds = 0, limit = 50, urgentOnly = false, owner = 'p1') =>
	(await store.intake.lease(NODE, owner, at(seconds), at(seconds + 60), limit, urgentOnly)).map(
		(row) => row.id,
	);

const queue = (...rows: Array<[id: string, ticket: string, urgent?: 'urgent']>): IntakeRow[] =>
	rows.map(([id, ticket_key, urgent]) =>
		intakeRow(id, { ticket_key, urgent: urgent === 'urgent' }),
	);

export function intakeSuite(open: Open): void {
	describe('intake', () => {
		test('put names the new ids; the same id is not put twice', async () => {
			const store = await open();
			expect(await store.intake.put([intakeRow('a'), intakeRow('b')])).toEqual(['a', 'b']);
			const again = [intakeRow('b'), intakeRow('c'), intakeRow('c')];
			expect(await store.intake.put(again)).toEqual(['c']);
			expect(await lease(store)).toEqual(['a', 'b', 'c']);
			expect(await store.intake.put([intakeRow('a')])).toEqual([]);
		});

		test('a leased row is the row as put, with its lease', async () => {
			const store = await open();
			const row = intakeRow('a', { item: { deep: ['中', null] }, urgent: true });
			await store.intake.put([row]);
			const [leased] = await store.intake.lease(NODE, 'p1', at(1), at(61), 1);
			expect(leased).toEqual({
				...row,
				status: 'leased',
				lease_owner: 'p1',
				lease_until: at(61),
				updated_at: at(1),
				seq: leased.seq,
			});
			expect(leased.seq).toBeGreaterThan(0);
		});

		test('only its own node', async () => {
			const store = await open();
			await store.intake.put([
				intakeRow('a', { node_id: 'n2' }),
				intakeRow('b', { workflow_id: 'w2' }),
				intakeRow('c'),
			]);
			expect(await lease(store)).toEqual(['c']);
		});

		test('arrival order; urgent first; an urgent event lifts its ticket’s earlier ones, not later ones', async () => {
			const store = await open();
			await store.intake.put(
				queue(
					['1', 'A'],
					['2', 'B'],
					['3', 'C', 'urgent'],
					['4', 'B', 'urgent'],
					['5', 'B'],
					['6', 'A'],
				),
			);
			expect(await lease(store)).toEqual(['3', '2', '4', '1', '5', '6']);
		});

		test('the limit cuts the order, never an order inside a ticket', async () => {
			const store = await open();
			await store.intake.put(
				queue(['1', 'B'], ['2', 'A'], ['3', 'A'], ['4', 'A', 'urgent'], ['5', 'C', 'urgent']),
			);
			expect(await lease(store, 0, 2)).toEqual(['2', '3']);
			// A has leases now: its urgent event waits for them.
			expect(await lease(store, 0, 9)).toEqual(['5', '1']);
			await store.intake.complete(['2', '3'], at(1));
			expect(await lease(store, 1, 9)).toEqual(['4']);
		});

		test('urgentOnly takes urgent events and what they lift', async () => {
			const store = await open();
			await store.intake.put(queue(['1', 'A'], ['2', 'B'], ['3', 'B', 'urgent'], ['4', 'B']));
			expect(await lease(store, 0, 9, true)).toEqual(['2', '3']);
			expect(await lease(store, 0, 9, true)).toEqual([]);
			expect(await lease(store, 0, 9)).toEqual(['1']);
		});

		test('a ticket with a leased event is left alone until it is completed', async () => {
			const store = await open();
			await store.intake.put(queue(['1', 'A'], ['2', 'A'], ['3', 'B']));
			expect(await lease(store, 0, 1)).toEqual(['1']);
			expect(await lease(store, 1)).toEqual(['3']);
			await store.intake.complete(['3'], at(2));
			expect(await lease(store, 2)).toEqual([]);
			await store.intake.complete(['1'], at(3));
			expect(await lease(store, 3)).toEqual(['2']);
		});

		test('a backlog larger than the batch keeps the order of the whole queue', async () => {
			const store = await open();
			const rows = Array.from({ length: 40 }, (_, i) =>
				intakeRow(`${i}`, { ticket_key: `t${i % 6}`, urgent: i % 9 === 8 }),
			);
			await store.intake.put(rows);
			const taken: string[] = [];
			for (let i = 0; i < 60 && taken.length < 40; i++) {
				const part = await lease(store, i, 3);
				taken.push(...part);
				await store.intake.complete(part, at(i));
			}
			expect(taken).toHaveLength(40);
			// Worked out by hand for t2: 8 is urgent and lifts 2; 26 is urgent and lifts 14 and 20.
			expect(taken.slice(0, 2)).toEqual(['2', '8']);
			for (let t = 0; t < 6; t++) {
				const ofTicket = taken.filter((id) => Number(id) % 6 === t);
				expect(ofTicket).toEqual([...ofTicket].sort((a, b) => Number(a) - Number(b)));
			}
		});

		test('an expired lease is leased anew; renew by its owner keeps it', async () => {
			const store = await open();
			await store.intake.put(queue(['1', 'A'], ['2', 'B']));
			await lease(store, 0, 2);
			await store.intake.renew(['1'], 'p1', at(120));
			await store.intake.renew(['2'], 'someone else', at(120));
			expect(await lease(store, 59.999, 9, false, 'p2')).toEqual([]);
			expect(await lease(store, 60, 9, false, 'p2')).toEqual(['2']);
			expect(await lease(store, 120, 9, false, 'p2')).toEqual(['1', '2']);
		});

		test('what its owner gives back is free at once, without a try; nobody gives back for others', async () => {
			const store = await open();
			await store.intake.put(queue(['1', 'A'], ['2', 'B'], ['3', 'C']));
			await lease(store, 0, 3);
			await store.intake.giveBack(['1', '2'], 'p1');
			await store.intake.giveBack(['3'], 'p2');
			expect(await lease(store, 1, 9, false, 'p2')).toEqual(['1', '2']);
			const rows = await store.intake.list({ limit: 9 });
			expect(rows.map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
		});

		test('a failure leaves alone what another has leased meanwhile', async () => {
			const store = await open();
			await store.intake.put(queue(['1', 'A'], ['2', 'B'], ['3', 'C']));
			await lease(store, 0, 2);
			await lease(store, 60, 1, false, 'p2');
			expect(await store.intake.fail(['1', '2', '3'], 'late', 1, at(61), 'p1')).toEqual(['2', '3']);
			const [row] = await store.intake.list({ status: 'leased', limit: 9 });
			expect(row).toMatchObject({ id: '1', lease_owner: 'p2', attempts: 0 });
		});

		test('a restarted process takes back its own at once, others when they expire', async () => {
			const store = await open();
			await store.intake.put(queue(['1', 'A'], ['2', 'B'], ['3', 'C']));
			await lease(store, 0, 2, false, 'main');
			await lease(store, 0, 1, false, 'other');
			expect(await store.intake.release({ owner: 'main' })).toBe(2);
			expect(await store.intake.release({})).toBe(0);
			expect(await lease(store, 1, 9, false, 'main')).toEqual(['1', '2']);
			expect(await store.intake.release({ expiredAt: at(59.999) })).toBe(0);
			expect(await store.intake.release({ expiredAt: at(60) })).toBe(1);
			expect(await store.intake.counts(NODE)).toEqual({ queued: 1, leased: 2, poison: 0 });
		});

		test('fail sends back with one more attempt; the last attempt makes poison, which blocks nothing', async () => {
			const store = await open();
			await store.intake.put(queue(['1', 'A'], ['2', 'A']));
			for (let attempt = 1; attempt <= 3; attempt++) {
				expect(await lease(store, attempt, 1)).toEqual(['1']);
				const poison = await store.intake.fail(['1'], `error ${attempt}`, 3, at(attempt));
				expect(poison).toEqual(attempt === 3 ? ['1'] : []);
			}
			expect(await lease(store, 9)).toEqual(['2']);
			const [set] = await store.intake.list({ status: 'poison', limit: 9 });
			expect(set).toMatchObject({ id: '1', attempts: 3, error: 'error 3', lease_owner: null });
			expect(await store.intake.fail(['1'], 'late', 3, at(9))).toEqual([]);
			await store.intake.complete(['1'], at(9));
			expect(await store.intake.counts()).toEqual({ queued: 0, leased: 1, poison: 1 });
		});

		test('what was set aside is tried again when somebody says so, alone; nothing else is', async () => {
			const store = await open();
			await store.intake.put(queue(['1', 'A'], ['2', 'A'], ['3', 'B']));
			await lease(store, 0, 1);
			await store.intake.fail(['1'], 'no', 1, at(1));
			const retried = await store.intake.retry(['1', '2', '3', 'nobody'], at(2));
			expect(retried).toMatchObject([
				{ id: '1', status: 'queued', attempts: 1, error: 'no', ...NODE, updated_at: at(2) },
			]);
			expect(await store.intake.retry(['1'], at(3))).toEqual([]);
			expect(await store.intake.counts()).toEqual({ queued: 3, leased: 0, poison: 0 });
			expect(await lease(store, 4, 9)).toEqual(['1', '2', '3']);
		});

		test('list by arrival; purge removes what is done, not what waits or is poison', async () => {
			const store = await open();
			await store.intake.put(queue(['1', 'A'], ['2', 'B'], ['3', 'C'], ['4', 'D']));
			await lease(store, 0, 3);
			await store.intake.complete(['1'], at(5));
			await store.intake.complete(['2'], at(6));
			await store.intake.fail(['3'], 'no', 1, at(1));
			const list = async (options: { limit: number; offset?: number }) =>
				(await store.intake.list(options)).map((row) => row.id);
			expect(await list({ limit: 2, offset: 1 })).toEqual(['2', '3']);
			expect(await store.intake.purge(at(6))).toBe(1);
			expect(await list({ limit: 9 })).toEqual(['2', '3', '4']);
		});

		test('many leases at once: each event goes to one, a ticket to one at a time', async () => {
			const store = await open();
			const rows = Array.from({ length: 60 }, (_, i) =>
				intakeRow(`${i}`, { ticket_key: `t${i % 12}`, urgent: i % 10 === 0 }),
			);
			await store.intake.put(rows);
			const taken: string[] = [];
			for (let round = 0; round < 40 && taken.length < 60; round++) {
				const turns = ['a', 'b', 'c'].map((owner) => lease(store, 0, 4, false, owner));
				const parts = await Promise.all(turns);
				const tickets = parts.map((part) => new Set(part.map((id) => Number(id) % 12)));
				expect(new Set(tickets.flatMap((set) => [...set])).size).toBe(
					tickets.reduce((sum, set) => sum + set.size, 0),
				);
				taken.push(...parts.flat());
				await store.intake.complete(parts.flat(), at(1));
			}
			expect(taken.sort()).toEqual(rows.map((row) => row.id).sort());
		});
	});
}
