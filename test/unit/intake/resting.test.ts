// What has failed alone rests before its next try: a hiccup does not set everything aside.
import { setTimeout as pause } from 'node:timers/promises';

import type { IntakeRules } from '../../../core/intake';
import { bench, event, NODE } from './bench';

const RULES: Partial<IntakeRules> = { idleMs: 5, batch: 10, inFlight: 1, retryMs: [50, 100, 200] };

/** One event for each of these tickets. */
async function benchOf(tickets: string[], emit: (ids: string[]) => boolean, rules = RULES) {
	const events = tickets.map((ticket) => event(ticket, ticket));
	const b = await bench(events, async (ids) => emit(ids), rules);
	return { ...b, counts: () => b.store.intake.counts(NODE) };
}

test('no run ends well for a while: all is there after it, nothing was set aside', async () => {
	const over = Date.now() + 150;
	const b = await benchOf(['A', 'B', 'C'], () => Date.now() > over);
	await b.until(async () => (await b.store.intake.list({ status: 'done', limit: 9 })).length === 3);
	await b.loop.stop();
	expect(await b.counts()).toEqual({ queued: 0, leased: 0, poison: 0 });
});

test('while one rests, others go on; it is tried five times and then set aside', async () => {
	const b = await benchOf(['bad', 'good'], (ids) => !ids.includes('bad'));
	const done = async (): Promise<string[]> =>
		(await b.store.intake.list({ status: 'done', limit: 9 })).map((row) => row.event_id);
	await b.until(async () => (await done()).length === 1);
	expect(await done()).toEqual(['good']);
	expect((await b.counts()).poison).toBe(0);
	await b.until(async () => (await b.counts()).poison === 1);
	await b.loop.stop();
	expect(b.runs.filter((ids) => ids.includes('bad'))).toHaveLength(5);
});

test('a rest that is longer than a lease: it is renewed, and no other process has the event', async () => {
	const rules = { ...RULES, retryMs: [300], leaseMs: 60, tries: 3 };
	const b = await benchOf(['bad'], () => false, rules);
	await b.until(() => b.runs.length === 2);
	await pause(150);
	const now = new Date().toISOString();
	expect(await b.store.intake.lease(NODE, 'other', now, now, 9)).toEqual([]);
	await b.until(() => b.runs.length === 3);
	await b.loop.stop();
	expect(b.runs).toHaveLength(3);
});

test('a stop in the middle of a rest: the next process has the event at once', async () => {
	const b = await benchOf(['bad'], () => false, { ...RULES, retryMs: [60_000] });
	await b.until(() => b.runs.length === 2);
	await pause(30);
	await b.loop.stop();
	expect(await b.counts()).toEqual({ queued: 1, leased: 0, poison: 0 });
	const [row] = await b.store.intake.list({ status: 'queued', limit: 9 });
	expect(row.attempts).toBe(2);
});
