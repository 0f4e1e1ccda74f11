import { startTrigger } from '../../harness/contexts.ts';
import { seed } from '../../fixtures/events/seed.ts';
import { openStore } from '../../../core/store/index.ts';
import { freshStore, storeNode } from '../kit/store.ts';
import { post, triggerNode } from '../trigger/post.ts';

/** A trigger whose one event was set aside. */
async function withOneAside() {
	const on = triggerNode({ intake: 'durable' });
	const credentials = freshStore({ itsmNotifyInboundApi: {} });
	await post({ on, credentials, request: { body: seed } });
	const { file } = credentials.itsmNotifyStoreApi as { file: string };
	const store = await openStore({ kind: 'sqlite', file });
	const [{ id }] = await store.intake.list({ limit: 1 });
	await store.intake.fail([id], 'The run failed', 1, new Date().toISOString());
	await store.close();
	const intake = (operation: string, parameters = {}) =>
		storeNode(credentials, 'intake', operation, parameters);
	return { on, credentials, id, intake };
}

it('lists what was set aside, with the event and why', async () => {
	const { id, intake } = await withOneAside();
	const [row] = await intake('getAll');
	expect(row).toMatchObject({
		id,
		status: 'set_aside',
		attempts: 1,
		error: 'The run failed',
		event_id: seed.event_id,
		item: seed,
	});
	expect([row.lease_owner, row.seq]).toEqual([undefined, undefined]);
	expect(await intake('getAll', { status: 'waiting' })).toEqual([]);
});

it('runs it once more, at once where its trigger is', async () => {
	const { on, credentials, id, intake } = await withOneAside();
	const trigger = await startTrigger({ node: on, credentials });
	try {
		await expect(trigger.next(1500)).rejects.toThrow();
		expect(await intake('retry', { intakeId: id })).toMatchObject([{ id, status: 'waiting' }]);
		const emission = await trigger.next();
		expect(emission.items[0].map((item) => item.json)).toMatchObject([seed]);
		emission.finish('success');
	} finally {
		await trigger.close();
	}
	expect(await intake('getAll', { status: 'done' })).toMatchObject([{ id }]);
});

it('what is not set aside is not run again', async () => {
	const { id, intake } = await withOneAside();
	await intake('retry', { intakeId: id });
	await expect(intake('retry', { intakeId: id })).rejects.toThrow(/Nothing is set aside under/);
});
