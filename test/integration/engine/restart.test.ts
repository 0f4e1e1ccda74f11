// A process that ends and comes back: every step below opens the SQLite file anew and closes it.
import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	deliver,
	intake,
	nextDue,
	savePolicy,
	savePreferences,
	savePresence,
	tick,
} from '../../../core/engine/index';
import type { Delivery } from '../../../core/events/delivery';
import { parseEvent } from '../../../core/events/validate';
import { parsePolicy } from '../../../core/preferences/policy';
import { openStore } from '../../../core/store/index';
import type { Store } from '../../../core/store/types';
import { instant, person } from '../../unit/semantics/timetable';

const folder = mkdtempSync(join(tmpdir(), 'itsm-restart-'));
let count = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const POLICY = {
	aggregation: { group_wait: '30s', group_interval: '5m' },
	// Only a failure is worth a chain.
	priority: {
		base: { system_failure: 100, default: 1 },
		thresholds: { escalation: 50, immediate: 40, standard: 0 },
	},
	escalation: {
		steps: [
			{ after: '15m', to: 'manager' },
			{ after: '30m', to: 'user:dan' },
			{ after: '45m', to: 'manager' },
		],
	},
	retry: { first: '10m', factor: 2, max: '1h', give_up_after: '2d' },
};
const policy = parsePolicy(POLICY);
const at = (text: string): number => Date.parse(instant(text));
const iso = (ms: number): string => new Date(ms).toISOString();

type Event = [type: string, ticket: string, to: string];

class Life {
	/** `channel person tickets` */
	readonly received: string[] = [];
	private readonly file = join(folder, `${count++}.sqlite`);
	private readonly down = new Set<string>();

	async session<T>(work: (store: Store) => Promise<T>): Promise<T> {
		const store = await openStore({ kind: 'sqlite', file: this.file });
		try {
			return await work(store);
		} finally {
			await store.close();
		}
	}

	/** One life of the process at one instant: takes events, sends, releases. Returns what was received. */
	async at(time: string, events: Event[] = [], down: string[] = []): Promise<string[]> {
		const now = at(time);
		this.down.clear();
		down.forEach((user) => this.down.add(user));
		const before = this.received.length;
		await this.session(async (store) => {
			await this.send(store, await this.take(store, now, events), now);
			await this.release(store, now);
		});
		return this.received.slice(before).sort();
	}

	async take(store: Store, now: number, events: Event[]): Promise<Delivery[]> {
		const documents = events.map(([type, ticket, to]) =>
			parseEvent({
				event_id: `${ticket} ${type}`,
				event_type: type,
				timestamp: iso(now),
				source: 'test',
				target_users: [to],
				content: { ticket_id: ticket, ticket_title: ticket },
			}),
		);
		const result = await intake(store, documents, {
			policy,
			policyId: null,
			now,
			knownChannels: ['slack'],
		});
		expect(result.noRoute).toEqual([]);
		return result.send;
	}

	/** Makes due what is due, and leases it for a minute. */
	async lease(store: Store, now: number): Promise<Delivery[]> {
		await tick(store, { now, knownChannels: ['slack'] });
		const rows = await store.deliveries.leaseDue(iso(now), 100, 'main', iso(now + 60_000));
		return rows.flatMap((row) => (row.item ? [row.item] : []));
	}

	async send(store: Store, deliveries: Delivery[], now: number): Promise<void> {
		await deliver(store, deliveries, {
			policy,
			now: () => now,
			random: () => 0.5,
			owner: 'main',
			concurrency: 1,
			leaseMs: 60_000,
			attempt: async ({ channel, recipient, event, digest }) => {
				const ok = !this.down.has(recipient.user_id);
				const tickets = digest?.ticket_ids ?? [event.content.ticket_id];
				if (ok) this.received.push(`${channel} ${recipient.user_id} ${tickets.join(' ')}`);
				return {
					attempts: 1,
					latencyMs: 0,
					outcome: ok
						? { ok, status: 'sent' }
						: { ok, class: 'retry', code: 'outage', message: 'down' },
				};
			},
		});
	}

	private async release(store: Store, now: number): Promise<void> {
		await this.send(store, await this.lease(store, now), now);
	}

	nextDue(): Promise<string | undefined> {
		return this.session(async (store) => {
			const due = await nextDue(store);
			return due === undefined ? undefined : iso(due);
		});
	}
}

async function begun(): Promise<Life> {
	const life = new Life();
	const batch = { slack: { frequency: 'batch', batch_time: '09:00' } };
	await life.session(async (store) => {
		const now = at('07:00');
		await savePolicy(store, POLICY, now);
		await savePreferences(
			store,
			[
				person('ann', { manager: 'meg' }),
				person('bob'),
				person('cat', { channel: batch }),
				person('dan'),
				person('eve'),
				person('meg'),
			],
			now,
		);
		await savePresence(
			store,
			{ user_id: 'bob', status: 'in_meeting', until: instant('10:00') },
			now,
		);
	});
	return life;
}

/** Two groups, a chain, a meeting, a batch and a channel that is down: everything that can wait. */
const MORNING: Event[] = [
	['ticket_comment', 'T1', 'ann'],
	['ticket_comment', 'T2', 'ann'],
	['system_failure', 'F', 'ann'],
	['ticket_assigned', 'T3', 'bob'],
	['ticket_assigned', 'T4', 'bob'],
	['ticket_assigned', 'T5', 'cat'],
	['ticket_assigned', 'T6', 'eve'],
];

describe('a store file that is opened anew for every step', () => {
	test('RA12 timers are kept: each thing goes at its own instant, and once', async () => {
		const life = await begun();
		expect(await life.at('08:00', MORNING, ['eve'])).toEqual(['slack ann F']);
		expect(await life.nextDue()).toBe(instant('08:00:30'));
		expect(await life.at('08:00:29')).toEqual([]);
		expect(await life.at('08:00:30')).toEqual(['slack ann T1', 'slack ann T2']);
		expect(await life.at('08:10')).toEqual(['slack eve T6']);
		expect(await life.nextDue()).toBe(instant('08:15'));
		expect(await life.at('08:15')).toEqual(['slack meg F']);
		expect(await life.at('08:30')).toEqual(['slack dan F']);
		expect(await life.at('08:45')).toEqual(['slack meg F']);
		expect(await life.at('09:00')).toEqual(['slack cat T5']);
		expect(await life.at('10:00')).toEqual(['slack bob T3 T4']);
		expect(await life.at('+1 12:00')).toEqual([]);
		expect(await life.nextDue()).toBeUndefined();
	});

	test('RA12 RE2 down for a day: what is overdue goes once per person, not as a burst', async () => {
		const life = await begun();
		expect(await life.at('08:00', MORNING, ['eve'])).toEqual(['slack ann F']);
		expect(await life.at('+1 09:00')).toEqual([
			'slack ann T1 T2',
			'slack bob T3 T4',
			'slack cat T5',
			'slack dan F',
			'slack eve T6',
			'slack meg F',
		]);
		expect(await life.at('+1 09:00')).toEqual([]);
		expect(await life.at('+2 09:00')).toEqual([]);
	});

	// Defect of PairRelease.pass(): a batch that is looked at after its instant is put off to the next one, so with a
	// real clock it never goes. When this is mended, make it a plain `test`.
	test.each(['09:00:01', '12:00'])(
		'RA10 RA12 a batch whose time has passed goes on return: back at %s',
		async (back) => {
			const life = await begun();
			await life.at('08:00', [['ticket_assigned', 'T5', 'cat']]);
			expect(await life.at(back)).toEqual(['slack cat T5']);
			expect(await life.at('+1 09:00')).toEqual([]);
		},
	);

	test('RA12 no second first-notification: the events come again after the restart', async () => {
		const life = await begun();
		await life.at('08:00', MORNING);
		const told = ['slack ann T1', 'slack ann T2'];
		expect(await life.at('08:00:30', MORNING)).toEqual(told);
		expect(await life.at('08:14', MORNING)).toEqual([]);
	});

	test('died between decision and send: the run that comes again sends what was decided, once', async () => {
		const life = await begun();
		const failure: Event[] = [['system_failure', 'F', 'ann']];
		await life.session((store) => life.take(store, at('08:00'), failure));
		expect(await life.at('08:01', failure)).toEqual(['slack ann F']);
		expect(await life.at('08:02', failure)).toEqual([]);
	});

	test('died between lease and send: it goes when the lease has run out, once', async () => {
		const life = await begun();
		await life.at('08:00', [['ticket_comment', 'T1', 'ann']]);
		const leased = await life.session((store) => life.lease(store, at('08:00:30')));
		expect(leased).toHaveLength(1);
		expect(await life.at('08:01')).toEqual([]);
		expect(await life.at('08:01:31')).toEqual(['slack ann T1']);
		expect(await life.at('08:05')).toEqual([]);
	});
});
