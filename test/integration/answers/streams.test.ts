// Long connections against simulators over real sockets: what comes is kept once, acknowledged only then, and goes on
// after everything that ends a connection.
import { channels, holdStream, openSocket, wait } from '../../../core/channels';
import type { InboundCall } from '../../../core/channels/inbound';
import type { Channel, Credential, Failure } from '../../../core/channels/types';
import { createRecorder, startDingTalk, startFeishu } from '../../../sandbox/simulators/index.ts';
import type { DingTalkSimulator, FeishuSimulator } from '../../../sandbox/simulators/index.ts';
import { pressable } from '../../unit/channels/cards';
import { call, createIo } from '../channels/http';

const recorder = createRecorder();
let dingtalkSim: DingTalkSimulator;
let feishuSim: FeishuSimulator;
let held: ReturnType<typeof holdStream> | undefined;
let calls: InboundCall[];
/** So many times the store cannot be written. */
let broken: number;
let warnings: string[];
let alarms: Failure[];
let connections: number;
/** Every wait of the loop that is not cut short takes at most this long. */
const SHORT_MS = 60;
let waits: number[];

const dingtalkCredential = (more: Credential = {}): Credential => ({
	...{ mode: 'app', sendAs: 'card', appKey: 'dingapp', appSecret: 'app-secret' },
	...{ cardTemplateId: 'tpl.schema', baseUrl: dingtalkSim.url, ...more },
});
const feishuCredential = (more: Credential = {}): Credential => ({
	...{ mode: 'app', appId: 'cli_1', appSecret: 'shh-secret', baseUrl: feishuSim.url, ...more },
});

/** `rest` ms for waits of a minute and more. */
function hold(id: 'dingtalk' | 'feishu', credential: Credential, fast = true): void {
	held = holdStream({
		stream: (channels[id] as Channel).stream!,
		credential,
		io: {
			http: call,
			openSocket,
			now: Date.now,
			random: () => 0.5,
			wait: (ms, signal) => {
				waits.push(ms);
				return wait(fast ? Math.min(ms, SHORT_MS) : ms, signal);
			},
		},
		async take(given) {
			if (broken > 0) {
				broken -= 1;
				throw new Error('database is locked');
			}
			calls.push(...given);
		},
		connected: () => (connections += 1),
		warn: (message) => warnings.push(message),
		alarm: async (failure) => alarms.push(failure),
	});
}

async function until(done: () => boolean, what: string): Promise<void> {
	const end = Date.now() + 5_000;
	while (!done()) {
		if (Date.now() > end) throw new Error(`not in time: ${what}`);
		await new Promise((next) => setTimeout(next, 5));
	}
}

/** A card whose buttons come back over the connection; gives its id. */
async function sent(id: 'dingtalk' | 'feishu'): Promise<string> {
	const channel = channels[id] as Channel;
	const credential = id === 'dingtalk' ? dingtalkCredential() : feishuCredential();
	const io = createIo();
	const prepared = (await channel.prepare?.(io, credential)) ?? {};
	const context = {
		delivery: {
			...{ delivery_id: `d_${Math.random()}`, channel: id, purpose: 'first', standalone: true },
			address: id === 'dingtalk' ? { userid: 'user-1' } : { open_id: 'ou_1' },
		},
		...{ credential, now: io.now(), streamed: true },
	} as never;
	const known = recorder.messages().length;
	const request = channel.request(channel.draw(pressable), context, prepared);
	expect(channel.outcome(await call(request as never), request)).toMatchObject({ ok: true });
	return recorder.messages()[known].ref;
}

beforeEach(async () => {
	[calls, warnings, alarms, waits] = [[], [], [], []];
	[broken, connections] = [0, 0];
	dingtalkSim = await startDingTalk({
		recorder,
		config: {
			...{ appKey: 'dingapp', appSecret: 'app-secret', agentId: 42, apiRate: null },
			...{ users: [{ userid: 'user-1' }], cardTemplates: ['tpl.schema'] },
			stream: { redeliverMs: 400 },
		},
	});
	feishuSim = await startFeishu({
		recorder,
		config: {
			...{
				appId: 'cli_1',
				appSecret: 'shh-secret',
				users: [{ open_id: 'ou_1', union_id: 'on_1' }],
			},
			stream: { parts: 3, redeliverMs: 20 },
		},
	});
});
afterEach(async () => {
	await held?.stop();
	held = undefined;
	await dingtalkSim.close();
	await feishuSim.close();
	expect([...dingtalkSim.stream.faults, ...feishuSim.stream.faults]).toEqual([]);
});

const SIDES = {
	dingtalk: {
		credential: dingtalkCredential,
		stands: () => dingtalkSim.stream.connections() === 1,
		press: (ref: string) => dingtalkSim.press(ref, 0),
		say: () => dingtalkSim.say('user-1', 'ack 42'),
		drop: () => dingtalkSim.stream.drop(),
		open: () => dingtalkSim.stream.connections(),
		user: 'user-1',
	},
	feishu: {
		credential: feishuCredential,
		stands: () => feishuSim.stream.connections() === 1,
		press: (ref: string) => feishuSim.press(ref, 0),
		say: () => feishuSim.say('ou_1', 'ack 42'),
		drop: () => feishuSim.stream.drop(),
		open: () => feishuSim.stream.connections(),
		user: 'ou_1',
	},
} as const;
const IDS = ['dingtalk', 'feishu'] as const;

describe.each(IDS)('%s', (id) => {
	const side = SIDES[id];
	const start = async (credential = side.credential()) => {
		hold(id, credential);
		await until(() => connections === 1, 'the connection');
	};

	it('a press is kept, then acknowledged', async () => {
		await start();
		const ref = await sent(id);
		expect(await side.press(ref)).toMatchObject({ ok: true, statuses: [200] });
		expect(calls).toMatchObject([
			{ type: 'press', value: 'signed-1', channelUserId: side.user, providerMessageId: ref },
		]);
	});

	it('the answer to a press is what the card waits for, the one to a text is none', async () => {
		await start();
		const pressed = await side.press(await sent(id));
		const said = await side.say();
		if (id === 'feishu') expect([pressed.answer, said.answer]).toEqual(['{}', '']);
		else
			expect([JSON.parse(pressed.answer), JSON.parse(said.answer)]).toEqual([
				{ response: expect.objectContaining({ cardData: { cardParamMap: {} } }) },
				{ response: null },
			]);
		expect(calls.map(({ type }) => type)).toEqual(['press', 'text']);
	});

	it('what cannot be kept is not acknowledged, and comes again under the same key', async () => {
		await start();
		broken = 1;
		const keys: string[] = [];
		const done = await side.say();
		keys.push(...calls.map(({ replayKey }) => replayKey));
		expect(done.ok).toBe(true);
		expect(new Set(keys).size).toBe(1);
		expect(warnings.join()).toContain('could not be kept: database is locked');
		// DingTalk promises no second delivery, so its frame is kept trying; Feishu is told and sends it again.
		if (id === 'feishu') expect(done.statuses).toEqual([500, 200]);
	});

	it('a lost connection is opened again, with a new ticket', async () => {
		await start();
		side.drop();
		await until(() => connections === 2 && side.stands(), 'the second connection');
		expect(await side.say()).toMatchObject({ ok: true });
		expect(warnings.join()).toContain('disconnected');
		expect(alarms).toEqual([]);
	});

	it('a wrong secret: said and told once, tried again slowly, and without a word of the secret', async () => {
		hold(id, side.credential({ appSecret: 'wrong-secret-4711' }));
		await until(() => waits.length >= 3, 'the third try');
		expect(alarms).toHaveLength(1);
		expect(warnings).toHaveLength(1);
		expect(waits.every((ms) => ms >= 150_000)).toBe(true);
		expect([...warnings, ...alarms.map(({ message }) => message)].join()).not.toContain('4711');
		expect(connections).toBe(0);
	});

	it('nobody there: growing waits, nobody is told yet', async () => {
		hold(id, side.credential({ baseUrl: 'http://127.0.0.1:9' }));
		await until(() => waits.length >= 4, 'the fourth try');
		expect(waits.slice(0, 4)).toEqual([1_500, 3_000, 6_000, 12_000]);
		expect(alarms).toEqual([]);
	});

	it('stop leaves no connection, whatever goes on', async () => {
		await start();
		await held!.stop();
		await until(() => side.open() === 0, 'the end');
		await new Promise((next) => setTimeout(next, 3 * SHORT_MS));
		expect([side.open(), connections]).toEqual([0, 1]);
	});

	it('stop at any moment of its life ends it', async () => {
		for (const ms of [0, 1, 3, 8, 20]) {
			hold(id, side.credential());
			await new Promise((next) => setTimeout(next, ms));
			await held!.stop();
			await until(() => side.open() === 0, `the end after ${ms} ms`);
		}
	});
});

it('a custom robot has no connection: said, with what to do', async () => {
	hold('dingtalk', { mode: 'robot', webhookSecretUrl: 'x' });
	await until(() => alarms.length === 1, 'the alarm');
	expect(alarms).toMatchObject([{ class: 'config', code: 'invalid_credential' }]);
});

it('DingTalk asks whether we live, and asks us to go', async () => {
	hold('dingtalk', dingtalkCredential());
	await until(SIDES.dingtalk.stands, 'the connection');
	expect(await dingtalkSim.stream.ping()).toBe(true);
	dingtalkSim.stream.disconnect();
	await until(() => connections === 2 && SIDES.dingtalk.stands(), 'the next connection');
	expect(await dingtalkSim.say('user-1', 'ack 42')).toMatchObject({ ok: true });
	// An announced end is no fault.
	expect(warnings).toEqual([]);
});

it('an unanswered frame of DingTalk comes again with the same id', async () => {
	hold('dingtalk', dingtalkCredential(), false);
	await until(SIDES.dingtalk.stands, 'the connection');
	const ref = await sent('dingtalk');
	broken = 1;
	const done = await dingtalkSim.press(ref, 0);
	expect(done.statuses[0]).toBe(0);
	expect(done.ok).toBe(true);
	await until(() => calls.length >= 2, 'both tries');
	expect(new Set(calls.map(({ replayKey }) => replayKey)).size).toBe(1);
});

it('Feishu is pinged as often as it wants', async () => {
	hold('feishu', feishuCredential());
	await until(() => feishuSim.stream.pings() >= 3, 'pings');
	expect(waits[0]).toBe(120_000);
	expect(feishuSim.stream.connections()).toBe(1);
});

it('too many connections of a Feishu app: told, and slowly', async () => {
	await feishuSim.close();
	feishuSim = await startFeishu({
		recorder,
		config: {
			...{ appId: 'cli_1', appSecret: 'shh-secret', users: [{ open_id: 'ou_1' }] },
			stream: { maxConnections: 0 },
		},
	});
	hold('feishu', feishuCredential());
	await until(() => alarms.length === 1 && waits.length > 0, 'the alarm');
	expect(alarms).toMatchObject([{ class: 'config', code: '1000040350' }]);
	expect(waits[0]).toBeGreaterThan(150_000);
});

it('a ticket in clear is not sent where the provider is called by https', () => {
	const { dingtalk } = channels;
	const opened = dingtalk.stream!.opened(
		{ status: 200, headers: {}, body: { endpoint: 'ws://evil.test/connect', ticket: 't' } },
		{ kind: 'http', method: 'POST', url: 'https://api.dingtalk.com/v1.0/gateway/connections/open' },
		{},
	);
	expect(opened).toMatchObject({ ok: false, code: 'unexpected_answer' });
});
