import { describe, expect, test } from '@jest/globals';
import type { DeliveryFilter, LedgerRow } from '../../../core/store/types';
import type { Open } from './suite';
import { at, delivery, ids, ledger } from './rows';

const sent = (more: Partial<LedgerRow> = {}): Partial<LedgerRow> => ({
	stage: 'done',
	status: 'sent',
	sent_at: at(9),
	...more,
});

const digest = (id: string, events: string[], more: Partial<LedgerRow> = {}): LedgerRow => {
	const inside = { id: 'x', entries: [], total: 2, ticket_ids: [], event_ids: events };
	const item = delivery(id, { digest: inside });
	return ledger(id, { purpose: 'digest:x', item, event_id: events[0], ...more });
};

export function ledgerSuite(open: Open): void {
	describe('ledger', () => {
		test('a row comes back as it went in', async () => {
			const { deliveries } = await open();
			const full = ledger('d1', {
				facts: { until: null, list: [1] },
				provider_ref: { ts: '1.2' },
				error: { code: 'x', message: 'ü' },
				possibly_duplicate: true,
				latency_ms: 12.5,
				attempts: 3,
				rank: 0,
				due_at: at(5),
				sent_at: at(6),
			});
			await deliveries.insert([full, ledger('d2', { item: null, facts: null })]);
			expect(await deliveries.get(['d1', 'none', 'd1'])).toEqual([full]);
			expect((await deliveries.get(['d2']))[0]).toEqual(ledger('d2', { item: null, facts: null }));
		});

		test('insert keeps what is there and names the new ones; overwrite replaces all but the beginning', async () => {
			const { deliveries } = await open();
			expect(await deliveries.insert([ledger('d1'), ledger('d2')])).toEqual(['d1', 'd2']);
			const other = ledger('d1', { reason: 'other', created_at: at(50), updated_at: at(50) });
			expect(await deliveries.insert([other, ledger('d3')])).toEqual(['d3']);
			expect((await deliveries.get(['d1']))[0].reason).toBe('send_now');
			expect(await deliveries.insert([other, ledger('d4')], { overwrite: true })).toEqual(['d4']);
			expect((await deliveries.get(['d1']))[0]).toEqual({ ...other, created_at: at(0) });
		});

		test('the same id twice in one insert: the first stays, with overwrite the last', async () => {
			const { deliveries } = await open();
			const two = (id: string) => [ledger(id, { reason: 'a' }), ledger(id, { reason: 'b' })];
			expect(await deliveries.insert(two('d1'))).toEqual(['d1']);
			expect((await deliveries.get(['d1']))[0].reason).toBe('a');
			expect(await deliveries.insert(two('d2'), { overwrite: true })).toEqual(['d2']);
			expect((await deliveries.get(['d2']))[0].reason).toBe('b');
		});

		test('update with a condition leaves rows alone that it does not hold for, and names the others', async () => {
			const { deliveries } = await open();
			await deliveries.insert([ledger('d1', { lease_owner: 'p' }), ledger('d2')]);
			const changes = ['d1', 'd2', 'none'].map((id) => ({ delivery_id: id, reason: 'r' }));
			const free = (row: LedgerRow): boolean => row.lease_owner === null;
			expect(await deliveries.update(changes, free)).toEqual(['d2']);
			const rows = await deliveries.get(['d1', 'd2']);
			expect(rows.map((row) => row.reason).sort()).toEqual(['r', 'send_now']);
			expect((await deliveries.update(changes)).sort()).toEqual(['d1', 'd2']);
		});

		test('update changes what is named, null clears, undefined and unknown ids do nothing', async () => {
			const { deliveries } = await open();
			await deliveries.insert([ledger('d1', { reason: 'r', lease_owner: 'p' }), ledger('d2')]);
			await deliveries.update([
				{ delivery_id: 'd1', stage: 'done', status: 'sent', lease_owner: null, reason: undefined },
				{ delivery_id: 'd2', attempts: 2, item: delivery('d2', { purpose: 'repeat:1' }) },
				{ delivery_id: 'none', attempts: 9 },
			]);
			expect((await deliveries.get(['d1']))[0]).toEqual(
				ledger('d1', { stage: 'done', status: 'sent', reason: 'r' }),
			);
			expect((await deliveries.get(['d2']))[0]).toMatchObject({
				attempts: 2,
				stage: 'decided',
				item: { purpose: 'repeat:1' },
			});
			expect(await deliveries.get(['none'])).toEqual([]);
		});

		test('editable: what reached somebody and can be changed, by ticket, oldest first', async () => {
			const { deliveries } = await open();
			const ref = { channel: 'D1', ts: '1.2' };
			await deliveries.insert([
				ledger('late', sent({ provider_ref: ref, created_at: at(5) })),
				ledger('early', sent({ provider_ref: ref, status: 'delivered' })),
				ledger('no-ref', sent()),
				ledger('failed', sent({ status: 'failed', provider_ref: ref })),
				ledger('test', sent({ provider_ref: ref, test: true })),
				ledger('other', sent({ provider_ref: ref, ticket_key: 'jira:43' })),
			]);
			const idsOf = async (...keys: string[]) =>
				(await deliveries.editable(keys)).map((row) => row.delivery_id);
			expect(await idsOf('jira:42', 'jira:42')).toEqual(['early', 'late']);
			expect(await idsOf('jira:43', 'none')).toEqual(['other']);
			expect(await idsOf()).toEqual([]);
		});

		test("list finds a message by the provider's own id", async () => {
			const { deliveries } = await open();
			await deliveries.insert([
				ledger('d1', sent({ provider_message_id: 'p1' })),
				ledger('d2', sent({ provider_message_id: 'p2' })),
			]);
			expect(
				(await deliveries.list({ provider_message_id: 'p2' })).map((r) => r.delivery_id),
			).toEqual(['d2']);
		});

		test('line: what waits or is being sent to a ticket, person and channel, by decision; no tests', async () => {
			const { deliveries } = await open();
			await deliveries.insert([
				ledger('second', { stage: 'sending', created_at: at(2), facts: { waits_for: 'first' } }),
				ledger('first', { stage: 'due', due_at: at(9), created_at: at(1), rank: 0 }),
				ledger('third', { stage: 'emitted', lease_until: at(9), created_at: at(3) }),
				ledger('decided'),
				ledger('done', { stage: 'done', status: 'sent' }),
				ledger('tried in the editor', { stage: 'due', test: true }),
				ledger('other channel', { stage: 'due', channel: 'email' }),
				ledger('other person', { stage: 'due', user_id: 'bob' }),
				ledger('other ticket', { stage: 'due', ticket_key: 'jira:43', created_at: at(4) }),
			]);
			const key = { ticket_key: 'jira:42', user_id: 'ann', channel: 'slack' };
			const line = await deliveries.line([key, { ...key, ticket_key: 'jira:43' }, key]);
			expect(line.map((row) => row.delivery_id)).toEqual([
				'first',
				'second',
				'third',
				'other ticket',
			]);
			expect(line[0]).toMatchObject({ ...key, stage: 'due', due_at: at(9), rank: 0, test: false });
			expect(line[1].facts).toEqual({ waits_for: 'first' });
			expect(await deliveries.line([])).toEqual([]);
		});

		test('recentCounts: sends and holds per person and channel; no tests, silenced, digests, repeats', async () => {
			const { deliveries } = await open();
			await deliveries.insert([
				ledger('before', { created_at: at(9.999) }),
				ledger('edge', { created_at: at(10) }),
				ledger('held', { created_at: at(11), stage: 'held' }),
				ledger('absorbed', { created_at: at(11), stage: 'done', status: 'superseded' }),
				ledger('silenced', { created_at: at(11), stage: 'done', status: 'silenced' }),
				ledger('no route', { created_at: at(11), stage: 'done', status: 'no_route' }),
				ledger('test', { created_at: at(11), test: true }),
				ledger('digest', { created_at: at(11), purpose: 'digest:1' }),
				ledger('repeat', { created_at: at(11), purpose: 'repeat:1' }),
				ledger('mail', { created_at: at(11), channel: 'email' }),
				ledger('bob', { created_at: at(11), user_id: 'bob' }),
			]);
			const pairs = [
				{ user_id: 'ann', channel: 'slack' },
				{ user_id: 'bob', channel: 'slack' },
				{ user_id: 'bob', channel: 'email' },
			];
			const counts = await deliveries.recentCounts(pairs, at(10));
			expect([...counts].sort()).toEqual([
				['ann|slack', 3],
				['bob|slack', 1],
			]);
			await deliveries.insert([ledger('edge', { created_at: at(99) })], { overwrite: true });
			expect((await deliveries.recentCounts(pairs, at(10.5))).get('ann|slack')).toBe(2);
		});

		test('told: a message reached the person about the ticket, alone or inside a digest', async () => {
			const { deliveries } = await open();
			await deliveries.insert([
				ledger('d1', { ticket_key: 'jira:1', ...sent() }),
				ledger('d2', { ticket_key: 'jira:2', ...sent({ status: 'delivered' }) }),
				ledger('d3', { ticket_key: 'jira:3' }),
				ledger('d4', { ticket_key: 'jira:4', ...sent(), test: true }),
				ledger('d5', { ticket_key: 'jira:5', event_id: 'e5', stage: 'done', status: 'superseded' }),
				ledger('d6', { ticket_key: 'jira:6', event_id: 'e6', stage: 'done', status: 'superseded' }),
				digest('dig', ['e9', 'e5'], { ticket_key: 'jira:9', stage: 'due' }),
				digest('lost', ['e8', 'e6'], { ticket_key: 'jira:8', stage: 'done', status: 'failed' }),
			]);
			const pairs = [1, 2, 3, 4, 5, 6, 8, 9].map((n) => ({
				ticket_key: `jira:${n}`,
				user_id: 'ann',
			}));
			const others = { ticket_key: 'jira:1', user_id: 'bob' };
			expect([...(await deliveries.told([...pairs, others]))].sort()).toEqual([
				'jira:1|ann',
				'jira:2|ann',
			]);
			await deliveries.update([{ delivery_id: 'dig', stage: 'done', status: 'sent' }]);
			expect([...(await deliveries.told(pairs))].sort()).toEqual([
				'jira:1|ann',
				'jira:2|ann',
				'jira:5|ann',
				'jira:9|ann',
			]);
		});

		test('carried: the channels that brought an event to a person, inside a digest too', async () => {
			const { deliveries } = await open();
			await deliveries.insert([
				ledger('d1', { event_id: 'e1', ...sent() }),
				ledger('d2', { event_id: 'e1', channel: 'email', ...sent({ status: 'delivered' }) }),
				ledger('d3', { event_id: 'e1', channel: 'sms', stage: 'done', status: 'failed' }),
				ledger('d4', { event_id: 'e1', user_id: 'bob', ...sent() }),
				digest('dig', ['e2', 'e1', 'e3'], { channel: 'wecom', ...sent() }),
			]);
			const carried = await deliveries.carried([
				{ event_id: 'e1', user_id: 'ann' },
				{ event_id: 'e3', user_id: 'ann' },
				{ event_id: 'e3', user_id: 'bob' },
			]);
			expect([...carried].sort()).toEqual([
				['e1|ann', ['email', 'slack', 'wecom']],
				['e3|ann', ['wecom']],
			]);
		});

		test('stuck: in flight and untouched since before an instant, oldest first', async () => {
			const { deliveries } = await open();
			await deliveries.insert([
				ledger('decided', { updated_at: at(3) }),
				ledger('sending', { stage: 'sending', updated_at: at(1) }),
				ledger('emitted', { stage: 'emitted', updated_at: at(2) }),
				ledger('edge', { updated_at: at(10) }),
				ledger('held', { stage: 'held', updated_at: at(1) }),
				ledger('done', { stage: 'done', status: 'sent', updated_at: at(1) }),
				ledger('test', { updated_at: at(1), test: true }),
			]);
			expect(ids(await deliveries.stuck(at(10), 9))).toEqual(['sending', 'emitted', 'decided']);
			expect(ids(await deliveries.stuck(at(10), 2))).toEqual(['sending', 'emitted']);
		});

		test('abandoned: handed out or being sent under a lease that has ended, the oldest first', async () => {
			const { deliveries } = await open();
			const sending = { stage: 'sending', updated_at: at(1), lease_owner: 'me' } as const;
			await deliveries.insert([
				ledger('later', { ...sending, lease_until: at(5) }),
				ledger('over', { ...sending, lease_until: at(3) }),
				ledger('running', { ...sending, lease_until: at(6) }),
				ledger('handed out', { ...sending, stage: 'emitted', lease_until: at(4) }),
				ledger('decided', { ...sending, stage: 'decided', lease_until: at(3) }),
				ledger('done', { ...sending, stage: 'done', status: 'sent', lease_until: at(3) }),
				ledger('test', { ...sending, lease_until: at(3), test: true }),
			]);
			expect(ids(await deliveries.abandoned(at(5), 9))).toEqual(['over', 'handed out', 'later']);
			expect(ids(await deliveries.abandoned(at(5), 1))).toEqual(['over']);
		});

		test('list: newest first, every filter, half-open times, tests only on request', async () => {
			const { deliveries } = await open();
			await deliveries.insert([
				ledger('d1', { created_at: at(1), ticket_key: 'zabbix:7', item: null }),
				ledger('d2', { created_at: at(2), user_id: 'bob', event_id: 'e2' }),
				ledger('d3', { created_at: at(3), channel: 'email', status: 'failed' }),
				ledger('d4', { created_at: at(4), test: true }),
			]);
			const list = async (filter: DeliveryFilter) => ids(await deliveries.list(filter));
			expect(await list({})).toEqual(['d3', 'd2', 'd1']);
			expect(await list({ include_test: true })).toEqual(['d4', 'd3', 'd2', 'd1']);
			expect(await list({ limit: 1, offset: 1 })).toEqual(['d2']);
			expect(await list({ user_id: 'bob' })).toEqual(['d2']);
			expect(await list({ channel: 'email' })).toEqual(['d3']);
			expect(await list({ status: 'failed' })).toEqual(['d3']);
			expect(await list({ ticket_key: 'zabbix:7' })).toEqual(['d1']);
			expect(await list({ ticket_id: '7' })).toEqual(['d1']);
			expect(await list({ ticket_id: '42', user_id: 'ann' })).toEqual(['d3']);
			expect(await list({ event_id: 'e2' })).toEqual(['d2']);
			expect(await list({ delivery_id: 'd1' })).toEqual(['d1']);
			expect(await list({ since: at(2), until: at(3) })).toEqual(['d2']);
		});
	});
}
