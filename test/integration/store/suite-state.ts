import { describe, expect, test } from '@jest/globals';
import type { Open } from './suite';
import { at, chain, delivery, group, ticket } from './rows';

export function stateSuite(open: Open): void {
	describe('tickets', () => {
		test('an older state never overwrites a newer one, an equally new one does', async () => {
			const { tickets } = await open();
			await tickets.put([ticket('jira:1', { updated_at: '2027-03-13T00:00:10Z', status: 'b' })]);
			await tickets.put([ticket('jira:1', { updated_at: at(9.999), status: 'older' })]);
			expect((await tickets.get(['jira:1']))[0].status).toBe('b');
			await tickets.put([ticket('jira:1', { updated_at: at(10), status: 'same' })]);
			expect((await tickets.get(['jira:1']))[0].status).toBe('same');
			await tickets.put([
				ticket('jira:1', { updated_at: '2027-03-13T08:00:10.5+08:00', status: 'c' }),
			]);
			expect((await tickets.get(['jira:1']))[0].status).toBe('c');
		});

		test('of two states in one put the newer stays, whatever their order', async () => {
			const { tickets } = await open();
			const rows = [
				ticket('jira:1', { updated_at: at(5), status: 'newer' }),
				ticket('jira:1', { updated_at: at(4), status: 'older' }),
			];
			await tickets.put(rows);
			expect((await tickets.get(['jira:1']))[0].status).toBe('newer');
		});

		test('an acknowledgement stays until a state says otherwise', async () => {
			const { tickets } = await open();
			await tickets.put([ticket('jira:1', { acknowledged_by: 'ann', acknowledged_at: at(1) })]);
			await tickets.put([ticket('jira:1', { updated_at: at(2) })]);
			expect((await tickets.get(['jira:1']))[0]).toMatchObject({ acknowledged_by: 'ann' });
			const reset = { acknowledged_by: null, acknowledged_at: null, updated_at: at(3) };
			await tickets.put([ticket('jira:1', reset)]);
			expect((await tickets.get(['jira:1']))[0].acknowledged_by).toBeNull();
		});

		test('open lists open ones only, with flags and event as put', async () => {
			const { tickets } = await open();
			const event = delivery('x').event;
			await tickets.put([
				ticket('jira:1', { urgent: true, event }),
				ticket('jira:2', { open: false }),
			]);
			const found = await tickets.open();
			expect(found.map((row) => row.ticket_key)).toEqual(['jira:1']);
			expect(found[0]).toMatchObject({ open: true, urgent: true, event });
			await tickets.put([ticket('jira:1', { open: false, updated_at: at(1) })]);
			expect(await tickets.open()).toEqual([]);
		});
	});

	describe('groups', () => {
		test('put, get, remove; documents come back as they were', async () => {
			const { groups } = await open();
			const full = group('g1', { last_items: [delivery('d1')], anchor_at: at(1), policy_id: 'p' });
			await groups.put([full, group('g2')]);
			expect(await groups.get(['g1', 'g1', 'none'])).toEqual([full]);
			expect(await groups.count()).toBe(2);
			await groups.put([{ ...full, count: 7, last_items: null }]);
			expect((await groups.get(['g1']))[0]).toMatchObject({ count: 7, last_items: null });
			await groups.remove(['g1', 'none']);
			expect(await groups.get(['g1'])).toEqual([]);
			expect(await groups.count()).toBe(1);
		});

		test('due: closed at or before now, earliest first, no tests, no closed ones', async () => {
			const { groups } = await open();
			await groups.put([
				group('g3', { closes_at: at(30) }),
				group('g2', { closes_at: at(20) }),
				group('g1', { closes_at: at(20) }),
				group('quiet', { closes_at: null, opened_at: null }),
				group('tried', { closes_at: at(1), test: true }),
			]);
			const due = async (seconds: number, limit = 9) =>
				(await groups.due(at(seconds), limit)).map((row) => row.group_key);
			expect(await groups.nextDue()).toBe(at(20));
			expect(await due(19.999)).toEqual([]);
			expect(await due(20)).toEqual(['g1', 'g2']);
			expect(await due(99)).toEqual(['g1', 'g2', 'g3']);
			expect(await due(99, 1)).toEqual(['g1']);
			await groups.put([group('g1', { closes_at: at(40) }), group('g2', { closes_at: null })]);
			expect(await due(30)).toEqual(['g3']);
			await groups.remove(['g3']);
			expect(await groups.nextDue()).toBe(at(40));
			await groups.remove(['g1']);
			expect(await groups.nextDue()).toBeUndefined();
		});
	});

	test('chains: put, get, due in order without tests, nextDue', async () => {
		const { chains } = await open();
		expect(await chains.nextDue()).toBeUndefined();
		const first = chain('jira:1', { due_at: at(60), data: { steps: [{ to: 'manager' }] } });
		await chains.put([
			chain('jira:2', { due_at: at(50), status: 'acknowledged' }),
			first,
			chain('jira:3', { due_at: null, status: 'stopped' }),
			chain('jira:4', { due_at: at(1), test: true }),
		]);
		expect(await chains.get(['jira:1', 'none'])).toEqual([first]);
		const due = async (seconds: number, limit = 9) =>
			(await chains.due(at(seconds), limit)).map((row) => row.ticket_key);
		expect(await due(49.999)).toEqual([]);
		expect(await due(60)).toEqual(['jira:2', 'jira:1']);
		expect(await due(60, 1)).toEqual(['jira:2']);
		expect(await chains.nextDue()).toBe(at(50));
		await chains.put([chain('jira:2', { due_at: null, status: 'finished' })]);
		expect(await chains.nextDue()).toBe(at(60));
	});
}
