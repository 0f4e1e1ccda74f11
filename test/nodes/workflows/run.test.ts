import type { IDataObject } from 'n8n-workflow';
import { node } from '../../harness/engine.ts';
import { runWebhook, startTrigger } from '../../harness/contexts.ts';
import { seed } from '../../fixtures/events/seed.ts';
import { event, JOHN, person, WEI } from '../kit/data.ts';
import { at, everything } from '../kit/run.ts';
import { useProviders } from '../kit/simulators.ts';
import { ledger, savePeople, savePolicy } from '../kit/store.ts';
import { SECRET_VALUES } from '../senders/channel.ts';
import { load, run, withCredentials } from './bundled.ts';

const providers = useProviders();

/** Whom Slack does not know; mail is their next channel, though they did not ask for this category there. */
const CARL = {
	...person('carl', 'slack', { userid: 'U0NOBODY' }),
	notification_preferences: {
		channels: ['slack', 'email'],
		slack: { userid: 'U0NOBODY', categories: ['all'] },
		email: { address: 'new@example.test', categories: ['closed'] },
	},
};
const DORA = person('dora', 'slack', { userid: 'U0GONE' });

const to = (...target_users: string[]) =>
	event('ticket_assigned', { ticket_id: 'INC-7', ticket_title: 'Disk full' }, { target_users });

async function routed(items: IDataObject[], ...people: object[]) {
	const credentials = providers.credentials();
	await savePeople(credentials, ...people);
	return { credentials, ...(await run('01-routing.json', items, credentials)) };
}

describe('01 Routing', () => {
	it('from the webhook to the readers, each in their channel and language', async () => {
		const credentials = { ...providers.credentials(), itsmNotifyInboundApi: { token: 'tok-1' } };
		await savePeople(
			credentials,
			{ ...JOHN, user_id: 'user-001' },
			{ ...WEI, user_id: 'user-002' },
		);
		const trigger = withCredentials(load('01-routing.json'), credentials).find(
			(n) => n.name === 'ITSM Trigger',
		)!;
		const call = (headers: Record<string, string>) =>
			runWebhook({ node: trigger, credentials, request: { body: seed, headers } });
		expect((await call({})).response.statusCode).toBe(401);
		const accepted = await call({ 'X-ITSM-Token': 'tok-1' });
		// Durable intake: the call is answered when the event is committed, the run starts behind it.
		expect(accepted).toMatchObject({
			items: undefined,
			result: { webhookResponse: { events: 1 } },
		});
		const intake = await startTrigger({ node: trigger, credentials });
		const emission = await intake.next();
		const items = emission.items[0].map((item) => item.json);
		const { result } = await run('01-routing.json', items, credentials);
		emission.finish('success');
		await intake.close();
		expect(result.error()).toBeUndefined();
		const seen = providers.seen().sort();
		expect(seen).toHaveLength(4);
		expect(seen.map((line) => line.split(':')[0])).toEqual([
			'email john@example.test',
			'email wei@example.test',
			'slack U0JOHN',
			'wecom ZhangWei',
		]);
		expect(seen.filter((line) => /Assigned to you/.test(line))).toHaveLength(2);
		expect(seen.every((line) => line.includes('Web服务器CPU使用率过高'))).toBe(true);
		for (const secret of [...SECRET_VALUES, 'tok-1'])
			expect(everything(result)).not.toContain(secret);
	});

	it('a channel that fails goes on to the next of that person, through No-Op and Render', async () => {
		const { result, all, credentials } = await routed([to('carl')], CARL);
		expect(result.error()).toBeUndefined();
		expect(providers.seen()).toEqual([
			expect.stringMatching(/^email new@example.test: .*Disk full/),
		]);
		expect(all('Next Channel')).toMatchObject([{ channel: 'email', tried: ['slack'] }]);
		expect(all('Email')).toMatchObject([
			{
				status: { status: 'sent' },
				failed: [{ channel: 'slack', status: { reason: 'recipient' } }],
				event: { delivery_status: { slack: { status: 'failed' }, email: { status: 'sent' } } },
			},
		]);
		expect(all('Undeliverable')).toEqual([]);
		const rows = (await ledger(credentials)).map(
			(row) => `${String(row.channel)} ${String(row.status)}`,
		);
		expect(rows.sort()).toEqual(['email sent', 'slack failed']);
	});

	it('whoever has no channel left stands on Undeliverable, with the reason', async () => {
		const { result, all } = await routed([to('dora')], DORA);
		expect(result.error()).toBeUndefined();
		expect(providers.seen()).toEqual([]);
		expect(all('Undeliverable')).toMatchObject([
			{
				recipient: { user_id: 'dora' },
				channel: 'slack',
				status: { status: 'failed', reason: 'recipient', error: { code: 'user_disabled' } },
			},
		]);
	});

	it('good and bad in one run: everybody has one place, nobody is lost', async () => {
		const { all } = await routed(
			[to('john', 'wei', 'carl', 'dora', 'ghost')],
			JOHN,
			WEI,
			CARL,
			DORA,
		);
		expect(
			providers
				.seen()
				.map((line) => line.split(':')[0])
				.sort(),
		).toEqual([
			'email john@example.test',
			'email new@example.test',
			'email wei@example.test',
			'slack U0JOHN',
			'wecom ZhangWei',
		]);
		expect(all('Undeliverable').map((d) => at(d, 'recipient.user_id'))).toEqual(['dora']);
		expect(all('No Route').map((d) => d.reason)).toEqual(['unknown_person']);
	});

	it('a person who lists both channels is not told twice by mail when Slack fails', async () => {
		const both = {
			...CARL,
			notification_preferences: {
				channels: ['slack', 'email'],
				slack: { userid: 'U0NOBODY', categories: ['all'] },
				email: { address: 'new@example.test', categories: ['all'] },
			},
		};
		await routed([to('carl')], both);
		expect(providers.seen()).toHaveLength(1);
	});

	it('no channel credential at all: nothing is lost, and the run succeeds', async () => {
		const { itsmNotifyStoreApi } = providers.credentials();
		await savePeople({ itsmNotifyStoreApi }, JOHN);
		const { result, all } = await run('01-routing.json', [to('john')], { itsmNotifyStoreApi });
		expect(result.error()).toBeUndefined();
		expect(all('Undeliverable')).toHaveLength(2);
	});

	it('the same event again sends nothing twice', async () => {
		const item = to('john');
		const { credentials } = await routed([item], JOHN);
		const { all } = await run('01-routing.json', [item], credentials);
		expect(providers.seen()).toHaveLength(2);
		expect(all('Undeliverable')).toEqual([]);
	});
});

describe('02 Release', () => {
	it('what 01 held comes out as one digest per person and channel', async () => {
		const credentials = providers.credentials();
		await savePeople(credentials, JOHN);
		await savePolicy(credentials, {
			aggregation: { group_wait: '1s', group_by: ['recipient', 'channel'] },
		});
		const comments = ['A', 'B'].map((ticket_id) =>
			event('ticket_comment', {
				ticket_id,
				ticket_title: `Ticket ${ticket_id}`,
				comment: { text: 'Hi' },
			}),
		);
		await run('01-routing.json', comments, credentials);
		expect(providers.seen()).toEqual([]);
		const trigger = await startTrigger({
			node: node(
				'R',
				'itsmReleaseTrigger',
				{ everySeconds: 1 },
				{ credentials: ['itsmNotifyStoreApi'] },
			),
			credentials,
		});
		const due: IDataObject[] = [];
		while (due.length < 2) due.push(...(await trigger.next(8000)).items[0].map((i) => i.json));
		await trigger.close();
		const { result } = await run('02-release.json', due, credentials);
		expect(result.error()).toBeUndefined();
		const messages = providers.recorder.messages();
		expect(messages.map(({ channel }) => channel).sort()).toEqual(['email', 'slack']);
		for (const { payload } of messages)
			for (const title of ['Ticket A', 'Ticket B'])
				expect(JSON.stringify(payload)).toContain(title);
		expect(await ledger(credentials, { status: 'pending' })).toEqual([]);
	}, 20_000);
});

describe('03 Error Alert', () => {
	const failure = {
		execution: {
			id: '231',
			url: 'https://n8n.example.test/execution/231',
			error: { message: 'The store cannot be opened' },
			lastNodeExecuted: 'Who and Where',
		},
		workflow: { id: '1', name: 'ITSM Notify 01 Routing' },
	};

	it('tells the operators of the policy which workflow failed, where and why', async () => {
		const credentials = providers.credentials();
		await savePeople(credentials, JOHN);
		await savePolicy(credentials, { routing: { operators: ['john'] } });
		const { result } = await run('03-error-alert.json', [failure], credentials);
		expect(result.error()).toBeUndefined();
		expect(providers.seen()).toHaveLength(2);
		const [message] = providers.recorder.messages({ channel: 'slack' });
		for (const part of [
			'01 Routing',
			'The store cannot be opened',
			'Who and Where',
			'execution/231',
		])
			expect(JSON.stringify(message.payload)).toContain(part);
	});

	it('a failure of a trigger has another shape', async () => {
		const credentials = providers.credentials();
		await savePeople(credentials, JOHN);
		await savePolicy(credentials, { routing: { operators: ['john'] } });
		const item = { trigger: { error: { message: 'Port is taken' } }, workflow: failure.workflow };
		await run('03-error-alert.json', [item], credentials);
		expect(JSON.stringify(providers.recorder.messages()[0]?.payload)).toContain('Port is taken');
	});

	it('nobody is named: No Route, no error', async () => {
		const { result, all } = await run('03-error-alert.json', [failure], providers.credentials());
		expect(result.error()).toBeUndefined();
		expect(all('No Route')).toHaveLength(1);
	});
});
