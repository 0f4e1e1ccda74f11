// Everybody in the sandbox answers, and core takes it: the demo's simulators sign with what the demo's credentials hold.
import { channels } from '../../../core/channels';
import { readReply } from '../../../core/channels/email/reply';
import { closeSmtp, sendSmtp } from '../../../core/channels/transport';
import type { Channel, Credential, SmtpRequest } from '../../../core/channels/types';
import {
	DINGTALK_IDS,
	FEISHU_IDS,
	JOHN,
	SLACK_IDS,
	SMS_NUMBERS,
	TEAMS_IDS,
	WECHAT_IDS,
	WECOM_IDS,
} from '../../../sandbox/data/index.ts';
import { answering, startSimulators, urlsOf } from '../../../sandbox/demo/channels.ts';
import type { Simulators } from '../../../sandbox/demo/channels.ts';
import { ANSWERING, demoCredentials } from '../../../sandbox/demo/credentials.ts';
import { createRecorder } from '../../../sandbox/simulators/index.ts';
import type { Recorder, TwoWay } from '../../../sandbox/simulators/index.ts';
import { pressable } from '../../unit/channels/cards';
import { aDelivery } from '../../unit/channels/fakes';
import { deliver } from '../channels/http';
import { openHook, type Hook } from './hook';

type Id = 'slack' | 'teams' | 'wecom' | 'wechat' | 'dingtalk' | 'feishu' | 'sms';

const ADDRESSES: Record<Id, { document: Record<string, string>; user: string }> = {
	slack: { document: { userid: SLACK_IDS.john }, user: SLACK_IDS.john },
	teams: { document: { aad_object_id: TEAMS_IDS.john }, user: TEAMS_IDS.john },
	wecom: { document: { userid: WECOM_IDS.john }, user: WECOM_IDS.john },
	wechat: { document: { openid: WECHAT_IDS.john }, user: WECHAT_IDS.john },
	dingtalk: { document: { userid: DINGTALK_IDS.john }, user: DINGTALK_IDS.john },
	feishu: { document: { open_id: FEISHU_IDS.john }, user: FEISHU_IDS.john },
	sms: { document: { number: SMS_NUMBERS.john }, user: SMS_NUMBERS.john },
};
const ALL = Object.keys(ADDRESSES) as Id[];
const PRESSED = ['slack', 'teams', 'wecom', 'dingtalk', 'feishu'] as const;
/** WeCom's cards take no text. */
const TYPED = ['slack', 'teams', 'dingtalk', 'feishu'] as const;

const asking = {
	...pressable,
	buttons: [
		...pressable.buttons,
		{
			action: 'comment',
			label: 'Comment',
			value: 'signed-c',
			input: { name: 'comment', label: 'Your comment' },
		},
	],
};

let recorder: Recorder;
let simulators: Simulators;
let hook: Hook;
const closers: Array<() => Promise<unknown>> = [];

const credentialOf = (type: string): Credential =>
	demoCredentials(urlsOf(simulators)).find((one) => one.type === type)!.data as Credential;
const actor = (id: Id): TwoWay => answering(simulators)[id];
let count = 0;

/** Sends the card that asks; gives the record of it. */
async function sent(id: Id): Promise<string> {
	const channel = channels[id] as Channel;
	const credential = credentialOf(ANSWERING[id]);
	const known = recorder.messages().length;
	const outcome = await deliver(channel, channel.draw(asking), ADDRESSES[id].document, credential, {
		id: `d_${(count += 1)}`,
	});
	expect(outcome).toMatchObject({ ok: true });
	return recorder.messages()[known].ref;
}

beforeAll(async () => {
	recorder = createRecorder();
	simulators = await startSimulators(recorder, (part) => {
		closers.push(() => part.close());
		return part;
	});
	hook = await openHook((id) => credentialOf(ANSWERING[id]));
	for (const id of ALL) actor(id).setCallbackUrl(hook.url(id));
});
afterAll(async () => {
	closeSmtp();
	hook.close();
	for (const close of closers) await close();
});
beforeEach(() => {
	hook.results.length = 0;
	recorder.clear();
});

it.each(PRESSED)('%s: a press brings the token of its button, and who pressed', async (id) => {
	const ref = await sent(id);
	expect(await actor(id).press!(ref, 'signed-2')).toMatchObject({ ok: true, statuses: [200] });
	expect(hook.calls()).toMatchObject([
		{ type: 'press', value: 'signed-2', channelUserId: ADDRESSES[id].user },
	]);
	expect(recorder.answers()).toMatchObject([
		{ channel: id, to: [ADDRESSES[id].user], ref, ok: true, statuses: [200] },
	]);
});

it.each(TYPED)('%s: what is typed comes with the press', async (id) => {
	const ref = await sent(id);
	await actor(id).press!(ref, 'signed-c', undefined, 'on it');
	expect(hook.calls()).toMatchObject([{ value: 'signed-c', parameters: { comment: 'on it' } }]);
});

it.each(ALL)('%s: a text comes as it was written', async (id) => {
	const text = 'ack INC0010001 好的 & <b> +1';
	expect(await actor(id).say!(ADDRESSES[id].user, text)).toMatchObject({ ok: true });
	expect(hook.calls()).toMatchObject([
		{ type: 'text', text, channelUserId: ADDRESSES[id].user, reply: expect.any(Object) },
	]);
});

describe.each(ALL)('%s: a call that goes wrong', (id) => {
	const say = () => actor(id).say!(ADDRESSES[id].user, 'ack 42');

	it('comes three times, byte for byte', async () => {
		simulators[id].faults.set({ kind: 'repeat', times: 1 });
		expect(await say()).toMatchObject({ ok: true, statuses: [200, 200, 200] });
		const keys = hook.calls().map(({ replayKey }) => replayKey);
		expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
		expect(await say()).toMatchObject({ statuses: [200] });
		expect(hook.calls()[3].replayKey).not.toBe(keys[0]);
	});

	it('is forged: refused, and nothing is tried again', async () => {
		simulators[id].faults.set({ kind: 'forge', times: 1 });
		expect(await say()).toMatchObject({ ok: false, statuses: [401] });
		expect(hook.calls()).toEqual([]);
		expect(recorder.answers()).toMatchObject([{ fault: 'forge', ok: false, statuses: [401] }]);
		// The request of a provider's own interface is not what the switch is for.
		expect(recorder.refusals()).toEqual([]);
	});

	it('is a day old: refused where the provider signs a time', async () => {
		simulators[id].faults.set({ kind: 'stale', times: 1 });
		const isDated = actor(id).callbackFaults.includes('stale');
		expect((await say()).statuses).toEqual([isDated ? 401 : 200]);
		expect(isDated).toBe(id !== 'sms');
		simulators[id].faults.clear();
	});
});

it.each(PRESSED)('%s: a forged press is refused too', async (id) => {
	const ref = await sent(id);
	simulators[id].faults.set({ kind: 'forge', times: 1 });
	expect(await actor(id).press!(ref, 0)).toMatchObject({ ok: false, statuses: [401] });
	expect(hook.calls()).toEqual([]);
});

it.each(ALL)('%s: nobody acts who is not there, on what is not there', async (id) => {
	await expect(actor(id).say!('nobody', 'x')).rejects.toThrow(/nobody/);
	if (actor(id).press) await expect(actor(id).press!('nothing', 0)).rejects.toThrow();
	expect(actor(id).people).toContain(ADDRESSES[id].user);
	expect(hook.results).toEqual([]);
});

it.each(ALL)('%s: without an address nothing can be sent', async (id) => {
	actor(id).setCallbackUrl(undefined);
	await expect(actor(id).say!(ADDRESSES[id].user, 'x')).rejects.toThrow('no callback URL');
	actor(id).setCallbackUrl(hook.url(id));
});

it('what consoles check when the address is saved is answered', async () => {
	expect(await simulators.wecom.checkUrl()).toMatchObject({ ok: true });
	expect(await simulators.wechat.check()).toMatchObject({ ok: true });
	expect(await simulators.feishu.verifyUrl()).toMatchObject({ ok: true });
	expect(await simulators.dingtalk.event({ EventType: 'check_url' })).toMatchObject({ ok: true });
	expect(recorder.answers()).toEqual([]);
});

describe('email', () => {
	const KEY = 'mail-key';
	const settings = { key: KEY, authservId: 'mx.sandbox.test', idDomains: ['example.test'] };

	async function mailed(): Promise<string> {
		const { email } = channels;
		const request = email.request(
			email.draw(asking),
			{
				delivery: aDelivery({ channel: 'email', address: { address: JOHN.email } }),
				credential: credentialOf('itsmNotifyEmailApi'),
				replyTo: { address: 'support@example.test', key: KEY },
				now: new Date(),
			},
			{},
		);
		const io = { timeoutMs: 5000, now: Date.now() };
		return (await sendSmtp(request as SmtpRequest, io)).messageId;
	}

	it('is answered in its thread, once or three times', async () => {
		const { email } = simulators;
		const ref = await mailed();
		const heard: Buffer[] = [];
		email.onMail((raw) => heard.push(raw));
		email.faults.set({ kind: 'repeat', times: 1 });
		await email.say(JOHN.email, 'ack\nthanks', ref);
		expect(heard).toHaveLength(3);
		expect(new Set(heard.map(String)).size).toBe(1);
		expect(await readReply(heard[0], settings)).toMatchObject({
			kind: 'text',
			trusted: 'address',
			call: { text: 'ack\nthanks', channelUserId: JOHN.email, inReplyTo: ref },
		});
		await email.say(JOHN.email, 'resolve');
		expect(recorder.answers()).toMatchObject([
			{ ref, fault: 'repeat' },
			{ ref, said: 'resolve' },
		]);
		await expect(email.say('nobody@example.test', 'x')).rejects.toThrow('no mail came to nobody');
	});

	it('is not believed where nothing vouches for its sender', async () => {
		const { email } = simulators;
		await mailed();
		email.faults.set({ kind: 'forge', times: 1 });
		await email.say(JOHN.email, 'ack');
		const reading = await readReply(email.mailbox.at(-1)!, settings);
		expect(reading).toMatchObject({ kind: 'text', call: { text: 'ack' } });
		expect(reading).not.toHaveProperty('trusted');
	});
});
