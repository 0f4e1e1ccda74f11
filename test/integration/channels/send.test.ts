import { sendDelivery } from '../../../core/channels/send';
import { slack } from '../../../core/channels/slack';
import { transportError } from '../../../core/channels/transport';
import type { ChannelIo } from '../../../core/channels/types';
import { wecom } from '../../../core/channels/wecom';
import type { DeliveryInput } from '../../../core/events/delivery';
import { createRecorder, startSlack, startWeCom } from '../../../sandbox/simulators/index';
import type { Recorder, Simulator, WeComSimulator } from '../../../sandbox/simulators/index';
import { incident } from '../../unit/channels/cards';
import { aDelivery } from '../../unit/channels/fakes';
import { createIo } from './http';

const TIMEOUT_MS = 700;

let recorder: Recorder;
let chat: Simulator;
let corp: WeComSimulator;
let token: Record<string, unknown>;
let app: Record<string, unknown>;

beforeAll(async () => {
	recorder = createRecorder();
	chat = await startSlack({
		recorder,
		config: { token: 'xoxb-1-secret', users: [{ id: 'U1' }], rate: null },
	});
	corp = await startWeCom({
		recorder,
		config: { corpId: 'ww1', secret: 'corp-secret', agentId: 7, users: [{ userid: 'W1' }] },
	});
	token = { authMode: 'token', token: 'xoxb-1-secret', baseUrl: `${chat.url}/api` };
	app = { mode: 'app', corpId: 'ww1', corpSecret: 'corp-secret', agentId: '7', baseUrl: corp.url };
});

afterEach(() => {
	chat.faults.clear();
	corp.faults.clear();
	recorder.clear();
});

afterAll(async () => {
	await chat.close();
	await corp.close();
});

/** As the nodes do it: real HTTP with a time limit; sleeps are noted, not slept. */
function realIo(): ChannelIo & { slept: number[] } {
	const slept: number[] = [];
	return {
		...createIo(),
		slept,
		sleep: async (ms) => void slept.push(ms),
		async http({ method, url, headers, body }, { timeoutMs }) {
			try {
				const answer = await fetch(url, {
					method,
					headers,
					body: body === undefined ? undefined : JSON.stringify(body),
					signal: AbortSignal.timeout(timeoutMs),
				});
				const text = await answer.text();
				return {
					status: answer.status,
					headers: Object.fromEntries(answer.headers),
					body: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
				};
			} catch (error) {
				throw transportError(error);
			}
		},
	};
}

const toSlack = (io = realIo(), patch: object = {}) =>
	sendDelivery(slack, aDelivery({ message: slack.draw(incident) }), { ...token, ...patch }, io, {
		timeoutMs: TIMEOUT_MS,
	});
const toWeCom = (io = realIo(), patch: Partial<DeliveryInput> = {}) =>
	sendDelivery(
		wecom,
		aDelivery({
			channel: 'wecom',
			address: { userid: 'W1' },
			message: wecom.draw(incident),
			...patch,
		}),
		app,
		io,
		{ timeoutMs: TIMEOUT_MS },
	);

it('waits as Slack says and sends once', async () => {
	chat.faults.set({ kind: '429', wait: 2, times: 1 });
	const io = realIo();
	const { outcome, attempts } = await toSlack(io);
	expect(outcome).toMatchObject({ ok: true, ref: { channel: 'D1' } });
	expect([attempts, io.slept]).toEqual([2, [2250]]);
	expect(recorder.messages()).toHaveLength(1);
});

it('leaves a long wait to the store', async () => {
	chat.faults.set({ kind: '429', wait: 30 });
	const io = realIo();
	expect((await toSlack(io)).outcome).toMatchObject({
		class: 'rate',
		code: 'ratelimited',
		retryAfterMs: 30_000,
	});
	expect(io.slept).toEqual([]);
});

it('gets over one broken gateway, not over a lasting one', async () => {
	chat.faults.set({ kind: '5xx', times: 1 });
	expect((await toSlack()).outcome).toMatchObject({ ok: true });
	chat.faults.set({ kind: '5xx' });
	expect(await toSlack()).toMatchObject({
		outcome: { class: 'retry', code: 'http_503' },
		attempts: 2,
	});
});

it('says that a message may have gone out twice where the answer was lost', async () => {
	chat.faults.set({ kind: 'reset', times: 1, accepted: true });
	expect((await toSlack()).outcome).toMatchObject({ ok: true, possiblyDuplicate: true });
	expect(recorder.messages()).toHaveLength(2);
	chat.faults.set({ kind: 'timeout', accepted: true });
	expect((await toSlack()).outcome).toMatchObject({ ok: false, code: 'timeout', ambiguous: true });
});

it('sends no second message to WeCom where the answer was lost', async () => {
	corp.faults.set({ kind: 'reset', times: 1, accepted: true, match: '/message/send' });
	const { outcome } = await toWeCom();
	expect(outcome).toMatchObject({ ok: true });
	expect(outcome).not.toHaveProperty('possiblyDuplicate');
	expect(recorder.messages()).toHaveLength(1);
});

it('takes a fresh token where WeCom has voided it, once for many', async () => {
	const io = realIo();
	await toWeCom(io, { delivery_id: 'd_a' });
	corp.voidTokens();
	const sent = await Promise.all(
		['b', 'c', 'd'].map((id) => toWeCom(io, { delivery_id: `d_${id}` })),
	);
	expect(sent.map(({ outcome, attempts }) => [outcome.ok, attempts])).toEqual([
		[true, 1],
		[true, 1],
		[true, 1],
	]);
	expect(recorder.messages()).toHaveLength(4);
});

it('sends an equal test message each time', async () => {
	await toWeCom(realIo(), { test: true });
	const message = { msgtype: 'text', text: { content: 'same' } };
	await toWeCom(realIo(), { test: true, delivery_id: 'd_t', message });
	await toWeCom(realIo(), { test: true, delivery_id: 'd_t', message });
	expect(recorder.messages()).toHaveLength(3);
});

it('tells a wrong credential at once and shows none of it', async () => {
	const { outcome, attempts } = await toSlack(realIo(), { token: 'xoxb-9-wrong' });
	expect(outcome).toMatchObject({ class: 'auth', code: 'invalid_auth' });
	expect(attempts).toBe(1);
	const gone = await startSlack({ recorder, config: { token: 't', users: [] } });
	await gone.close();
	const nobody = await toSlack(realIo(), { baseUrl: `${gone.url}/api` });
	expect(nobody.outcome).toMatchObject({ class: 'retry', code: 'connection_refused' });
	expect(nobody.outcome).not.toHaveProperty('ambiguous');
	expect(JSON.stringify([outcome, nobody])).not.toMatch(/xoxb-9-wrong|xoxb-1-secret/);
});
