import { useProviders } from '../kit/simulators.ts';
import { at, outputsOf } from '../kit/run.ts';
import { ledger } from '../kit/store.ts';
import { NEXT, refused, rendered, SENDERS } from './channel.ts';

const providers = useProviders();

describe.each(SENDERS)('$channel', (sender) => {
	const { type, channel } = sender;
	const simulator = () => providers[channel];

	it('a refused credential opens the breaker: of ten people the provider is asked for one', async () => {
		const credentials = refused(providers, sender);
		const items = Array.from({ length: 10 }, (_, i) =>
			rendered(sender, { recipient: { user_id: `u${i}` }, fallback: [NEXT] }),
		);
		const parameters = { options: { concurrency: 1 } };
		const [sent, failed] = await outputsOf(type, { credentials, items, parameters });
		expect(sent).toEqual([]);
		const story = (item: unknown) => at((at(item, 'failed') as unknown[])[0], 'status.error.code');
		expect(failed.map((item) => item.channel)).toEqual(Array(10).fill('feishu'));
		expect(failed.map(story).filter((code) => code === 'circuit_open')).toHaveLength(9);
		expect(providers.recorder.refusals()).toHaveLength(1);
		// It holds in the next run too; who has no other channel waits for it.
		const [[waiting]] = await outputsOf(type, { credentials, items: [rendered(sender)] });
		expect(waiting.status).toMatchObject({ status: 'pending', error: { code: 'circuit_open' } });
		expect(providers.recorder.refusals()).toHaveLength(1);
	});

	it('a right credential is not stopped by the breaker of a wrong one', async () => {
		const credentials = refused(providers, sender);
		await outputsOf(type, { credentials, items: [rendered(sender)] });
		const right = {
			...providers.credentials(),
			itsmNotifyStoreApi: credentials.itsmNotifyStoreApi,
		};
		const [sent] = await outputsOf(type, { credentials: right, items: [rendered(sender)] });
		expect(sent).toHaveLength(1);
	});

	it('a short refusal is tried again in the run: sent, two attempts', async () => {
		simulator().faults.set({ kind: '5xx', times: 1 });
		const run = { credentials: providers.credentials(), items: [rendered(sender)] };
		const [sent] = await outputsOf(type, run);
		expect(sent).toMatchObject([{ status: { status: 'sent', attempts: 2 } }]);
		expect(providers.seen()).toHaveLength(1);
	});

	it('one that lasts: pending on Sent, and due in the store', async () => {
		simulator().faults.set({ kind: '5xx' });
		const credentials = providers.credentials();
		const item = rendered(sender, { fallback: [NEXT] });
		const [sent, failed] = await outputsOf(type, { credentials, items: [item] });
		expect(failed).toEqual([]);
		expect(sent).toMatchObject([
			{
				channel,
				status: {
					status: 'pending',
					reason: 'retry_scheduled',
					attempts: 2,
					error: { code: expect.any(String), class: 'retry' },
					next_try_at: expect.any(String),
				},
				event: { delivery_status: { [channel]: { status: 'pending' } } },
			},
		]);
		const [row] = await ledger(credentials);
		expect(row).toMatchObject({ stage: 'due', status: 'pending', reason: 'retry_scheduled' });
		expect(row.due_at).toBe(at(sent[0], 'status.next_try_at'));
		expect(Date.parse(String(row.due_at)) - Date.now()).toBeGreaterThan(15_000);
	});

	it('told to wait an hour: no retry in the run, due in an hour at the earliest', async () => {
		simulator().faults.set({ kind: '429', wait: 3600 });
		const credentials = providers.credentials();
		const [[pending]] = await outputsOf(type, { credentials, items: [rendered(sender)] });
		expect(pending.status).toMatchObject({ status: 'pending', reason: 'retry_scheduled' });
		const wait = Date.parse(String(at(pending, 'status.next_try_at'))) - Date.now();
		// Mail and WeCom name no wait of their own: ours counts.
		expect(wait).toBeGreaterThan(channel === 'slack' ? 3_590_000 : 15_000);
	});

	it('nobody listens there: pending, and the next channel is not bothered', async () => {
		const all = providers.credentials();
		const dead = { ...all[sender.credential], baseUrl: 'http://127.0.0.1:9/api', port: 9 };
		const credentials = { ...all, [sender.credential]: dead };
		const run = { credentials, items: [rendered(sender, { fallback: [NEXT] })] };
		const [[pending], failed] = await outputsOf(type, run);
		expect(failed).toEqual([]);
		expect(at(pending, 'status.status')).toBe('pending');
	});
});
