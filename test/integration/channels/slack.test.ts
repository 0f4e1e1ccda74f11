import fc from 'fast-check';

import { slack } from '../../../core/channels/slack';
import type { HttpRequest } from '../../../core/channels/types';
import { createRecorder, startSlack } from '../../../sandbox/simulators/index.ts';
import type { Recorder, Simulator } from '../../../sandbox/simulators/index.ts';
import { anyCard, digest, incident, pressable } from '../../unit/channels/cards';
import { call, deliver } from './http';

let recorder: Recorder;
let simulator: Simulator;
const token = () => ({ authMode: 'token', token: 'xoxb-right', baseUrl: `${simulator.url}/api` });
const hook = (path = '/services/T1/B1/X1') => ({
	authMode: 'webhook',
	webhookSecretUrl: simulator.url + path,
});
const john = { userid: 'U1' };
const messages = () => recorder.messages();

beforeAll(async () => {
	recorder = createRecorder();
	simulator = await startSlack({
		recorder,
		config: {
			token: 'xoxb-right',
			users: [{ id: 'U1' }],
			channels: [
				{ id: 'C1', name: 'ops' },
				{ id: 'C2', name: 'old', archived: true },
			],
			webhooks: { '/services/T1/B1/X1': 'C1' },
			rate: null,
		},
	});
});
afterAll(() => simulator.close());

it.each([
	['ticket', incident],
	['buttons', pressable],
	['digest', digest],
])('takes a %s by token and by webhook', async (_name, card) => {
	const payload = slack.draw(card);
	expect(await deliver(slack, payload, john, token())).toMatchObject({
		ok: true,
		ref: { channel: 'D1', ts: expect.any(String) },
	});
	expect(await deliver(slack, payload, john, hook())).toEqual({ ok: true, status: 'sent' });
});

it('shows what the card says', async () => {
	const before = messages().length;
	await deliver(slack, slack.draw(pressable), john, token());
	const [record] = messages().slice(before);
	expect(record.to).toEqual(['U1']);
	expect(record.rendered).toMatchObject({
		// The simulator's text view takes what looks like a tag away.
		title: expect.stringMatching(/^🔴 New incident: INC0010001 Mail is down & /),
		fields: [
			{ label: 'Priority', value: 'Critical' },
			{ label: 'Status', value: 'New' },
		],
		buttons: [
			{ label: 'Acknowledge', action: 'acknowledge', value: 'signed-1' },
			{ label: 'Resolve', action: 'resolve', value: 'signed-2' },
			{ label: 'Open ticket', url: 'https://itsm.test/INC0010001?a=1&b=2' },
		],
	});
	expect(record.rendered.text).toContain(incident.body);
});

it('takes whatever is drawn', async () => {
	await fc.assert(
		fc.asyncProperty(anyCard, async (card) => {
			expect(await deliver(slack, slack.draw(card), john, token())).toMatchObject({ ok: true });
		}),
		{ numRuns: 60 },
	);
});

it('refuses a message that was tampered with', async () => {
	const blocks = (slack.draw(incident).blocks as Array<Record<string, unknown>>).slice();
	blocks[0] = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } };
	const result = await deliver(slack, { text: 'a', blocks }, john, token(), { unchecked: true });
	expect(result).toMatchObject({ ok: false, class: 'payload', code: 'invalid_blocks' });
});

it('says who cannot be reached, and which credential is wrong', async () => {
	const payload = slack.raw({ text: 'hi' });
	const send = (address: Record<string, unknown>, credential: Record<string, unknown> = token()) =>
		deliver(slack, payload, address, credential);
	expect(await send({ userid: 'U9' })).toMatchObject({
		class: 'recipient',
		code: 'channel_not_found',
	});
	expect(await send({ userid: 'C2' })).toMatchObject({ class: 'recipient', code: 'is_archived' });
	expect(await send(john, { ...token(), token: 'xoxb-wrong' })).toMatchObject({
		class: 'auth',
		code: 'invalid_auth',
	});
	expect(await send(john, hook('/services/no'))).toMatchObject({
		class: 'config',
		code: 'no_service',
	});
});

it('updates in place', async () => {
	const sent = await deliver(slack, slack.draw(pressable), john, token());
	const ref = sent.ok ? sent.ref : undefined;
	const after = slack.draw({ ...incident, severity: 'success', title: 'Resolved' });
	expect(await deliver(slack, after, john, token(), { ref })).toMatchObject({ ok: true });
	expect(messages().at(-1)).toMatchObject({ kind: 'update', rendered: { title: '✅ Resolved' } });
	const gone = { channel: 'D1', ts: '1.000001' };
	expect(await deliver(slack, after, john, token(), { ref: gone })).toMatchObject({
		code: 'message_not_found',
	});
});

it('reads a rate limit and a broken gateway', async () => {
	simulator.faults.set({ kind: '429', times: 1, wait: 3 });
	const send = () => deliver(slack, slack.raw({ text: 'hi' }), john, token());
	expect(await send()).toMatchObject({ class: 'rate', retryAfterMs: 3000 });
	simulator.faults.clear();
	simulator.faults.set({ kind: '5xx', times: 1 });
	expect(await send()).toMatchObject({ class: 'retry', code: 'http_503' });
	simulator.faults.clear();
});

it('probes without sending', async () => {
	const before = messages().length;
	const probe = async (credential: Record<string, unknown>) => {
		const request = slack.probe?.(credential, {}) as HttpRequest;
		return slack.outcome(await call(request), request);
	};
	expect(await probe(token())).toMatchObject({ ok: true });
	expect(await probe({ ...token(), token: 'wrong' })).toMatchObject({ class: 'auth' });
	expect(await probe(hook())).toMatchObject({ ok: true });
	expect(await probe(hook('/services/no'))).toMatchObject({ code: 'no_service' });
	expect(messages()).toHaveLength(before);
});
