import { alert, group } from '../../fixtures/events/alarms.ts';
import { flat, seed } from '../../fixtures/events/seed.ts';
import { template as serviceNow } from '../../fixtures/events/service-now.ts';
import { setClock } from '../kit/clock.ts';
import { deadStore, freshStore } from '../kit/store.ts';
import { post, triggerNode } from './post.ts';

const alerts = ['A', 'B', 'C'].map((alertname) => alert({ fingerprint: alertname }, { alertname }));
const NEUTRAL = ['duplicates', 'events', 'ok'];

describe('the same again', () => {
	const again = async (
		bodies: unknown[],
		options: { parameters?: object; mode?: 'manual' } = {},
	) => {
		const on = triggerNode(options.parameters as never);
		const credentials = freshStore({ itsmNotifyInboundApi: {} });
		const calls = [];
		for (const body of bodies)
			calls.push(await post({ on, credentials, mode: options.mode, request: { body } }));
		return calls;
	};

	it('a delivery id is seen once, and starts nothing the second time', async () => {
		const calls = await again([serviceNow('insert'), serviceNow('insert')]);
		expect(calls.map((call) => call.starts)).toEqual([true, false]);
		expect(calls[1]).toMatchObject({ status: 200, answer: { ok: 1, events: 0, duplicates: 1 } });
	});

	it('the answer holds neutral keys only, with or without news', async () => {
		for (const { answer } of await again([seed, seed, { ...seed, event_id: 'other' }]))
			expect(Object.keys(answer).sort()).toEqual(NEUTRAL);
	});

	it.each([
		['9 minutes', 9, false],
		['11 minutes', 11, true],
	])('without an id, the same content after %s', async (_name, minutes, starts) => {
		const on = triggerNode();
		const credentials = freshStore({ itsmNotifyInboundApi: {} });
		const call = () => post({ on, credentials, request: { body: flat } });
		setClock('2027-03-01T10:00:00Z');
		expect((await call()).starts).toBe(true);
		setClock(Date.parse('2027-03-01T10:00:00Z') + minutes * 60_000);
		expect((await call()).starts).toBe(starts);
	});

	it('content that comes again after its window is another event: the ledger must not hold it for told', async () => {
		const on = triggerNode();
		const credentials = freshStore({ itsmNotifyInboundApi: {} });
		const ids = [];
		for (const at of ['10:00', '10:11']) {
			setClock(`2027-03-01T${at}:00Z`);
			ids.push((await post({ on, credentials, request: { body: flat } })).events?.[0].event_id);
		}
		expect(ids[0]).toMatch(/^e_/);
		expect(ids[1]).toMatch(/^e_/);
		expect(ids[1]).not.toBe(ids[0]);
	});

	it('two triggers that hear the same content give it the same id', async () => {
		const credentials = freshStore({ itsmNotifyInboundApi: {} });
		setClock('2027-03-01T10:00:00Z');
		const ids = [];
		for (const on of [triggerNode(), triggerNode()])
			ids.push((await post({ on, credentials, request: { body: flat } })).events?.[0].event_id);
		expect(ids[0]).toBeDefined();
		expect(ids[1]).toBe(ids[0]);
	});

	it('of three alerts two were seen: one event, duplicates 2', async () => {
		const calls = await again([group(alerts.slice(0, 2)), group(alerts)], {
			parameters: { source: 'alertmanager' },
		});
		expect(calls[1].answer).toEqual({ ok: 1, events: 1, duplicates: 2 });
	});

	it('another trigger has not seen it', async () => {
		const credentials = freshStore({ itsmNotifyInboundApi: {} });
		for (const on of [triggerNode(), triggerNode()])
			expect((await post({ on, credentials })).starts).toBe(true);
	});

	it('a test run in the editor marks nothing as seen, and does not ask', async () => {
		const on = triggerNode();
		const credentials = freshStore({ itsmNotifyInboundApi: {} });
		const starts = [];
		for (const mode of ['manual', 'manual', 'webhook', 'manual'] as const)
			starts.push((await post({ on, credentials, mode })).starts);
		expect(starts).toEqual([true, true, true, true]);
	});

	it('a test run needs no store', async () => {
		const credentials = { ...deadStore(), itsmNotifyInboundApi: {} };
		expect(await post({ credentials, mode: 'manual' })).toMatchObject({
			status: 200,
			starts: true,
		});
	});
});
