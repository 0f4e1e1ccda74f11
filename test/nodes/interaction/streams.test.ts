// The trigger holds connections to DingTalk and Feishu: what comes over them starts runs as calls to its address do.
import {
	createRecorder,
	startDingTalk,
	startFeishu,
	type DingTalkSimulator,
	type FeishuSimulator,
} from '../../../sandbox/simulators/index.ts';
import { ledger, savePeople, savePolicy } from '../kit/store.ts';
import { event, JOHN } from '../kit/data.ts';
import { outputsOf } from '../kit/run.ts';
import { desk } from './kit.ts';
import { faceIn, told } from './store.ts';

const recorder = createRecorder();
let dingtalk: DingTalkSimulator;
let feishu: FeishuSimulator;
let on: Awaited<ReturnType<typeof desk>>;

const LISTENS = {
	channels: ['dingtalk', 'feishu', 'link'],
	dingtalkConnection: 'longConnection',
	feishuConnection: 'longConnection',
};
const credentials = (secret = 'app-secret') => ({
	itsmNotifyDingTalkApi: {
		...{ mode: 'app', sendAs: 'card', appKey: 'dingapp', appSecret: secret },
		...{ cardTemplateId: 'tpl.schema', baseUrl: dingtalk.url, oapiBaseUrl: dingtalk.url },
	},
	itsmNotifyFeishuApi: { mode: 'app', appId: 'cli_1', appSecret: 'shh', baseUrl: feishu.url },
});

async function until(done: () => boolean | Promise<boolean>, what: string): Promise<void> {
	const end = Date.now() + 5_000;
	while (!(await done())) {
		if (Date.now() > end) throw new Error(`not in time: ${what}`);
		await new Promise((next) => setTimeout(next, 10));
	}
}
const start = async () => {
	const trigger = await on.start();
	await until(
		() => dingtalk.stream.connections() === 1 && feishu.stream.connections() === 1,
		'both connections',
	);
	return trigger;
};
const people = async () => {
	const notification_preferences = {
		...JOHN.notification_preferences,
		...{ dingtalk: { userid: 'd-john' }, feishu: { open_id: 'ou_john' } },
	};
	await savePeople(on.credentials, { ...JOHN, notification_preferences });
	const about = event('ticket_assigned', { ticket_id: 'INC-7', number: 'INC0000007' });
	await outputsOf('itsmPreferenceResolver', { credentials: on.credentials, items: [about] });
	await told(on.credentials, about);
};

beforeEach(async () => {
	dingtalk = await startDingTalk({
		recorder,
		config: {
			...{ appKey: 'dingapp', appSecret: 'app-secret', agentId: 42, apiRate: null },
			...{ users: [{ userid: 'd-john' }], cardTemplates: ['tpl.schema'] },
		},
	});
	feishu = await startFeishu({
		recorder,
		config: { appId: 'cli_1', appSecret: 'shh', users: [{ open_id: 'ou_john' }] },
	});
	on = await desk(LISTENS, credentials());
});
afterEach(async () => {
	await on.close();
	await dingtalk.close();
	await feishu.close();
});

it.each([
	['dingtalk', () => dingtalk.say('d-john', 'ack INC0000007'), 'd-john'],
	['feishu', () => feishu.say('ou_john', 'ack INC0000007'), 'ou_john'],
])('%s: what a person writes is acknowledged, and starts one run', async (channel, say, id) => {
	await people();
	const trigger = await start();
	expect(await say()).toMatchObject({ ok: true, statuses: [200] });
	const emission = await trigger.next();
	expect(emission.items[0].map(({ json }) => json)).toEqual([
		expect.objectContaining({
			...{ channel, action: 'acknowledge', ticket_id: 'INC-7' },
			user: expect.objectContaining({ user_id: 'john', channel_user_id: id }),
		}),
	]);
	emission.finish('success');
	await expect(trigger.next(300)).rejects.toThrow('emitted nothing');
});

it('senders learn that presses come that way; closing ends the connections', async () => {
	await on.activate();
	expect(await faceIn(on)).toMatchObject({
		listens: ['dingtalk', 'feishu', 'link'],
		streams: ['dingtalk', 'feishu'],
	});
	const trigger = await start();
	await trigger.close();
	await until(
		() => dingtalk.stream.connections() === 0 && feishu.stream.connections() === 0,
		'the end of both',
	);
});

it('a test run in the editor opens nothing', async () => {
	const { startTrigger } = await import('../../harness/contexts.ts');
	const trigger = await startTrigger({
		node: on.on,
		credentials: on.credentials,
		mode: 'manual',
	} as never);
	await new Promise((next) => setTimeout(next, 100));
	expect([dingtalk.stream.connections(), feishu.stream.connections()]).toEqual([0, 0]);
	await trigger.close();
});

it('with Webhook, which is the default, it is called and does not call', async () => {
	const called = await desk({ channels: ['dingtalk', 'feishu'] }, credentials());
	const trigger = await called.start();
	await new Promise((next) => setTimeout(next, 100));
	expect([dingtalk.stream.connections(), feishu.stream.connections()]).toEqual([0, 0]);
	await trigger.close();
});

it('a wrong secret: the operators are told, once', async () => {
	const wrong = await desk(LISTENS, credentials('wrong-secret'));
	await savePeople(wrong.credentials, JOHN);
	await savePolicy(wrong.credentials, { routing: { operators: ['john'] } });
	const trigger = await wrong.start();
	const news = async () =>
		(await ledger(wrong.credentials)).filter((row) =>
			String(row.ticket_key).startsWith('itsm-notify:connection:dingtalk:'),
		);
	await until(async () => (await news()).length > 0, 'the news');
	expect(JSON.stringify(await news())).not.toContain('wrong-secret');
	await trigger.close();
});
