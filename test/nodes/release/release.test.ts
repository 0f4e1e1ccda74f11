import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { node, type CredentialData } from '../../harness/engine.ts';
import { startTrigger, type StartedTrigger } from '../../harness/contexts.ts';
import { delivery, event } from '../kit/data.ts';
import { at, outputsOf, runNode } from '../kit/run.ts';
import { useProviders } from '../kit/simulators.ts';
import { deadStore, freshStore, ledger, savePeople, savePolicy, storeNode } from '../kit/store.ts';
import { rendered, SENDERS } from '../senders/channel.ts';

const providers = useProviders();
const started: StartedTrigger[] = [];
afterEach(async () => {
	for (const one of started.splice(0)) await one.close();
});

async function start(
	credentials: CredentialData,
	mode: 'trigger' | 'manual' = 'trigger',
	everySeconds = 1,
) {
	const trigger = await startTrigger({
		node: node(
			'Release',
			'itsmReleaseTrigger',
			{ everySeconds },
			{ credentials: ['itsmNotifyStoreApi'] },
		),
		credentials,
		mode,
	});
	started.push(trigger);
	return trigger;
}
const jsonOf = (emission: { items: INodeExecutionData[][] }) =>
	emission.items[0].map((i) => i.json);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

const READER = {
	user_id: 'john',
	notification_preferences: { channels: ['slack'], slack: { userid: 'U0JOHN' } },
	timezone: 'UTC',
};
const comment = (ticket_id: string, more: IDataObject = {}) =>
	delivery(more, event('ticket_comment', { ticket_id, comment: { text: `About ${ticket_id}` } }));

/** A store with a short window, and comments that wait in it. */
async function holding(items: IDataObject[], group_wait = '1s'): Promise<CredentialData> {
	const credentials = freshStore();
	await savePolicy(credentials, { aggregation: { group_wait } });
	const [sent, held] = await outputsOf('itsmAggregateSilence', { credentials, items });
	expect([sent.length, held.length]).toEqual([0, items.length]);
	return credentials;
}

describe('published', () => {
	it('a group that closes goes out as one digest, once', async () => {
		const items = [comment('INC-1'), comment('INC-1')];
		const credentials = await holding(items);
		const trigger = await start(credentials);
		expect(trigger.emitted).toEqual([]);
		const [digest, ...more] = jsonOf(await trigger.next(8000));
		expect(more).toEqual([]);
		expect(digest).toMatchObject({
			channel: 'slack',
			recipient: { user_id: 'john' },
			digest: {
				event_ids: items.map((item) => at(item, 'event.event_id')),
				ticket_ids: ['INC-1'],
			},
		});
		expect(digest.message).toBeUndefined();
		await pause(1500);
		expect(trigger.emitted).toHaveLength(1);
		expect(trigger.errors).toEqual([]);
	}, 15_000);

	it('two loops, as on two processes: still once', async () => {
		const credentials = await holding([comment('INC-1')]);
		const triggers = [await start(credentials), await start(credentials)];
		await pause(3500);
		expect(triggers.flatMap((trigger) => trigger.emitted)).toHaveLength(1);
	}, 15_000);

	it('nothing is due: nothing is emitted', async () => {
		const credentials = await holding([comment('INC-1')], '1h');
		const trigger = await start(credentials);
		await pause(1500);
		expect(trigger.emitted).toEqual([]);
	});

	it('close() stops it', async () => {
		const credentials = await holding([comment('INC-1')]);
		const trigger = await start(credentials);
		await trigger.close();
		await pause(2500);
		expect(trigger.emitted).toEqual([]);
	});

	it('a state that ends lets go what it held: one digest of all tickets', async () => {
		const credentials = freshStore();
		await savePeople(credentials, READER);
		await storeNode(credentials, 'presence', 'set', { userId: 'john', status: 'in_meeting' });
		const items = ['A', 'B'].map((id) => delivery({}, event('ticket_assigned', { ticket_id: id })));
		await outputsOf('itsmAggregateSilence', { credentials, items });
		const trigger = await start(credentials);
		await pause(500);
		expect(trigger.emitted).toEqual([]);
		await storeNode(credentials, 'presence', 'set', { userId: 'john', status: 'available' });
		const [digest] = jsonOf(await trigger.next(8000));
		expect(at(digest, 'digest.ticket_ids')).toEqual(['A', 'B']);
		expect(at(digest, 'digest.total')).toBe(2);
	}, 15_000);

	it.each<[string, string, string, IDataObject]>([
		['a state that ends', 'presence', 'set', { userId: 'john', status: 'available' }],
		['a document that says less', 'preference', 'upsert', { document: READER }],
		['a document that is deleted', 'preference', 'delete', { userId: 'john' }],
	])(
		'%s does not wait for the next look',
		async (_name, resource, operation, parameters) => {
			const credentials = freshStore();
			const isState = resource === 'presence';
			await savePeople(credentials, { ...READER, do_not_disturb: !isState });
			if (isState)
				await storeNode(credentials, 'presence', 'set', { userId: 'john', status: 'in_meeting' });
			await outputsOf('itsmAggregateSilence', { credentials, items: [delivery()] });
			const trigger = await start(credentials, 'trigger', 60);
			await pause(500);
			expect(trigger.emitted).toEqual([]);
			await storeNode(credentials, resource, operation, parameters);
			expect(jsonOf(await trigger.next(5000))).toHaveLength(1);
		},
		15_000,
	);

	it('a retry comes back without its message, is written anew and sent; the tries are counted on', async () => {
		const credentials = providers.credentials();
		await savePolicy(credentials, { retry: { first: '1s' } });
		const [slack] = SENDERS;
		providers.slack.faults.set({ kind: '5xx', times: 2 });
		const item = rendered(slack);
		const [[pending]] = await outputsOf(slack.type, { credentials, items: [item] });
		expect(at(pending, 'status.status')).toBe('pending');
		const trigger = await start(credentials);
		const [again] = jsonOf(await trigger.next(8000));
		expect(again.delivery_id).toBe(item.delivery_id);
		expect([again.message, again.status]).toEqual([undefined, undefined]);
		const [[message]] = await outputsOf('itsmTemplateRender', { credentials, items: [again] });
		const [[sent]] = await outputsOf(slack.type, { credentials, items: [message] });
		expect(sent.status).toMatchObject({ status: 'sent', attempts: 3 });
		expect(await ledger(credentials)).toMatchObject([
			{ status: 'sent', attempts: 3, due_at: null },
		]);
	}, 20_000);

	it('what a test run has held is never released', async () => {
		const credentials = freshStore();
		await savePolicy(credentials, { aggregation: { group_wait: '0s' } });
		const run = { credentials, items: [comment('INC-1')], mode: 'manual' as const };
		await outputsOf('itsmAggregateSilence', {
			...run,
			parameters: { aggregation: { group_wait: '1s' } },
		});
		const trigger = await start(credentials);
		await pause(2500);
		expect(trigger.emitted).toEqual([]);
	});

	it('a store that cannot be opened fails the activation', async () => {
		await expect(start(deadStore())).rejects.toThrow('The store cannot be opened');
	});
});

describe('a test run in the editor', () => {
	const listen = async (credentials: CredentialData) => {
		const trigger = await start(credentials, 'manual');
		expect(trigger.emitted).toEqual([]);
		await trigger.response?.manualTriggerFunction?.();
		return jsonOf(await trigger.next());
	};

	it('nothing is due: one sample to build with, which the next nodes take', async () => {
		const credentials = freshStore();
		const [sample, ...more] = await listen(credentials);
		expect(more).toEqual([]);
		expect(sample).toMatchObject({
			test: true,
			channel: 'email',
			event: { event_type: 'ticket_assigned' },
		});
		const run = { credentials, items: [sample], mode: 'manual' as const };
		const outputs = await outputsOf('itsmTemplateRender', run);
		expect(outputs[1]).toHaveLength(1);
		expect(await ledger(credentials, { include_test: true })).toEqual([]);
	});

	it('something is due: a copy, and the original still goes out live', async () => {
		const [slack] = SENDERS;
		const credentials = providers.credentials();
		await savePolicy(credentials, { retry: { first: '1s' } });
		providers.slack.faults.set({ kind: '5xx', times: 2 });
		const item = rendered(slack);
		await outputsOf(slack.type, { credentials, items: [item] });
		await pause(3000);
		const [copy, ...more] = await listen(credentials);
		expect(more).toEqual([]);
		expect(copy).toMatchObject({ test: true, event: { event_id: at(item, 'event.event_id') } });
		expect(copy.delivery_id).not.toBe(item.delivery_id);
		const [live] = jsonOf(await (await start(credentials)).next(8000));
		expect(live.delivery_id).toBe(item.delivery_id);
		expect(live.test).not.toBe(true);
	}, 20_000);

	it('a run that begins at the node gives its input on', async () => {
		const items = [delivery(), delivery()];
		const result = await runNode('itsmReleaseTrigger', { credentials: freshStore(), items });
		expect(result.json('Node')).toEqual(items);
	});
});
