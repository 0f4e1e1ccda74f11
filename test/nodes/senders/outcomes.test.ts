import { useProviders } from '../kit/simulators.ts';
import { at, everything, hintsOf, outputsOf, runNode } from '../kit/run.ts';
import { ledger } from '../kit/store.ts';
import { event } from '../kit/data.ts';
import { LAST, NEXT, refused, rendered, SECRET_VALUES, SENDERS } from './channel.ts';

const providers = useProviders();

describe.each(SENDERS)('$channel', (sender) => {
	const { type, channel } = sender;
	const simulator = () => providers[channel];

	it('sent: the reader has it, the item and the store know it', async () => {
		const credentials = providers.credentials();
		const item = rendered(sender);
		const [sent, failed] = await outputsOf(type, { credentials, items: [item] });
		expect(failed).toEqual([]);
		expect(sent).toMatchObject([
			{
				delivery_id: item.delivery_id,
				status: {
					status: 'sent',
					timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
					attempts: 1,
					latency_ms: expect.any(Number),
					provider_message_id: expect.any(String),
				},
				event: {
					delivery_status: { [channel]: { status: 'sent', timestamp: expect.any(String) } },
				},
			},
		]);
		expect(providers.seen()).toEqual([`${channel} ${Object.values(sender.address)[0]}: Hello`]);
		expect(await ledger(credentials)).toMatchObject([
			{ delivery_id: item.delivery_id, status: 'sent', stage: 'done', attempts: 1 },
		]);
	});

	it('no credential: Failed, turned to the next channel, with a hint', async () => {
		const credentials = providers.credentials();
		const item = rendered(sender, { fallback: [NEXT, LAST] });
		const run = { credentials, items: [item], unselected: [sender.credential] };
		const result = await runNode(type, run);
		expect(result.json('Node', 0)).toEqual([]);
		const [turned] = result.json('Node', 1);
		expect(turned).toMatchObject({
			channel: 'feishu',
			address: NEXT.address,
			fallback: [LAST],
			tried: [channel],
			failed: [{ channel, status: { status: 'failed', error: { code: 'no_credential' } } }],
		});
		expect(turned.delivery_id).not.toBe(item.delivery_id);
		expect(turned.message).toBeUndefined();
		expect(turned.status).toBeUndefined();
		expect(hintsOf(result).join()).toContain('No credential is selected');
		expect(providers.seen()).toEqual([]);
	});

	it('no credential and no other channel: Failed, exhausted', async () => {
		const credentials = providers.credentials();
		const run = { credentials, items: [rendered(sender)], unselected: [sender.credential] };
		const [, [failed]] = await outputsOf(type, run);
		expect(failed).toMatchObject({
			channel,
			status: { status: 'failed', error: { code: 'no_credential' } },
			event: { delivery_status: { [channel]: { status: 'failed' } } },
		});
	});

	it('a delivery of another channel: Failed, wrong_channel, nothing sent', async () => {
		const item = rendered(sender, { channel: 'push' });
		const run = { credentials: providers.credentials(), items: [item, rendered(sender)] };
		const [sent, failed] = await outputsOf(type, run);
		expect(failed).toMatchObject([
			{ delivery_id: item.delivery_id, channel: 'push', status: { reason: 'wrong_channel' } },
		]);
		expect(sent).toHaveLength(1);
		expect(providers.seen()).toHaveLength(1);
	});

	it('a delivery without a message: Failed, no_message', async () => {
		const run = {
			credentials: providers.credentials(),
			items: [rendered(sender, { message: undefined })],
		};
		const [, [failed]] = await outputsOf(type, run);
		expect(at(failed, 'status.error.code')).toBe('no_message');
	});

	it('the same delivery again: one message; the second is on Sent, duplicate', async () => {
		const credentials = providers.credentials();
		const items = [rendered(sender)];
		const [[first]] = await outputsOf(type, { credentials, items, executionId: 'a' });
		const [[second]] = await outputsOf(type, { credentials, items, executionId: 'b' });
		expect(providers.seen()).toHaveLength(1);
		expect(at(first, 'status.duplicate')).toBeUndefined();
		expect(second.status).toMatchObject({
			status: 'sent',
			duplicate: true,
			provider_message_id: at(first, 'status.provider_message_id'),
		});
	});

	// Fails for now: deliver() takes the claim of the second for that of both, and nobody sends.
	it('the same delivery twice in one run: one message', async () => {
		const item = rendered(sender);
		const run = { credentials: providers.credentials(), items: [item, item] };
		const [sent] = await outputsOf(type, run);
		expect(providers.seen()).toHaveLength(1);
		expect(sent).toHaveLength(2);
	});

	it('a person whom the provider does not know: Failed at once, no retry', async () => {
		const credentials = providers.credentials();
		const item = rendered(sender, { address: sender.unknown, fallback: [NEXT] });
		const [sent, [turned]] = await outputsOf(type, { credentials, items: [item] });
		expect(sent).toEqual([]);
		expect(turned).toMatchObject({
			channel: 'feishu',
			failed: [{ channel, status: { reason: 'recipient', attempts: 1 } }],
		});
		expect(providers.recorder.refusals()).toHaveLength(1);
		// The next channel's message is written with the failure: a crash on its way must not lose it.
		const rows = await ledger(credentials);
		expect(rows).toHaveLength(2);
		expect(rows).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ channel, status: 'failed', reason: 'recipient', attempts: 1 }),
				expect.objectContaining({ channel: 'feishu', stage: 'decided', status: 'pending' }),
			]),
		);
	});

	it('one who is unknown does not stop the others', async () => {
		const items = [
			rendered(sender, { address: sender.unknown, recipient: { user_id: 'x' } }),
			rendered(sender),
		];
		const [sent, failed] = await outputsOf(type, { credentials: providers.credentials(), items });
		expect([sent.length, failed.length]).toEqual([1, 1]);
	});

	it('a test run sends each time, and leaves no retry and no live row behind', async () => {
		const credentials = providers.credentials();
		const items = [rendered(sender)];
		for (const executionId of ['t1', 't2']) {
			const [sent] = await outputsOf(type, { credentials, items, executionId, mode: 'manual' });
			expect(sent).toMatchObject([{ test: true, status: { status: 'sent' } }]);
			expect(at(sent[0], 'status.duplicate')).toBeUndefined();
		}
		expect(providers.seen()).toHaveLength(2);
		simulator().faults.set({ kind: '5xx' });
		const [, failed] = await outputsOf(type, { credentials, items, mode: 'manual' });
		expect(failed).toMatchObject([{ status: { status: 'failed' } }]);
		expect(await ledger(credentials)).toEqual([]);
	});

	it('delivery_status is the worst over all recipients of an event', async () => {
		const of = event();
		const items = [
			rendered(sender, { delivery_id: 'd1', event: of, recipient: { user_id: 'a' } }),
			rendered(sender, {
				delivery_id: 'd2',
				event: of,
				recipient: { user_id: 'b' },
				address: sender.unknown,
			}),
			rendered(sender, { delivery_id: 'd3', recipient: { user_id: 'c' } }),
		];
		const [[one, other], [bad]] = await outputsOf(type, {
			credentials: providers.credentials(),
			items,
		});
		const shown = (item: unknown) => at(item, `event.delivery_status.${channel}.status`);
		expect([shown(one), shown(other), shown(bad)]).toEqual(['failed', 'sent', 'failed']);
	});

	it('keeps no secret in what the execution keeps', async () => {
		const runs = [
			await runNode(type, { credentials: providers.credentials(), items: [rendered(sender)] }),
			await runNode(type, { credentials: refused(providers, sender), items: [rendered(sender)] }),
		];
		simulator().faults.set({ kind: 'reset' });
		runs.push(
			await runNode(type, { credentials: providers.credentials(), items: [rendered(sender)] }),
		);
		for (const secret of SECRET_VALUES)
			for (const run of runs) expect(everything(run).includes(secret)).toBe(false);
	});
});
