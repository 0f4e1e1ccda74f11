import {
	deliver,
	intake,
	savePolicy,
	savePreferences,
	tellOperators,
	watchdog,
} from '../../../core/engine';
import { parsePolicy } from '../../../core/preferences';
import { createMemoryStore, type Store } from '../../../core/store';
import { person } from '../semantics/timetable';
import { at, eventOf, iso } from './morning';

async function withOneDecided(): Promise<{ store: Store; id: string }> {
	const store = createMemoryStore();
	await savePreferences(store, [person('ann'), person('ops')], at('09:00:00'));
	await savePolicy(store, { routing: { operators: ['ops'] } }, at('09:00:00'));
	const event = eventOf('e1', '10:00:00', { event_type: 'ticket_assigned' });
	const { send } = await intake(store, [event], {
		policy: parsePolicy({}),
		policyId: null,
		now: at('10:00:00'),
		knownChannels: ['slack'],
	});
	return { store, id: send[0].delivery_id };
}

/** Hands out what is due at `time`, under a lease of five minutes. */
const due = async (store: Store, time: string): Promise<string[]> =>
	(
		await store.deliveries.leaseDue(iso(time), 10, 'me', new Date(at(time) + 300_000).toISOString())
	).map((row) => row.user_id);

describe('watchdog', () => {
	test('decided without an outcome: handed out again after ten minutes, given up after the second time, operators told', async () => {
		const { store, id } = await withOneDecided();
		expect(await watchdog(store, at('10:09:00'))).toMatchObject({ resumed: 0, given_up: 0 });
		expect(await watchdog(store, at('10:10:01'))).toMatchObject({ resumed: 1, given_up: 0 });
		expect(await due(store, '10:10:02')).toEqual(['ann']);
		expect(await watchdog(store, at('10:21:00'))).toMatchObject({ resumed: 0, given_up: 1 });
		expect((await store.deliveries.get([id]))[0]).toMatchObject({
			status: 'failed',
			reason: 'no_outcome',
		});
		expect(await due(store, '10:21:01')).toEqual(['ops']);
		expect((await store.shared.get(['watchdog:last'])).get('watchdog:last')).toMatchObject({
			at: iso('10:21:00'),
			given_up: 1,
		});
	});

	test('what has an outcome is left alone', async () => {
		const { store, id } = await withOneDecided();
		const [row] = await store.deliveries.get([id]);
		await deliver(store, [row.item!], {
			attempt: async () => ({ outcome: { ok: true, status: 'sent' }, attempts: 1, latencyMs: 1 }),
			policy: parsePolicy({}),
			now: () => at('10:00:01'),
			random: () => 0.5,
			owner: 'me',
			concurrency: 1,
			leaseMs: 60_000,
		});
		expect(await watchdog(store, at('12:00:00'))).toMatchObject({ resumed: 0, given_up: 0 });
	});

	test('a sender that takes it while the watchdog looks has it alone: it is not handed out beside it', async () => {
		const { store, id } = await withOneDecided();
		const [row] = await store.deliveries.get([id]);
		const deliveries = Object.create(store.deliveries, {
			abandoned: {
				async value(now: string, limit: number) {
					const found = await store.deliveries.abandoned(now, limit);
					await store.deliveries.claim([row], 'sender', iso('10:10:01'), iso('10:11:01'));
					return found;
				},
			},
		}) as Store['deliveries'];
		const looking = Object.create(store, { deliveries: { value: deliveries } }) as Store;
		expect(await watchdog(looking, at('10:10:01'))).toMatchObject({ resumed: 0, given_up: 0 });
		expect(await due(store, '10:10:02')).toEqual([]);
		expect((await store.deliveries.get([id]))[0].stage).toBe('sending');
	});

	test('a sender that died while sending: handed out again, marked as possibly a duplicate', async () => {
		const { store, id } = await withOneDecided();
		const [row] = await store.deliveries.get([id]);
		await store.deliveries.claim(
			[{ ...row, stage: 'sending' }],
			'dead',
			iso('10:00:01'),
			iso('10:01:01'),
		);
		expect(await watchdog(store, at('10:01:00'))).toMatchObject({ resumed: 0, given_up: 0 });
		expect(await watchdog(store, at('10:01:01'))).toMatchObject({ resumed: 1, given_up: 0 });
		expect((await store.deliveries.get([id]))[0]).toMatchObject({
			stage: 'due',
			possibly_duplicate: true,
		});
	});

	test('a delivery over which its sender dies each time: given up at the fifth, operators told', async () => {
		const { store, id } = await withOneDecided();
		const runs = [];
		for (let minute = 1; minute <= 9; minute += 2) {
			const [row] = await store.deliveries.get([id]);
			const from = iso(`10:0${minute}:00`);
			const to = new Date(Date.parse(from) + 60_000).toISOString();
			expect((await store.deliveries.claim([row], 'dead', from, to))[0].claimed).toBe(true);
			const { resumed, given_up } = await watchdog(store, Date.parse(to));
			runs.push([resumed, given_up]);
		}
		expect(runs).toEqual([
			[1, 0],
			[1, 0],
			[1, 0],
			[1, 0],
			[0, 1],
		]);
		expect((await store.deliveries.get([id]))[0]).toMatchObject({
			status: 'failed',
			reason: 'no_outcome',
		});
		expect(await due(store, '10:11:00')).toEqual(['ops']);
	});

	test('the operators are told once per cause and hour', async () => {
		const { store } = await withOneDecided();
		const news = { cause: 'credential:slack', title: 'Slack refuses the token', description: '' };
		expect(await tellOperators(store, news, at('10:00:00'))).toBe(1);
		expect(await tellOperators(store, news, at('10:59:59'))).toBe(0);
		expect(await tellOperators(store, { ...news, cause: 'credential:email' }, at('10:30:00'))).toBe(
			1,
		);
		expect(await tellOperators(store, news, at('11:00:01'))).toBe(1);
	});
});
