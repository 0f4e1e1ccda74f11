import { createTransport } from 'nodemailer';

import {
	createRecorder,
	startEmail,
	startSlack,
	startWeCom,
} from '../../../sandbox/simulators/index.ts';
import type {
	EmailSimulator,
	Fault,
	Recorder,
	Simulator,
} from '../../../sandbox/simulators/index.ts';

let recorder: Recorder;
let slack: Simulator;
let wecom: Simulator;
let email: EmailSimulator;

beforeEach(async () => {
	recorder = createRecorder();
	slack = await startSlack({
		recorder,
		config: { token: 't', users: [{ id: 'U1' }, { id: 'U2' }] },
	});
	wecom = await startWeCom({
		recorder,
		config: { corpId: 'c', secret: 's', agentId: 1, users: [], robots: { k: 'g' } },
	});
	email = await startEmail({ recorder, config: { user: 'u', password: 'p' } });
});
afterEach(() => Promise.all([slack.close(), wecom.close(), email.close()]));

const post = (channel = 'U1', timeoutMs = 30_000) =>
	fetch(`${slack.url}/api/chat.postMessage`, {
		method: 'POST',
		headers: { authorization: 'Bearer t', 'content-type': 'application/json; charset=utf-8' },
		body: JSON.stringify({ channel, text: 'x' }),
		signal: AbortSignal.timeout(timeoutMs),
	});
/** Only for what is never answered: client and simulator share a thread that may stand still for a while. */
const impatient = 1500;
const robot = async () => {
	const body = JSON.stringify({ msgtype: 'text', text: { content: 'x' } });
	const response = await fetch(`${wecom.url}/cgi-bin/webhook/send?key=k`, { method: 'POST', body });
	return [response.status, await response.text()] as const;
};
const mail = (socketTimeout = 30_000) =>
	createTransport({
		host: email.host,
		port: email.port,
		auth: { user: 'u', pass: 'p' },
		socketTimeout,
	}).sendMail({
		from: 'a@x.test',
		to: 'b@x.test',
		subject: 's',
		text: 't',
	});

it("speaks each provider's own words", async () => {
	slack.faults.set(
		{ kind: '429', wait: 7, times: 1 },
		{ kind: '5xx', times: 1 },
		{ kind: 'reject_auth', times: 1 },
	);
	const limited = await post();
	expect([limited.status, limited.headers.get('retry-after'), await limited.json()]).toEqual([
		429,
		'7',
		{ ok: false, error: 'ratelimited' },
	]);
	expect((await post()).status).toBe(503);
	expect(await (await post()).json()).toEqual({ ok: false, error: 'invalid_auth' });
	expect(await (await post()).json()).toMatchObject({ ok: true });

	wecom.faults.set(
		{ kind: '429', times: 1 },
		{ kind: '5xx', status: 500, times: 1 },
		{ kind: 'reject_auth', times: 1 },
	);
	expect(await robot()).toEqual([200, expect.stringContaining('"errcode":45009')]);
	expect((await robot())[0]).toBe(500);
	expect(await robot()).toEqual([200, expect.stringContaining('"errcode":93000')]);
	expect(await robot()).toEqual([200, expect.stringContaining('"errcode":0')]);

	email.faults.set(
		{ kind: '429', times: 1 },
		{ kind: '5xx', times: 1 },
		{ kind: 'reject_auth', times: 1 },
	);
	await expect(mail()).rejects.toMatchObject({ responseCode: 535 });
	await expect(mail()).rejects.toMatchObject({ responseCode: 450 });
	await expect(mail()).rejects.toMatchObject({ responseCode: 451 });
	await expect(mail()).resolves.toBeDefined();
	expect(recorder.counts()).toEqual({
		slack: { messages: 1, refusals: 3 },
		wecom: { messages: 1, refusals: 3 },
		email: { messages: 1, refusals: 3 },
	});
});

it.each<[string, Fault, number]>([
	['cuts the wire before it takes the message', { kind: 'reset', times: 1 }, 0],
	['cuts the wire after it took the message', { kind: 'reset', times: 1, accepted: true }, 1],
	['never answers', { kind: 'timeout', times: 1 }, 0],
	['takes the message and never answers', { kind: 'timeout', times: 1, accepted: true }, 1],
])('%s', async (_name, fault, taken) => {
	slack.faults.set(fault);
	await expect(post('U1', impatient)).rejects.toThrow();
	expect(recorder.messages({ channel: 'slack' })).toHaveLength(taken);
	expect((await post()).status).toBe(200);

	email.faults.set(fault);
	await expect(mail(impatient)).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
	expect(recorder.messages({ channel: 'email' })).toHaveLength(taken);
	await expect(mail()).resolves.toBeDefined();
});

it('is slow, and can hit one person only', async () => {
	slack.faults.set({ kind: 'slow', ms: 1000, match: 'U2' });
	const answered: string[] = [];
	const started = performance.now();
	await Promise.all(['U2', 'U1'].map((user) => post(user).then(() => answered.push(user))));
	expect(answered).toEqual(['U1', 'U2']);
	expect(performance.now() - started).toBeGreaterThan(990);
});

it('is set, listed and cleared over HTTP, for SMTP at its control address', async () => {
	for (const base of [slack.url, email.controlUrl]) {
		const call = async (method: string, body?: string) => {
			const response = await fetch(`${base}/__faults`, { method, body });
			return [response.status, await response.json()];
		};
		expect(await call('POST', '[{"kind":"5xx"}]')).toEqual([200, { faults: [{ kind: '5xx' }] }]);
		expect(await call('POST', '{"kind":"meteor"}')).toEqual([
			400,
			{ error: expect.stringContaining('kind must be one of') },
		]);
		expect(await call('GET')).toEqual([200, { faults: [{ kind: '5xx' }] }]);
		expect(await call('DELETE')).toEqual([200, { faults: [] }]);
	}
});

it('counts without keeping anything, with a fixed delay', async () => {
	const quiet = createRecorder({ countOnly: true });
	const bench = await startSlack({
		recorder: quiet,
		config: { token: 't', users: [{ id: 'U1' }], rate: null, delayMs: 50 },
	});
	const started = performance.now();
	await Promise.all(
		Array.from({ length: 20 }, () =>
			fetch(`${bench.url}/api/chat.postMessage`, {
				method: 'POST',
				headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
				body: '{"channel":"U1","text":"x"}',
			}),
		),
	);
	expect(performance.now() - started).toBeGreaterThan(45);
	expect(quiet.counts()).toEqual({ slack: { messages: 20, refusals: 0 } });
	expect(quiet.query()).toEqual([]);
	await bench.close();
});

describe('recorder', () => {
	it('waits for what comes later, and says what it saw when nothing does', async () => {
		setTimeout(() => void post('U2'), 50);
		expect(await recorder.waitFor((record) => record.to.includes('U2'))).toMatchObject({
			channel: 'slack',
		});
		await expect(recorder.waitFor((record) => record.to.includes('U9'), 50)).rejects.toThrow(
			/0 of 1 message.*after 50 ms.*slack -> U2: x/s,
		);
	});
	it('queries by channel, person and sequence, and clears', async () => {
		await post('U1');
		await post('U2');
		const [first] = recorder.messages({ to: 'U1' });
		expect(recorder.messages({ channel: 'slack', after: first!.seq })).toMatchObject([
			{ to: ['U2'] },
		]);
		recorder.clear();
		expect(recorder.query()).toEqual([]);
	});
});
