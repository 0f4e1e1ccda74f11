import type { IDataObject } from 'n8n-workflow';
import { useProviders } from '../kit/simulators.ts';
import { at, outputsOf, pairsOf, runNode } from '../kit/run.ts';
import { SECRET_VALUES, SENDERS } from './channel.ts';
import { everything } from '../kit/run.ts';

const providers = useProviders();

describe.each(SENDERS)('$channel: Define Below', (sender) => {
	const { type, channel } = sender;
	const recipient = String(Object.values(sender.address)[0]);
	const below = (more: IDataObject): IDataObject => ({ input: 'defineBelow', recipient, ...more });
	const send = (parameters: IDataObject, items: IDataObject[] = [{}]) =>
		runNode(type, { credentials: providers.credentials(), parameters: below(parameters), items });

	it('title, text and link buttons', async () => {
		const button = [{ label: 'Open', url: 'https://itsm.example.test/INC-1' }];
		const result = await send({
			title: 'Disk is full',
			text: 'db-01 at 99 %',
			buttons: { button },
		});
		expect(result.error()).toBeUndefined();
		expect(result.json('Node')).toMatchObject([{ status: { status: 'sent' } }]);
		const [message] = providers.recorder.messages();
		expect(message.to).toEqual([recipient]);
		const shown = JSON.stringify(message.rendered);
		for (const part of ['Disk is full', 'db-01 at 99 %', 'https://itsm.example.test/INC-1'])
			expect(shown + JSON.stringify(message.payload)).toContain(part);
	});

	it.each<[string, IDataObject]>([
		['only a title', { title: 'Alone' }],
		['only a text', { text: 'Alone' }],
	])('%s', async (_name, parameters) => {
		expect((await send(parameters)).json('Node')).toHaveLength(1);
		expect(providers.seen()).toEqual([`${channel} ${recipient}: Alone`]);
	});

	it('expressions per item: two items, two messages, paired', async () => {
		const parameters = below({ title: '={{ $json.title }}' });
		const items = [{ title: 'One' }, { title: 'Two' }];
		const result = await runNode(type, { credentials: providers.credentials(), parameters, items });
		expect(pairsOf(result)).toEqual([0, 1]);
		expect(providers.seen().map((line) => line.split(': ')[1])).toEqual(['One', 'Two']);
	});

	it.each([
		['as an object', (raw: object) => raw],
		['as text', (raw: object) => JSON.stringify(raw)],
	])('the own payload of the channel, %s, beats title and text', async (_name, as) => {
		const result = await send({ title: 'Not this', raw: as(sender.raw) as never });
		expect(result.error()).toBeUndefined();
		expect(JSON.stringify(providers.recorder.messages()[0].payload)).toContain('Raw words');
		expect(providers.seen().join()).not.toContain('Not this');
	});

	it.each<[string, IDataObject, RegExp]>([
		['nothing to say', {}, /empty/i],
		['blanks only', { title: '  ', text: '\n' }, /empty/i],
		['a payload that is no JSON', { raw: '{"text":' }, /"Raw Payload" is not JSON/],
	])('%s: an error that says so, nothing sent', async (_name, parameters, message) => {
		const result = await send(parameters);
		expect(result.error()?.message).toMatch(message);
		expect(result.error()?.message).toContain('[item 0]');
		expect(providers.seen()).toEqual([]);
	});

	it('Continue On Fail: the empty one goes to Failed, the other is sent', async () => {
		const result = await runNode(type, {
			credentials: providers.credentials(),
			parameters: below({ title: '={{ $json.title }}' }),
			items: [{ title: '' }, { title: 'Two' }],
			settings: { continueOnFail: true },
		});
		expect(result.json('Node', 0)).toHaveLength(1);
		expect(result.json('Node', 1)).toMatchObject([{ details: { code: 'empty_message' } }]);
	});

	it('an unknown recipient: Failed with the reason, never an error of the run', async () => {
		const unknown = String(Object.values(sender.unknown)[0]);
		const parameters = below({ title: 'Hi', recipient: unknown });
		const [sent, [failed]] = await outputsOf(type, {
			credentials: providers.credentials(),
			parameters,
		});
		expect(sent).toEqual([]);
		expect(at(failed, 'status.reason')).toBe('recipient');
	});

	it('each execution sends its own message, a repeated item of one does not', async () => {
		const credentials = providers.credentials();
		const run = { credentials, parameters: below({ title: 'Hi' }) };
		for (const executionId of ['1', '1', '2']) await runNode(type, { ...run, executionId });
		// Each call makes a node with an id of its own: three nodes, three messages.
		expect(providers.seen()).toHaveLength(3);
	});
});

describe('channels that know their place themselves', () => {
	const below = { input: 'defineBelow', recipient: '', title: 'Hi' };
	it.each<[string, string, string, () => IDataObject, string]>([
		[
			'Slack incoming webhook',
			'itsmSlackSender',
			'itsmNotifySlackApi',
			() => ({
				authMode: 'webhook',
				webhookSecretUrl: `${providers.slack.url}/services/T0/B0/slack-hook-secret`,
			}),
			'slack C0OPS: Hi',
		],
		[
			'WeCom group robot',
			'itsmWeComSender',
			'itsmNotifyWeComApi',
			() => ({
				mode: 'robot',
				webhookSecretUrl: `${providers.wecom.url}/cgi-bin/webhook/send?key=robot-key-secret`,
			}),
			'wecom Ops: Hi',
		],
	])('%s', async (_name, type, credential, data, seen) => {
		const credentials = { ...providers.credentials(), [credential]: data() as never };
		const result = await runNode(type, { credentials, parameters: below });
		expect(result.outputs('Node')[1]).toEqual([]);
		expect(providers.seen()).toEqual([seen]);
		for (const secret of SECRET_VALUES) expect(everything(result)).not.toContain(secret);
	});
});
