import { handOutDue, savePreferences } from '../../../core/engine/index.ts';
import { deliver } from '../../../core/engine/deliver.ts';
import { addressMark, deliveryId } from '../../../core/events/ids.ts';
import { parseDelivery } from '../../../core/events/index.ts';
import { ledgerRow } from '../../../core/gate/index.ts';
import { parsePolicy } from '../../../core/preferences/index.ts';
import { createMemoryStore } from '../../../core/store/memory/index.ts';
import type { Store } from '../../../core/store/types.ts';
import { person } from '../semantics/timetable.ts';
import { at, eventOf, iso } from './morning.ts';

let store: Store;
beforeEach(async () => {
	store = createMemoryStore();
	await savePreferences(store, [person('ann', {}, ['slack', 'email'])], at('09:00'));
});

/** What waits for ann on Slack since 10:00, handed out at 12:00. */
async function atNoon(more: object = {}) {
	const delivery = parseDelivery({
		delivery_id: 'd1',
		event: eventOf('e1', '10:00'),
		recipient: { user_id: 'ann', language: 'en', timezone: 'UTC', role: 'assignee' },
		channel: 'slack',
		address: { userid: 'S-ann' },
		why: { address: addressMark({ userid: 'S-ann' }) },
		fallback: [{ channel: 'email', address: { address: 'old@example.com' } }],
		...more,
	});
	const due = { stage: 'due' as const, due_at: iso('12:00') };
	await store.deliveries.insert([ledgerRow(delivery, iso('10:00'), due)]);
	const rows = await store.deliveries.leaseDue(iso('12:00'), 10, 'p', iso('12:15'));
	return handOutDue(store, rows, { now: at('12:00') });
}
const moved = {
	...person('ann', { timezone: 'Asia/Shanghai', language: 'zh-CN' }, ['slack', 'email']),
	notification_preferences: {
		channels: ['slack', 'email', 'sms'],
		slack: { userid: 'S-NEW' },
		email: { address: 'new@example.com' },
		sms: { number: '+8613800000000' },
	},
};

it('is written to at the address, in the language and the zone of now', async () => {
	await savePreferences(store, [moved], at('11:00'));
	expect(await atNoon()).toMatchObject([
		{
			delivery_id: 'd1',
			address: { userid: 'S-NEW' },
			recipient: { language: 'zh-CN', timezone: 'Asia/Shanghai', role: 'assignee' },
			fallback: [
				{ channel: 'email', address: { address: 'new@example.com' } },
				{ channel: 'sms', address: { number: '+8613800000000' } },
			],
		},
	]);
});

it('and is so again at a later try', async () => {
	await savePreferences(store, [moved], at('11:00'));
	const [item] = await atNoon();
	const due = { stage: 'due' as const, due_at: iso('13:00') };
	await store.deliveries.insert([ledgerRow(item, iso('12:00'), due)], { overwrite: true });
	await savePreferences(store, [person('ann', {}, ['slack', 'email'])], at('12:30'));
	const rows = await store.deliveries.leaseDue(iso('13:00'), 10, 'p', iso('13:15'));
	expect(await handOutDue(store, rows, { now: at('13:00') })).toMatchObject([
		{ address: { userid: 'S-ann' } },
	]);
});

it.each<[string, object]>([
	['a document that came with it', { preference: person('ann') }],
	['an answer', { purpose: 'confirmation:i1', confirmation: { text: 'Done' } }],
	['an edit', { purpose: 'update:x', update_of: { delivery_id: 'd0', ref: {} } }],
	['what was written in a sender', { standalone: true }],
	['somebody unknown', { recipient: { user_id: 'email:zed@example.com' } }],
])('as it was decided: %s', async (_name, more) => {
	await savePreferences(store, [{ ...moved, active: false }], at('11:00'));
	expect(await atNoon(more)).toMatchObject([{ address: { userid: 'S-ann' } }]);
});

it('a workflow that writes to another address than the document’s means it', async () => {
	await savePreferences(store, [moved], at('11:00'));
	const address = { userid: 'C-TEST' };
	expect(await atNoon({ address })).toMatchObject([{ address, recipient: { language: 'en' } }]);
});

it('a document that has been broken meanwhile stops nothing', async () => {
	const document = { ...person('ann', { active: false }), timezone: 'CST' };
	await store.preferences.put([{ user_id: 'ann', document, updated_at: iso('11:00') }]);
	expect(await atNoon()).toMatchObject([{ address: { userid: 'S-ann' } }]);
});

it('for another channel it is due there, and says where it comes from', async () => {
	await savePreferences(
		store,
		[person('ann', { channel: { slack: { enabled: false } } }, ['slack', 'email'])],
		at('11:00'),
	);
	expect(await atNoon()).toEqual([]);
	expect(await store.deliveries.get(['d1'])).toMatchObject([
		{ stage: 'done', status: 'silenced', reason: 'channel_off', lease_owner: null },
	]);
	const [row] = await store.deliveries.leaseDue(iso('12:00'), 10, 'p', iso('12:15'));
	expect(row.item).toMatchObject({
		channel: 'email',
		address: { address: 'ann@example.com' },
		tried: ['slack'],
		failed: [{ channel: 'slack', status: { status: 'failed', reason: 'channel_off' } }],
	});
});

it('what a sender has taken since it was read stays with that sender', async () => {
	await savePreferences(store, [{ ...moved, active: false }], at('11:00'));
	const { leaseDue } = store.deliveries;
	store.deliveries.leaseDue = async (...args) => {
		const rows = await leaseDue.apply(store.deliveries, args);
		await deliver(
			store,
			rows.map(({ item }) => item as never),
			{
				policy: parsePolicy({}),
				now: () => at('12:00'),
				random: () => 0.5,
				owner: 'sender',
				concurrency: 1,
				leaseMs: 60_000,
				attempt: async () => ({ attempts: 1, latencyMs: 1, outcome: { ok: true, status: 'sent' } }),
			},
		);
		return rows;
	};
	expect(await atNoon()).toEqual([]);
	expect(await store.deliveries.get(['d1'])).toMatchObject([{ status: 'sent', reason: null }]);
});

const slackIsOff = person('ann', { channel: { slack: { enabled: false } } }, ['slack', 'email']);

/** Waits for ann on Slack, decided in the order of their numbers. */
const waiting = (n: number, more: { event_type?: string } = {}) => {
	const delivery = parseDelivery({
		delivery_id: deliveryId(`e${n}`, 'ann', 'slack'),
		event: eventOf(`e${n}`, '10:00', more),
		recipient: { user_id: 'ann' },
		channel: 'slack',
		address: { userid: 'S-ann' },
		why: { address: addressMark({ userid: 'S-ann' }) },
		fallback: [{ channel: 'email', address: { address: 'ann@example.com' } }],
	});
	return ledgerRow(delivery, iso(`10:0${n}`), {
		stage: 'due',
		due_at: iso('12:00'),
		rank: more.event_type ? 0 : 1,
	});
};
const dueAtNoon = () => store.deliveries.leaseDue(iso('12:00'), 50, 'p', iso('12:15'));

it('on another channel all of it stands in its order, urgent first', async () => {
	await savePreferences(store, [slackIsOff], at('11:00'));
	const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
	await store.deliveries.insert([
		...numbers.map((n) => waiting(n)),
		waiting(9, { event_type: 'sla_breaching' }),
	]);
	expect(await handOutDue(store, await dueAtNoon(), { now: at('12:00') })).toEqual([]);
	const there = await dueAtNoon();
	expect(there.map((row) => [row.channel, row.event_id])).toEqual(
		[9, ...numbers].map((n) => ['email', `e${n}`]),
	);
});

it('however many people are at it, the store is asked as often', async () => {
	const asked = async (count: number): Promise<number> => {
		let calls = 0;
		const counted = <T extends object>(of: T): T =>
			new Proxy(of, {
				get(target, key) {
					const value: unknown = Reflect.get(target, key, target);
					if (key === 'exclusive')
						return (keys: string[], work: (tx: Store) => Promise<unknown>) =>
							store.exclusive(keys, (tx) => work(counted(tx)));
					if (typeof value === 'object' && value !== null) return counted(value);
					if (typeof value !== 'function') return value;
					return (...args: unknown[]): unknown => {
						calls++;
						return value.apply(target, args);
					};
				},
			});
		store = createMemoryStore();
		await savePreferences(store, [slackIsOff], at('11:00'));
		const numbers = Array.from({ length: count }, (_, n) => n + 1);
		await store.deliveries.insert(numbers.map((n) => waiting(n)));
		const rows = await dueAtNoon();
		await handOutDue(counted(store), rows, { now: at('12:00') });
		return calls;
	};
	expect(await asked(9)).toBe(await asked(1));
});

it('what is mandatory asks no muted category for its next channel', async () => {
	const channel = { email: { muted_categories: ['security_alert'] } };
	await savePreferences(store, [person('ann', { channel }, ['slack', 'email'])], at('11:00'));
	await store.deliveries.insert([waiting(1, { event_type: 'security_alert' })]);
	expect(await handOutDue(store, await dueAtNoon(), { now: at('12:00') })).toMatchObject([
		{ channel: 'slack', fallback: [{ channel: 'email' }] },
	]);
});

it('where no listed channel is left, at an address that need not be listed (RP3)', async () => {
	const { notification_preferences: of } = slackIsOff as typeof moved;
	const channels = {
		channels: ['slack'],
		slack: of.slack,
		sms: moved.notification_preferences.sms,
	};
	await savePreferences(store, [{ ...moved, notification_preferences: channels }], at('11:00'));
	await store.deliveries.insert([waiting(1)]);
	await handOutDue(store, await dueAtNoon(), { now: at('12:00') });
	expect(await dueAtNoon()).toMatchObject([{ channel: 'sms', event_id: 'e1' }]);
});
