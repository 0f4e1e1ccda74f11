import { describe, expect, test } from '@jest/globals';
import type { LedgerRow } from '../../../core/store/types';
import type { Open } from './suite';
import { at, ids, ledger } from './rows';

const lease = (owner: string, until: number): Partial<LedgerRow> => ({
	lease_owner: owner,
	lease_until: at(until),
});

export function claimSuite(open: Open): void {
	describe('claim', () => {
		test('absent, decided, due, emitted and failed rows become sending', async () => {
			const { deliveries } = await open();
			await deliveries.insert([
				ledger('decided'),
				ledger('due', { stage: 'due', due_at: at(99), attempts: 2, reason: 'retry_scheduled' }),
				ledger('emitted', { stage: 'emitted', ...lease('release', 99) }),
				ledger('failed', { stage: 'done', status: 'failed', attempts: 1 }),
			]);
			const names = ['absent', 'decided', 'due', 'emitted', 'failed'];
			const rows = names.map((id) => ledger(id, { reason: 'from the claim' }));
			const claims = await deliveries.claim(rows, 'p1', at(10), at(70));
			const taken = { claimed: true, possibly_duplicate: false };
			expect(claims).toEqual(
				names.map((delivery_id, i) => ({ delivery_id, ...taken, attempts: [0, 0, 2, 0, 1][i] })),
			);
			const stored = await deliveries.get(names);
			expect(stored).toHaveLength(5);
			for (const row of stored) {
				expect(row).toMatchObject({ stage: 'sending', status: 'pending', ...lease('p1', 70) });
				expect(row.updated_at).toBe(at(10));
			}
			const reasonOf = new Map(stored.map((row) => [row.delivery_id, row.reason]));
			expect(reasonOf.get('absent')).toBe('from the claim');
			expect(reasonOf.get('due')).toBe('retry_scheduled');
		});

		test('sent, delivered and superseded rows are refused; a held one belongs to the gate', async () => {
			const { deliveries } = await open();
			await deliveries.insert([
				ledger('sent', { stage: 'done', status: 'sent', provider_message_id: 'm1' }),
				ledger('delivered', { stage: 'done', status: 'delivered' }),
				ledger('superseded', { stage: 'done', status: 'superseded' }),
				ledger('held', { stage: 'held' }),
			]);
			const before = await deliveries.list({});
			const names = ['sent', 'delivered', 'superseded', 'held'];
			const claims = await deliveries.claim(
				names.map((id) => ledger(id)),
				'p1',
				at(1),
				at(9),
			);
			expect(claims.map((claim) => (claim.claimed ? 'claimed' : claim.why))).toEqual([
				'already_sent',
				'already_sent',
				'already_sent',
				'claimed_elsewhere',
			]);
			expect(claims[0]).toMatchObject({ row: { provider_message_id: 'm1', status: 'sent' } });
			expect(await deliveries.list({})).toEqual(before);
		});

		test('a running lease is refused, to its owner too; at its end it is taken over in doubt', async () => {
			const { deliveries } = await open();
			const row = [ledger('d1')];
			await deliveries.claim(row, 'p1', at(0), at(60));
			for (const owner of ['p1', 'p2']) {
				expect((await deliveries.claim(row, owner, at(59.999), at(120)))[0]).toMatchObject({
					claimed: false,
					why: 'claimed_elsewhere',
					row: lease('p1', 60),
				});
			}
			expect(await deliveries.claim(row, 'p2', at(60), at(120))).toEqual([
				{ delivery_id: 'd1', claimed: true, attempts: 1, possibly_duplicate: true },
			]);
			expect((await deliveries.get(['d1']))[0]).toMatchObject({
				...lease('p2', 120),
				possibly_duplicate: true,
				attempts: 1,
			});
		});

		test('the doubt stays with the row through a retry', async () => {
			const { deliveries } = await open();
			const row = [ledger('d1')];
			await deliveries.claim(row, 'p1', at(0), at(60));
			await deliveries.claim(row, 'p2', at(60), at(120));
			await deliveries.update([{ delivery_id: 'd1', stage: 'due', due_at: at(130), attempts: 2 }]);
			expect(await deliveries.claim(row, 'p1', at(130), at(190))).toEqual([
				{ delivery_id: 'd1', claimed: true, attempts: 2, possibly_duplicate: true },
			]);
		});

		test('the same id twice in one claim is claimed once', async () => {
			const { deliveries } = await open();
			const claims = await deliveries.claim([ledger('d1'), ledger('d1')], 'p', at(0), at(60));
			expect(claims.map((claim) => claim.claimed)).toEqual([true, false]);
		});

		test.each(['absent', 'decided'])(
			'many claims at once of %s rows: each goes to one',
			async (stage) => {
				const { deliveries } = await open();
				for (let round = 0; round < 5; round++) {
					const rows = Array.from({ length: 20 }, (_, i) => ledger(`d${round}-${i}`));
					if (stage === 'decided') await deliveries.insert(rows);
					const turns = Array.from({ length: 8 }, (_, i) => i);
					const all = await Promise.all(
						turns.map((i) => {
							const turned = [...rows.slice(i), ...rows.slice(0, i)];
							return deliveries.claim(turned, `p${i}`, at(0), at(60));
						}),
					);
					const claimed = all.flat().filter((claim) => claim.claimed);
					expect(ids(claimed).sort()).toEqual(ids(rows).sort());
				}
			},
		);
	});

	describe('leaseDue', () => {
		test('what is due, urgent first, then first messages, then by time; no tests', async () => {
			const { deliveries } = await open();
			const due = (id: string, rank: number, seconds: number, more: Partial<LedgerRow> = {}) =>
				ledger(id, { stage: 'due', rank, due_at: at(seconds), ...more });
			await deliveries.insert([
				due('repeat', 2, 1),
				due('later', 1, 9),
				due('first', 1, 2),
				due('urgent', 0, 10),
				due('future', 0, 10.001),
				due('test', 0, 1, { test: true }),
				ledger('decided', { due_at: at(1) }),
			]);
			expect(await deliveries.nextDue()).toBe(at(1));
			const one = await deliveries.leaseDue(at(10), 2, 'p1', at(70));
			expect(ids(one)).toEqual(['urgent', 'first']);
			expect(one[0]).toMatchObject({ stage: 'emitted', ...lease('p1', 70), updated_at: at(10) });
			expect(ids(await deliveries.leaseDue(at(10), 9, 'p2', at(70)))).toEqual(['later', 'repeat']);
			expect(await deliveries.leaseDue(at(10), 9, 'p2', at(70))).toEqual([]);
			expect(await deliveries.nextDue()).toBe(at(10.001));
			expect((await deliveries.get(['urgent']))[0]).toMatchObject({ stage: 'emitted' });
		});

		test('emitted rows whose lease ran out go again, in rank; sending ones do not', async () => {
			const { deliveries } = await open();
			await deliveries.insert([
				ledger('gone', { stage: 'emitted', rank: 0, ...lease('p1', 60) }),
				ledger('alive', { stage: 'emitted', ...lease('p1', 61) }),
				ledger('sending', { stage: 'sending', ...lease('p1', 1) }),
				ledger('due', { stage: 'due', due_at: at(1) }),
			]);
			expect(ids(await deliveries.leaseDue(at(60), 9, 'p2', at(120)))).toEqual(['gone', 'due']);
			expect((await deliveries.get(['gone']))[0]).toMatchObject(lease('p2', 120));
			expect(await deliveries.leaseDue(at(60), 0, 'p2', at(120))).toEqual([]);
		});

		test('takeBack: what one owner was handed out is due again at once; not what it sends, nor what others have', async () => {
			const { deliveries } = await open();
			const before = [
				ledger('left', { stage: 'emitted', due_at: at(1), ...lease('host|a', 900) }),
				ledger('other', { stage: 'emitted', due_at: at(1), ...lease('host|b', 900) }),
				ledger('sending', { stage: 'sending', due_at: at(1), ...lease('host|a', 900) }),
				ledger('test', { stage: 'emitted', due_at: at(1), test: true, ...lease('host|a', 900) }),
				ledger('done', { stage: 'done', status: 'sent', ...lease('host|a', 900) }),
			];
			await deliveries.insert(before);
			expect(await deliveries.takeBack('host|a', at(10))).toBe(1);
			const rows = new Map((await deliveries.get(ids(before))).map((r) => [r.delivery_id, r]));
			for (const row of before.slice(1)) expect(rows.get(row.delivery_id)).toEqual(row);
			expect(rows.get('left')).toMatchObject({
				stage: 'due',
				due_at: at(1),
				lease_owner: null,
				lease_until: null,
				updated_at: at(10),
				possibly_duplicate: false,
			});
			expect(ids(await deliveries.leaseDue(at(10), 9, 'host|a', at(70)))).toEqual(['left']);
			expect(await deliveries.takeBack('nobody', at(11))).toBe(0);
		});

		test('many at once: each row is leased once, none is left', async () => {
			const { deliveries } = await open();
			const rows = Array.from({ length: 60 }, (_, i) =>
				ledger(`d${i}`, { stage: 'due', due_at: at(i % 7) }),
			);
			await deliveries.insert(rows);
			const taken: string[] = [];
			for (let round = 0; round < 20 && taken.length < 60; round++) {
				const turns = ['a', 'b', 'c', 'd'].map((owner) =>
					deliveries.leaseDue(at(9), 7, owner, at(60)),
				);
				taken.push(...(await Promise.all(turns)).flatMap(ids));
			}
			expect(taken.sort()).toEqual(ids(rows).sort());
		});
	});
}
