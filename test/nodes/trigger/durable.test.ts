import { startTrigger, type StartedTrigger } from '../../harness/contexts.ts';
import { seed } from '../../fixtures/events/seed.ts';
import { deadStore, freshStore } from '../kit/store.ts';
import { post, triggerNode } from './post.ts';

const durable = { intake: 'durable' };
const started: StartedTrigger[] = [];
afterEach(async () => {
	for (const one of started.splice(0)) await one.close();
});

function setUp() {
	const on = triggerNode(durable);
	const credentials = freshStore({ itsmNotifyInboundApi: {} });
	return {
		call: (body: unknown = seed, mode?: 'manual') =>
			post({ on, credentials, mode, request: { body } }),
		async start() {
			const trigger = await startTrigger({ node: on, credentials });
			started.push(trigger);
			return trigger;
		},
	};
}
const ids = (emission: { items: Array<Array<{ json: object }>> }) =>
	emission.items[0].map((item) => (item.json as { event_id: string }).event_id);

it('the call is answered and starts nothing itself; the run starts behind it', async () => {
	const { call, start } = setUp();
	expect(await call()).toMatchObject({ status: 200, starts: false, answer: { events: 1 } });
	const emission = await (await start()).next();
	expect(emission.items[0].map((item) => item.json)).toMatchObject([seed]);
	emission.finish('success');
});

it('what came while nobody ran is there after a start; the same call twice is one event', async () => {
	const { call, start } = setUp();
	await call();
	expect((await call()).answer).toEqual({ ok: 1, events: 0, duplicates: 1 });
	await call({ ...seed, event_id: 'second', content: { ...seed.content, ticket_id: 'INC-2' } });
	const emission = await (await start()).next();
	expect(ids(emission).sort()).toEqual([seed.event_id, 'second'].sort());
	emission.finish('success');
});

it.each([
	['a run that fails', 'error', true],
	['a run that is done', 'success', false],
	['a run that waits', 'waiting', false],
])('%s (%s): comes again %s', async (_name, status, again) => {
	const { call, start } = setUp();
	await call();
	const trigger = await start();
	(await trigger.next()).finish(status);
	const next = await trigger.next(2500).catch(() => undefined);
	expect(next && ids(next)).toEqual(again ? [seed.event_id] : undefined);
	next?.finish('success');
});

it('a test run starts at once and commits nothing', async () => {
	const { call, start } = setUp();
	expect(await call(seed, 'manual')).toMatchObject({ status: 200, starts: true });
	const trigger = await start();
	await expect(trigger.next(1500)).rejects.toThrow('emitted nothing');
});

it('the store is unreachable: 503, nothing is promised', async () => {
	const call = await post({
		parameters: durable,
		credentials: deadStore(),
		select: ['itsmNotifyStoreApi'],
	});
	expect(call).toMatchObject({ status: 503, starts: false });
});

it('activated twice, and the first one ended: a commit still wakes the one that is left', async () => {
	const { call, start } = setUp();
	const first = await start();
	const second = await start();
	await first.close();
	for (let i = 0; i < 6; i++) {
		await call({ ...seed, event_id: `e${i}`, content: { ...seed.content, ticket_id: `T${i}` } });
		// Without being woken it looks once a second.
		const emission = await second.next(500);
		expect(ids(emission)).toEqual([`e${i}`]);
		emission.finish('success');
		await new Promise((done) => setTimeout(done, 100));
	}
});
