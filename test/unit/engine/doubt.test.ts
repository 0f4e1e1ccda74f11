import {
	deliver,
	handOutDue,
	intake,
	savePreferences,
	savePresence,
	tick,
} from '../../../core/engine';
import type { Delivery } from '../../../core/events';
import { parsePolicy } from '../../../core/preferences';
import { createMemoryStore, type Store } from '../../../core/store';
import { person } from '../semantics/timetable';
import { at, eventOf, iso } from './morning';

const policy = parsePolicy({});

async function decided(store: Store, id: string, time: string): Promise<Delivery[]> {
	const event = eventOf(id, time);
	const options = { policy, policyId: null, now: at(time), knownChannels: ['slack'] };
	return (await intake(store, [event], options)).send;
}

/** Sends; the provider does not answer in time where it is `down`. Returns what was sent and whether it may be a second time. */
async function sendAt(store: Store, time: string, deliveries: Delivery[], down = false) {
	const { results } = await deliver(store, deliveries, {
		policy,
		now: () => at(time),
		random: () => 0.5,
		owner: time,
		concurrency: 1,
		leaseMs: 60_000,
		attempt: async () => ({
			attempts: 1,
			latencyMs: 0,
			outcome: down
				? { ok: false, class: 'retry', code: 'timeout', message: '', ambiguous: true }
				: { ok: true, status: 'sent' },
		}),
	});
	return results.map(({ delivery }) => [
		delivery.digest?.event_ids,
		delivery.status?.status,
		delivery.status?.possibly_duplicate,
	]);
}

async function handedOut(store: Store, time: string): Promise<Delivery[]> {
	await tick(store, { now: at(time), knownChannels: ['slack'] });
	const rows = await store.deliveries.leaseDue(iso(time), 9, 'me', iso('23:00:00'));
	return handOutDue(store, rows, { now: at(time) });
}

async function inMeeting(store: Store): Promise<void> {
	const meeting = { user_id: 'ann', status: 'in_meeting' as const, until: iso('11:00:00') };
	await savePresence(store, meeting, at('10:00:20'));
}

test('what may have gone is held with what waited behind it: their one message says that it may tell it twice', async () => {
	const store = createMemoryStore();
	await savePreferences(store, [person('ann')], at('09:00:00'));
	await sendAt(store, '10:00:00', await decided(store, 'first', '10:00:00'), true);
	await sendAt(store, '10:00:10', await decided(store, 'second', '10:00:10'));
	await inMeeting(store);
	expect(await handedOut(store, '10:00:31')).toEqual([]);
	const released = await handedOut(store, '11:00:00');
	expect(await sendAt(store, '11:00:00', released)).toEqual([[['first', 'second'], 'sent', true]]);
});

test('what may have gone is held and its event comes once more: the message is still marked', async () => {
	const store = createMemoryStore();
	await savePreferences(store, [person('ann')], at('09:00:00'));
	await sendAt(store, '10:00:00', await decided(store, 'first', '10:00:00'), true);
	await inMeeting(store);
	expect(await handedOut(store, '10:00:31')).toEqual([]);
	expect(await decided(store, 'first', '10:01:00')).toEqual([]);
	const released = await handedOut(store, '11:00:00');
	expect(await sendAt(store, '11:00:00', released)).toEqual([[undefined, 'sent', true]]);
});

test('a run that was believed dead sends what is being handed out: it is not held to be sent again', async () => {
	const store = createMemoryStore();
	await savePreferences(store, [person('ann')], at('09:00:00'));
	const [first] = await decided(store, 'first', '10:00:00');
	await sendAt(store, '10:00:00', [first], true);
	await inMeeting(store);
	const rows = await store.deliveries.leaseDue(iso('10:00:31'), 9, 'me', iso('23:00:00'));
	await sendAt(store, '10:00:32', [first]);
	expect(await handOutDue(store, rows, { now: at('10:00:33') })).toEqual([]);
	expect(await store.held.count()).toBe(0);
	const [row] = await store.deliveries.get([first.delivery_id]);
	expect(row).toMatchObject({ stage: 'done', status: 'sent' });
});
