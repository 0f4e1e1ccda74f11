import { deliver, intake, savePreferences, watchdog } from '../../../core/engine';
import type { Delivery } from '../../../core/events';
import { ledgerRow } from '../../../core/gate';
import { parsePolicy } from '../../../core/preferences';
import { createMemoryStore, type Store } from '../../../core/store';
import { person } from '../semantics/timetable';
import { at, eventOf, iso } from './morning';

const policy = parsePolicy({});

async function decided(store: Store, id: string, time: string): Promise<Delivery> {
	const event = eventOf(id, time);
	const { send } = await intake(store, [event], {
		policy,
		policyId: null,
		now: at(time),
		knownChannels: ['slack'],
	});
	return send[0];
}

/** Sends at `time`; `down`: the provider does not answer, or what happens meanwhile. Returns what was asked of it, and each result's reason. */
async function sendAt(
	store: Store,
	time: string,
	deliveries: Delivery[],
	down: boolean | ((id: string) => Promise<unknown>) = false,
): Promise<{ asked: string[]; reasons: Array<string | undefined>; freed: number }> {
	const asked: string[] = [];
	const { results, freed } = await deliver(store, deliveries, {
		policy,
		now: () => at(time),
		random: () => 0.5,
		owner: `run of ${time}`,
		concurrency: 1,
		leaseMs: 60_000,
		attempt: async (delivery) => {
			asked.push(delivery.event.event_id);
			if (typeof down === 'function') await down(delivery.event.event_id);
			return {
				attempts: 1,
				latencyMs: 0,
				outcome:
					down === true
						? { ok: false, class: 'retry', code: 'timeout', message: '' }
						: { ok: true, status: 'sent' },
			};
		},
	});
	return { asked, reasons: results.map(({ delivery }) => delivery.status?.reason), freed };
}

const leased = async (store: Store, time: string): Promise<Delivery[]> =>
	(await store.deliveries.leaseDue(iso(time), 10, 'release', iso('23:00:00'))).map(
		(row) => row.item as Delivery,
	);

async function withOneWaiting(): Promise<Store> {
	const store = createMemoryStore();
	await savePreferences(store, [person('ann')], at('09:00:00'));
	await sendAt(store, '10:00:00', [await decided(store, 'first', '10:00:00')], true);
	return store;
}

describe('the line behind a message that is tried again', () => {
	test('the later one is not sent, says for whom it waits and when it is looked at, and follows', async () => {
		const store = await withOneWaiting();
		const second = await decided(store, 'second', '10:00:10');
		expect(await sendAt(store, '10:00:10', [second])).toMatchObject({
			asked: [],
			reasons: ['waits_for_earlier'],
		});
		const [first] = await store.deliveries.list({ event_id: 'first' });
		const [row] = await store.deliveries.get([second.delivery_id]);
		expect(row).toMatchObject({
			stage: 'due',
			attempts: 0,
			facts: { waits_for: first.delivery_id },
		});
		expect(first.due_at).toBe(iso('10:00:30'));
		expect(Date.parse(row.due_at as string)).toBe(at('10:00:30') + 1);
		const { asked } = await sendAt(store, '10:00:31', await leased(store, '10:00:31'));
		expect(asked).toEqual(['first', 'second']);
		expect((await store.deliveries.get([second.delivery_id]))[0].facts?.waits_for).toBeUndefined();
	});

	test('while the first is handed out or being sent by another run, the later one still waits', async () => {
		const store = await withOneWaiting();
		await leased(store, '10:00:31');
		const second = await decided(store, 'second', '10:00:40');
		expect((await sendAt(store, '10:00:40', [second])).reasons).toEqual(['waits_for_earlier']);
	});

	test('the first ends by another way than its retry: the later one is due at once', async () => {
		const store = await withOneWaiting();
		const [first] = await store.deliveries.list({ event_id: 'first' });
		const second = await decided(store, 'second', '10:00:05');
		await sendAt(store, '10:00:05', [second]);
		// n8n's own retry of the execution.
		expect((await sendAt(store, '10:00:08', [first.item as Delivery])).freed).toBe(1);
		expect(await store.deliveries.nextDue()).toBe(iso('10:00:08'));
	});

	test('nobody fetches the first (no Release Trigger): after ten minutes it holds nobody up', async () => {
		const store = await withOneWaiting();
		const soon = await decided(store, 'soon', '10:10:00');
		expect((await sendAt(store, '10:10:00', [soon])).asked).toEqual([]);
		const late = await decided(store, 'late', '10:10:31');
		expect((await sendAt(store, '10:10:31', [late])).asked).toEqual([]);
		const later = await decided(store, 'later', '10:21:00');
		expect((await sendAt(store, '10:21:00', [later])).asked).toEqual(['later']);
	});

	test('the run that retries the first dies: the watchdog gives it up, and the later one has its turn', async () => {
		const store = await withOneWaiting();
		const second = await decided(store, 'second', '10:00:10');
		await sendAt(store, '10:00:10', [second]);
		// Handed out and never sent, twice.
		for (const [out, look] of [
			['10:00:30', '10:11:00'],
			['10:11:10', '10:22:00'],
		]) {
			await store.deliveries.leaseDue(iso(out), 10, 'dead', iso(look));
			await watchdog(store, at(look));
		}
		const [first] = await store.deliveries.list({ event_id: 'first' });
		expect(first).toMatchObject({ status: 'failed', reason: 'no_outcome' });
		const out = (await leased(store, '10:22:10')).filter(({ event }) => event.source === 'test');
		expect((await sendAt(store, '10:22:10', out)).asked).toEqual(['second']);
	});
});

describe('the line behind a message that another run is sending', () => {
	/** With somebody to write to, and a Release Trigger at work. */
	const begun = async (): Promise<Store> => {
		const store = createMemoryStore();
		await savePreferences(store, [person('ann')], at('09:00:00'));
		await watchdog(store, at('09:59:00'));
		return store;
	};
	const three = async (store: Store): Promise<Delivery[]> => {
		const all: Delivery[] = [];
		for (const [id, time] of [
			['first', '10:00:00'],
			['second', '10:00:01'],
			['third', '10:00:02'],
		])
			all.push(await decided(store, id, time));
		return all;
	};

	test('the later one is looked at again in five seconds, and at once when the first has been sent', async () => {
		const store = await begun();
		const [first, second] = await three(store);
		await sendAt(store, '10:00:02', [first], async () => {
			expect(await sendAt(store, '10:00:03', [second])).toMatchObject({
				asked: [],
				reasons: ['waits_for_earlier'],
			});
			const [row] = await store.deliveries.get([second.delivery_id]);
			expect(row).toMatchObject({
				stage: 'due',
				facts: { waits_for: first.delivery_id },
				due_at: new Date(at('10:00:08') + 1).toISOString(),
			});
			expect(await leased(store, '10:00:08')).toEqual([]);
		});
		expect(await store.deliveries.nextDue()).toBe(iso('10:00:02'));
		const { asked } = await sendAt(store, '10:00:04', await leased(store, '10:00:04'));
		expect(asked).toEqual(['second']);
	});

	test('no Release Trigger is at work: nobody would fetch what waits, so it goes at once', async () => {
		const store = await begun();
		const [first, second, third] = await three(store);
		await watchdog(store, at('09:55:00'));
		await sendAt(store, '10:00:02', [first], async () => {
			expect((await sendAt(store, '10:00:03', [second])).asked).toEqual(['second']);
			await watchdog(store, at('10:00:03'));
			expect((await sendAt(store, '10:00:04', [third])).asked).toEqual([]);
		});
	});

	test('a new leader runs the same events again: nothing overtakes what the old run still sends', async () => {
		const store = await begun();
		const all = await three(store);
		const { asked } = await sendAt(store, '10:00:02', all, async (id) => {
			if (id !== 'first') return;
			expect(await sendAt(store, '10:00:03', all)).toMatchObject({
				asked: [],
				reasons: ['claimed_elsewhere', 'waits_for_earlier', 'waits_for_earlier'],
			});
		});
		expect(asked).toEqual(['first', 'second', 'third']);
		expect(await leased(store, '10:30:00')).toEqual([]);
	});

	test('later ones of one run, decided in one instant, wait for each other', async () => {
		const store = await begun();
		const first = await decided(store, 'first', '10:00:00');
		const [second, third] = [
			await decided(store, 'second', '10:00:01'),
			await decided(store, 'third', '10:00:01'),
		];
		await sendAt(store, '10:00:02', [first], async () => {
			for (const [time, one] of [
				['10:00:03', second],
				['10:00:04', third],
			] as const)
				expect((await sendAt(store, time, [one])).reasons).toEqual(['waits_for_earlier']);
		});
		const sent: string[] = [];
		for (const time of ['10:00:05', '10:00:06'])
			sent.push(...(await sendAt(store, time, await leased(store, time))).asked);
		expect(sent).toEqual(['second', 'third']);
	});

	test('its sender dies: the later ones wait until the watchdog has handed it out, and keep their order', async () => {
		const store = await begun();
		const all = await three(store);
		// Handed to a provider, and no more was heard of it.
		void sendAt(store, '10:00:02', all, () => new Promise(() => undefined));
		await new Promise(setImmediate);
		expect((await sendAt(store, '10:00:59', all)).reasons).toEqual([
			'claimed_elsewhere',
			'waits_for_earlier',
			'waits_for_earlier',
		]);
		// The lease has ended and nobody has looked yet.
		const early = await leased(store, '10:01:05');
		expect((await sendAt(store, '10:01:05', early)).asked).toEqual([]);
		await watchdog(store, at('10:01:11'));
		const sent: string[] = [];
		for (const time of ['10:01:12', '10:01:13', '10:01:14'])
			sent.push(...(await sendAt(store, time, await leased(store, time))).asked);
		expect(sent).toEqual(['first', 'second', 'third']);
	});

	test.each(['the watchdog hands it out', 'its run comes again'])(
		'all are decided in one instant and the sender of the first dies; %s: the others follow it, nobody waits in a circle',
		async (how) => {
			const store = await begun();
			const all: Delivery[] = [];
			for (const id of ['first', 'second', 'third']) all.push(await decided(store, id, '10:00:00'));
			void sendAt(store, '10:00:01', all, () => new Promise(() => undefined));
			await new Promise(setImmediate);
			expect((await sendAt(store, '10:00:02', all)).asked).toEqual([]);
			const sent: string[] = [];
			if (how === 'its run comes again') sent.push(...(await sendAt(store, '10:01:02', all)).asked);
			else await watchdog(store, at('10:01:02'));
			for (const time of ['10:01:03', '10:01:10', '10:01:20'])
				sent.push(...(await sendAt(store, time, await leased(store, time))).asked);
			expect(sent).toEqual(['first', 'second', 'third']);
		},
	);

	test('urgent passes, and so do another ticket, person and channel', async () => {
		const store = await begun();
		const [first, second] = await three(store);
		const other = { ...second, delivery_id: 'd_other', channel: 'email' as const };
		const urgent = {
			...second,
			delivery_id: 'd_urgent',
			event: { ...second.event, content: { ...second.event.content, priority: 'Critical' } },
		};
		await sendAt(store, '10:00:02', [first], async () => {
			const { asked } = await sendAt(store, '10:00:03', [other, urgent as Delivery]);
			expect(asked).toHaveLength(2);
		});
	});
});

describe('answers to people, and what is urgent only by its ticket', () => {
	const answer = async (store: Store, id: string, time: string): Promise<Delivery> => {
		const [first] = await store.deliveries.list({ event_id: 'first' });
		const item = first.item as Delivery;
		const purpose = `confirmation:${id}`;
		const event = { ...item.event, event_id: id };
		const made = {
			...item,
			event,
			purpose,
			delivery_id: `d_${id}`,
			confirmation: { text: 'ok', reply: {} },
		};
		await store.deliveries.insert([ledgerRow(made, iso(time), { rank: 0 })]);
		return made;
	};

	test('an answer waits for no news, and news for no answer; answers keep their order', async () => {
		const store = await withOneWaiting();
		const waits = await answer(store, 'press:pending', '10:00:05');
		expect((await sendAt(store, '10:00:05', [waits], true)).asked).toEqual(['press:pending']);
		const came = await answer(store, 'press', '10:00:06');
		expect((await sendAt(store, '10:00:06', [came])).asked).toEqual([]);
		const [first] = await store.deliveries.list({ event_id: 'first' });
		await sendAt(store, '10:00:07', [first.item as Delivery]);
		const second = await decided(store, 'second', '10:00:08');
		expect((await sendAt(store, '10:00:08', [second])).asked).toEqual(['second']);
		const { asked } = await sendAt(store, '10:00:40', await leased(store, '10:00:40'));
		expect(asked).toEqual(['press:pending', 'press']);
	});

	test('what was handed out as urgent, since its ticket has become so, does not wait', async () => {
		const store = await withOneWaiting();
		const second = await decided(store, 'second', '10:00:10');
		await store.deliveries.update([{ delivery_id: second.delivery_id, rank: 0 }]);
		expect((await sendAt(store, '10:00:10', [second])).asked).toEqual(['second']);
	});
});
