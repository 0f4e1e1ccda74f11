import { jest } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';

import { intakeLoop, intakeRow, readEvent } from '../../../core/intake';
import { createMemoryStore, type Store } from '../../../core/store';
import { bench, event, NODE, RULES } from './bench';

const isEmpty = (store: Store) => async (): Promise<boolean> => {
	const { queued, leased } = await store.intake.counts(NODE);
	return queued === 0 && leased === 0;
};

describe('durable intake: the loop', () => {
	test('committed events go out as one batch, in order, and are completed', async () => {
		const b = await bench([event('a1', 'A'), event('b1', 'B'), event('a2', 'A')], async () => true);
		await b.until(isEmpty(b.store));
		await b.loop.stop();
		expect(b.runs).toEqual([['a1', 'b1', 'a2']]);
		expect((await b.store.intake.list({ status: 'done', limit: 9 })).length).toBe(3);
	});

	test('after a failed batch the events go out one by one; the bad one alone is set aside', async () => {
		const b = await bench(
			[event('good', 'A'), event('bad', 'B')],
			async (ids) => !ids.includes('bad'),
		);
		await b.until(
			async () => (await b.store.intake.counts(NODE)).poison === 1 && (await isEmpty(b.store)()),
		);
		await b.loop.stop();
		expect(b.runs[0]).toEqual(['good', 'bad']);
		expect(b.runs.filter((ids) => ids.length === 1 && ids[0] === 'good')).toHaveLength(1);
		const [poison] = await b.store.intake.list({ status: 'poison', limit: 9 });
		expect(poison).toMatchObject({
			event_id: 'bad',
			attempts: 3,
			error: 'the run did not end well',
		});
	});

	test('what is set aside is told, with the reason', async () => {
		const told: unknown[] = [];
		const b = await bench(
			[event('bad', 'A')],
			async () => false,
			RULES,
			async (ids, why) => told.push([ids, why]),
		);
		await b.until(async () => (await b.store.intake.counts(NODE)).poison === 1);
		await b.until(() => told.length > 0);
		await b.loop.stop();
		expect(told).toEqual([[['bad'], 'the run did not end well']]);
		expect(b.warnings.join()).toContain('set aside after 3 tries');
	});

	test('a run that rejects counts as failed, and the loop goes on', async () => {
		let first = true;
		const b = await bench([event('a', 'A')], async () => {
			if (!first) return true;
			first = false;
			throw new Error('boom');
		});
		await b.until(isEmpty(b.store));
		await b.loop.stop();
		expect(b.runs).toEqual([['a'], ['a']]);
	});

	test('no more runs at once than allowed, one slot more for urgent', async () => {
		const release = Promise.withResolvers<boolean>();
		const rules = { ...RULES, batch: 1 };
		const quiet = ['A', 'B', 'C', 'D'].map((t) => event(`q${t}`, t));
		const b = await bench(quiet, async () => release.promise, rules);
		await b.until(() => b.runs.length === 2);
		await b.store.intake.put([intakeRow(event('u1', 'U', 'Critical'), NODE, Date.now(), true)]);
		b.loop.wake();
		await b.until(() => b.runs.length === 3);
		await pause(30);
		expect(b.runs).toEqual([['qA'], ['qB'], ['u1']]);
		release.resolve(true);
		await b.until(isEmpty(b.store));
		await b.loop.stop();
	});

	test('a process that has no time left begins no second run, but an urgent one at once', async () => {
		const release = Promise.withResolvers<boolean>();
		let busy = true;
		const b = await bench(
			['A', 'B', 'C'].map((t) => event(`q${t}`, t)),
			async () => release.promise,
			{ ...RULES, batch: 1 },
			undefined,
			{ isBusy: () => busy },
		);
		await b.until(() => b.runs.length === 1);
		await pause(60);
		await b.store.intake.put([intakeRow(event('u1', 'U', 'Critical'), NODE, Date.now(), true)]);
		await b.until(() => b.runs.length === 2);
		await pause(60);
		expect(b.runs).toEqual([['qA'], ['u1']]);
		busy = false;
		await b.until(() => b.runs.length === 3);
		expect(b.runs[2]).toEqual(['qB']);
		release.resolve(true);
		await b.until(isEmpty(b.store));
		await b.loop.stop();
	});

	test('the begin and the end of urgent runs are told, and of no others', async () => {
		const told: string[] = [];
		const events = [event('a', 'T1'), event('u', 'T3', 'Critical')];
		const b = await bench(
			events,
			async (ids) => {
				told.push(ids.join());
				return true;
			},
			RULES,
			undefined,
			{
				urgentRun() {
					told.push('begins');
					return () => told.push('ends');
				},
			},
		);
		await b.until(isEmpty(b.store));
		await b.loop.stop();
		expect(told.filter((word) => word !== 'a')).toEqual(['begins', 'u', 'ends']);
	});

	test('a storm of calls does not make a storm of looks', async () => {
		const b = await bench([], async () => true, { ...RULES, restMs: 1_000 });
		const looks = jest.spyOn(b.store.intake, 'lease');
		await b.until(() => looks.mock.calls.length === 2);
		for (let n = 0; n < 200; n++) {
			b.loop.wake();
			await pause(0);
		}
		// The first look, for urgent and for other events, was at the start; the next one is still to come.
		expect(looks).toHaveBeenCalledTimes(2);
		await b.loop.stop();
	});

	test('urgent events have a run of their own, before the others', async () => {
		const events = [event('a', 'T1'), event('b', 'T2'), event('u', 'T3', 'Critical')];
		const { loop, runs, until } = await bench(events, async () => true);
		await until(() => runs.length === 2);
		expect(runs).toEqual([['u'], ['a', 'b']]);
		await loop.stop();
	});

	test('stopping waits for the run that goes on and begins no other', async () => {
		const release = Promise.withResolvers<boolean>();
		const b = await bench([event('a', 'A'), event('b', 'B')], async () => release.promise, {
			...RULES,
			batch: 1,
			inFlight: 0,
		});
		await pause(20);
		expect(b.runs).toEqual([]);
		await b.loop.stop();
		release.resolve(true);
	});

	test('stopping does not wait for a store that never answers', async () => {
		const b = await bench([], async () => true, { ...RULES, stopMs: 50 });
		b.store.intake.lease = () => new Promise(() => undefined);
		b.loop.wake();
		await pause(50);
		await b.loop.stop();
	}, 1_500);

	test('a run whose end is never told: failed after the longest time, its slot is free again', async () => {
		let runs = 0;
		const rules = { ...RULES, inFlight: 0, batch: 1, longestRunMs: 30, leaseMs: 60_000 };
		const b = await bench(
			[event('u', 'A', 'Critical')],
			async () => (++runs === 1 ? new Promise<boolean>(() => undefined) : true),
			rules,
		);
		await b.until(isEmpty(b.store));
		await b.loop.stop();
		expect(b.runs).toEqual([['u'], ['u']]);
		const [row] = await b.store.intake.list({ limit: 9 });
		expect(row).toMatchObject({ status: 'done', attempts: 1 });
		expect(row.error).toContain('the run had no end within');
	});

	test('events that wait behind a long run of their slot keep their lease: none is run twice', async () => {
		const held = Promise.withResolvers<boolean>();
		const b = await bench(
			[event('a', 'A'), event('b', 'B')],
			async (ids) => (ids.length > 1 ? false : ids[0] === 'a' ? held.promise : true),
			{ ...RULES, leaseMs: 60 },
		);
		await b.until(() => b.runs.length >= 2);
		await pause(250);
		held.resolve(true);
		await b.until(isEmpty(b.store));
		await b.loop.stop();
		expect(b.runs).toEqual([['a', 'b'], ['a'], ['b']]);
	});

	test('a stop in the middle begins none of what waits; the next process does', async () => {
		const held = Promise.withResolvers<boolean>();
		const b = await bench(
			[event('a', 'A'), event('b', 'B')],
			async (ids) => (ids.length > 1 ? false : ids[0] === 'a' ? held.promise : true),
			{ ...RULES, stopMs: 1000 },
		);
		await b.until(() => b.runs.length >= 2);
		const stopped = b.loop.stop();
		// At once, not when the run that goes on has ended: the process may be gone by then.
		await b.until(async () => (await b.store.intake.counts(NODE)).queued === 1);
		held.resolve(true);
		await stopped;
		expect(b.runs).toEqual([['a', 'b'], ['a']]);
		expect(await b.store.intake.counts(NODE)).toMatchObject({ queued: 1, leased: 0 });
	});

	test('what a loop leases while it is being stopped is free at once for the next process', async () => {
		const b = await bench([], async () => true);
		const { lease } = b.store.intake;
		const asked = Promise.withResolvers<void>();
		const answered = Promise.withResolvers<void>();
		b.store.intake.lease = async (...args) => {
			asked.resolve();
			await answered.promise;
			return lease.apply(b.store.intake, args);
		};
		await b.store.intake.put([intakeRow(event('a', 'A'), NODE, Date.now(), true)]);
		b.loop.wake();
		await asked.promise;
		const stopped = b.loop.stop();
		answered.resolve();
		await stopped;
		expect(b.runs).toEqual([]);
		expect(await b.store.intake.counts(NODE)).toMatchObject({ queued: 1, leased: 0 });
	});

	test('a run that fails after another process has taken its events over does not take them away', async () => {
		const held = Promise.withResolvers<boolean>();
		const b = await bench([event('a', 'A')], async () => held.promise, {
			...RULES,
			// Renewed far later than it ends: as of a process that hung.
			leaseMs: 60_000,
		});
		await b.until(() => b.runs.length === 1);
		const [later, end] = [120_000, 600_000].map((ms) => new Date(Date.now() + ms).toISOString());
		expect(await b.store.intake.lease(NODE, 'successor', later, end, 10)).toHaveLength(1);
		held.resolve(false);
		await b.loop.stop();
		const [row] = await b.store.intake.list({ limit: 9 });
		expect(row).toMatchObject({ status: 'leased', lease_owner: 'successor', attempts: 0 });
	});

	test('a loop that begins again in the same process leaves its own runs alone', async () => {
		const store = createMemoryStore();
		await store.intake.put([intakeRow(event('a', 'A'), NODE, Date.now(), false)]);
		const later = new Date(Date.now() + 600_000).toISOString();
		await store.intake.lease(NODE, 'me', new Date().toISOString(), later, 10);
		const runs: unknown[] = [];
		const loop = intakeLoop({
			read: readEvent,
			store,
			node: NODE,
			owner: 'me',
			takeBack: false,
			now: Date.now,
			rules: RULES,
			warn: () => undefined,
			emit: async (batch) => (runs.push(batch), true),
		});
		await pause(60);
		await loop.stop();
		expect(runs).toEqual([]);
	});

	test('a restarted process takes back at once what it had leased', async () => {
		const store = createMemoryStore();
		await store.intake.put([intakeRow(event('a', 'A'), NODE, Date.now(), false)]);
		const later = new Date(Date.now() + 600_000).toISOString();
		await store.intake.lease(NODE, 'me', new Date().toISOString(), later, 10);
		const runs: string[] = [];
		const loop = intakeLoop({
			read: readEvent,
			store,
			node: NODE,
			owner: 'me',
			now: Date.now,
			rules: RULES,
			warn: () => undefined,
			emit: async (batch) => (runs.push(...batch.map((e) => e.event_id)), true),
		});
		for (let i = 0; i < 200 && runs.length === 0; i++) await pause(5);
		await loop.stop();
		expect(runs).toEqual(['a']);
	});
});
