// What a process that dies leaves behind: each test ends a step in its middle by a store that fails there.
import { deliver, intake, savePolicy, savePreferences, tick } from '../../../core/engine';
import { eventSchema } from '../../../core/events';
import { parsePolicy } from '../../../core/preferences';
import { createMemoryStore, type Store } from '../../../core/store';
import { person } from '../semantics/timetable';

const START = Date.parse('2027-03-10T10:00:00Z');
const MINUTE = 60_000;
const POLICY = {
	priority: {
		base: { system_failure: 100, default: 1 },
		thresholds: { escalation: 50, immediate: 40, standard: 0 },
	},
	escalation: { steps: [{ after: '15m', to: 'manager' }] },
};
const policy = parsePolicy(POLICY);

async function taken(type: string, channels: string[], more: Record<string, unknown> = {}) {
	const store = createMemoryStore();
	await savePreferences(
		store,
		[person('ann', { manager: 'meg', ...more }, channels), person('meg')],
		START,
	);
	await savePolicy(store, POLICY, START);
	const event = eventSchema.parse({
		event_id: 'e1',
		event_type: type,
		timestamp: new Date(START).toISOString(),
		source: 'test',
		target_users: ['ann'],
		content: { ticket_id: 'T1', ticket_title: 'T1' },
	});
	const knownChannels = ['slack', 'email'];
	const options = { policy, policyId: null, now: START, knownChannels };
	return { store, send: (await intake(store, [event], options)).send };
}

/** The store whose `deliveries.insert` fails from now on, also inside transactions. */
const withoutInsert = (store: Store): Store =>
	new Proxy(store, {
		get(target, key) {
			const value: unknown = Reflect.get(target, key, target);
			if (key === 'exclusive')
				return (keys: string[], work: (tx: Store) => Promise<unknown>) =>
					target.exclusive(keys, (tx) => work(withoutInsert(tx)));
			if (key !== 'deliveries') return typeof value === 'function' ? value.bind(target) : value;
			return new Proxy(target.deliveries, {
				get(deliveries, name) {
					if (name === 'insert') return async () => Promise.reject(new Error('died here'));
					const method: unknown = Reflect.get(deliveries, name, deliveries);
					return typeof method === 'function' ? method.bind(deliveries) : method;
				},
			});
		},
	});

test('a step of an escalation fires with its message or not at all', async () => {
	const { store } = await taken('system_failure', ['slack']);
	const now = START + 15 * MINUTE;
	await expect(tick(withoutInsert(store), { now, knownChannels: ['slack'] })).rejects.toThrow(
		'died here',
	);
	expect(await tick(store, { now, knownChannels: ['slack'] })).toBe(1);
	const rows = await store.deliveries.list({ user_id: 'meg' });
	expect(rows).toMatchObject([{ stage: 'due', purpose: 'escalation:1' }]);
});

test('a failure is written with the message on the next channel, which the watchdog finds', async () => {
	const email = { channel: { email: { categories: ['closed'] } } };
	const { store, send } = await taken('ticket_assigned', ['slack', 'email'], email);
	const options = {
		attempt: async () => ({
			outcome: { ok: false as const, class: 'recipient' as const, code: 'gone', message: 'gone' },
			attempts: 1,
			latencyMs: 1,
		}),
		policy,
		now: () => START,
		random: () => 0.5,
		owner: 'main',
		concurrency: 1,
		leaseMs: MINUTE,
	};
	const { results } = await deliver(store, send, options);
	const turned = results[0].turned;
	expect(turned).toMatchObject({ channel: 'email' });
	const [row] = await store.deliveries.get([String(turned?.delivery_id)]);
	expect(row).toMatchObject({ channel: 'email', stage: 'decided', item: { tried: ['slack'] } });
	// The run that comes again fails once more and goes on to the same message.
	const again = await deliver(store, send, options);
	expect(again.results[0].turned?.delivery_id).toBe(turned?.delivery_id);
});

test('a message is claimed right before it begins, its outcome written before the next one: nothing else is in doubt', async () => {
	const { store, send } = await taken('ticket_assigned', ['slack', 'email']);
	expect(send).toHaveLength(2);
	const seen: string[][] = [];
	await deliver(store, send, {
		async attempt() {
			const rows = await store.deliveries.get(send.map((d) => d.delivery_id));
			seen.push(rows.map((row) => `${row.stage} ${row.status}`));
			return { outcome: { ok: true, status: 'sent' }, attempts: 1, latencyMs: 1 };
		},
		policy,
		now: () => START,
		random: () => 0.5,
		owner: 'main',
		concurrency: 5,
		leaseMs: MINUTE,
	});
	expect(seen).toEqual([
		['sending pending', 'decided pending'],
		['done sent', 'sending pending'],
	]);
});
