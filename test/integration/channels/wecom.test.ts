import fc from 'fast-check';

import type { HttpRequest } from '../../../core/channels/types';
import { wecom } from '../../../core/channels/wecom';
import { createRecorder, startWeCom } from '../../../sandbox/simulators/index.ts';
import type { Recorder, WeComSimulator } from '../../../sandbox/simulators/index.ts';
import { anyCard, digest, incident, pressable } from '../../unit/channels/cards';
import { call, createIo, deliver } from './http';

let recorder: Recorder;
let simulator: WeComSimulator;
const app = () => ({
	mode: 'app',
	corpId: 'ww1',
	corpSecret: 's3cret',
	agentId: '1000002',
	baseUrl: simulator.url,
});
const robot = (key = 'key1') => ({
	mode: 'robot',
	webhookSecretUrl: `${simulator.url}/cgi-bin/webhook/send?key=${key}`,
});
const wei = { userid: 'ZhangWei' };
const messages = () => recorder.messages();
let count = 0;
const fresh = () => ({ id: `d_${(count += 1)}` });

beforeAll(async () => {
	recorder = createRecorder();
	simulator = await startWeCom({
		recorder,
		config: {
			corpId: 'ww1',
			secret: 's3cret',
			agentId: 1000002,
			users: [{ userid: 'ZhangWei' }],
			robots: { key1: '值班群' },
			robotRate: null,
			memberRate: null,
		},
	});
});
afterAll(() => simulator.close());

it.each([
	['ticket', incident],
	['buttons', pressable],
	['digest', digest],
	['long text', { ...incident, body: '很长的说明。'.repeat(400) }],
])('takes a %s by app and by robot', async (_name, card) => {
	const payload = wecom.draw(card);
	expect(await deliver(wecom, payload, wei, app(), fresh())).toMatchObject({
		ok: true,
		ref: { msgid: expect.any(String) },
	});
	expect(await deliver(wecom, payload, wei, robot())).toEqual({ ok: true, status: 'sent' });
});

it('takes whatever is drawn', async () => {
	const io = createIo();
	await fc.assert(
		fc.asyncProperty(anyCard, async (card) => {
			const payload = wecom.draw(card);
			const before = messages().length;
			expect(await deliver(wecom, payload, wei, app(), { io, ...fresh() })).toMatchObject({
				ok: true,
			});
			expect(await deliver(wecom, payload, wei, robot(), { io })).toMatchObject({ ok: true });
			expect(messages()).toHaveLength(before + 2);
		}),
		{ numRuns: 60 },
	);
});

it('delivers two deliveries that say the same, and a repeated one once', async () => {
	for (const card of [incident, pressable, digest]) {
		const payload = wecom.draw(card);
		const first = fresh();
		const before = messages().length;
		await deliver(wecom, payload, wei, app(), first);
		await deliver(wecom, payload, wei, app(), first);
		expect(messages()).toHaveLength(before + 1);
		await deliver(wecom, payload, wei, app(), fresh());
		expect(messages()).toHaveLength(before + 2);
	}
});

it('refuses a message that was tampered with', async () => {
	const card = wecom.draw(incident).template_card as Record<string, unknown>;
	const payload = {
		msgtype: 'template_card',
		template_card: { ...card, card_action: { type: 1, url: 'no' } },
	};
	const result = await deliver(wecom, payload, wei, app(), { ...fresh(), unchecked: true });
	expect(result).toMatchObject({ ok: false, class: 'payload', code: '40058' });
});

it('says who cannot be reached, and which credential is wrong', async () => {
	const payload = wecom.raw({ text: 'hi' });
	const send = (address: Record<string, unknown>, credential: Record<string, unknown> = app()) =>
		deliver(wecom, payload, address, credential, fresh());
	expect(await send({ userid: 'Nobody' })).toMatchObject({ class: 'recipient', code: '81013' });
	expect(await send(wei, { ...app(), agentId: '7' })).toMatchObject({
		class: 'config',
		code: '40056',
	});
	expect(await send(wei, robot('other'))).toMatchObject({ class: 'config', code: '93000' });
	await expect(send(wei, { ...app(), corpSecret: 'wrong' })).rejects.toMatchObject({
		outcome: { class: 'config', code: '40001' },
	});
});

it('asks for a fresh token where WeCom has voided the old one', async () => {
	const io = createIo();
	const send = () => deliver(wecom, wecom.raw({ text: 'hi' }), wei, app(), { io, ...fresh() });
	expect(await send()).toMatchObject({ ok: true });
	simulator.voidTokens();
	expect(await send()).toMatchObject({ class: 'auth', code: '40014', tokenInvalid: true });
	io.tokens.drop(String(wecom.tokenKey?.(app())));
	expect(await send()).toMatchObject({ ok: true });
});

it('updates a card with buttons once', async () => {
	const sent = await deliver(wecom, wecom.draw(pressable), wei, app(), fresh());
	const ref = sent.ok ? (sent.ref ?? {}) : {};
	expect(ref).toHaveProperty('response_code');
	const after = wecom.draw({ ...incident, severity: 'success', title: 'Resolved' });
	expect(await deliver(wecom, after, wei, app(), { ref, ...fresh() })).toMatchObject({ ok: true });
	expect(messages().at(-1)).toMatchObject({ kind: 'update', to: ['ZhangWei'] });
	expect(await deliver(wecom, after, wei, app(), { ref, ...fresh() })).toMatchObject({
		class: 'payload',
	});
});

it('probes without sending', async () => {
	const before = messages().length;
	const probe = async (credential: Record<string, unknown>) => {
		const request = wecom.probe?.(credential, {}) as HttpRequest;
		return wecom.outcome(await call(request), request);
	};
	expect(await probe(app())).toEqual({ ok: true, status: 'sent' });
	expect(await probe({ ...app(), corpSecret: 'wrong' })).toMatchObject({
		ok: false,
		code: '40001',
	});
	expect(await probe(robot())).toMatchObject({ ok: true });
	expect(await probe(robot('other'))).toMatchObject({ ok: false, code: '93000' });
	expect(messages()).toHaveLength(before);
});
