import { sendDelivery } from '../../../core/channels/send';
import { email } from '../../../core/channels/email';
import { closeSmtp, sendSmtp, verifySmtp } from '../../../core/channels/transport';
import { transport } from '../../../core/channels/email/request';
import type { DeliveryInput } from '../../../core/events/delivery';
import { createRecorder, startEmail } from '../../../sandbox/simulators/index';
import type { EmailSimulator, Recorder } from '../../../sandbox/simulators/index';
import { anyCard, digest, incident } from '../../unit/channels/cards';
import { aDelivery } from '../../unit/channels/fakes';
import { createIo } from './http';
import fc from 'fast-check';

const TIMEOUT_MS = 1500;

let recorder: Recorder;
let server: EmailSimulator;
let credential: Record<string, unknown>;

beforeAll(async () => {
	recorder = createRecorder();
	server = await startEmail({
		recorder,
		config: {
			user: 'me',
			password: 'pass-word',
			domains: ['example.test'],
			mailboxes: ['john@example.test', 'emma@example.test'],
		},
	});
	credential = {
		host: server.host,
		port: server.port,
		secure: false,
		user: 'me',
		password: 'pass-word',
		from: 'IT Service Desk <itsm@example.test>',
	};
});

afterEach(() => {
	server.faults.clear();
	recorder.clear();
});

afterAll(async () => {
	closeSmtp();
	await server.close();
});

const io = () => ({
	...createIo(),
	smtp: (request: Parameters<typeof sendSmtp>[0], { timeoutMs }: { timeoutMs: number }) =>
		sendSmtp(request, { timeoutMs, now: Date.now() }),
});
const send = (delivery: Partial<DeliveryInput> = {}, patch: object = {}) =>
	sendDelivery(
		email,
		aDelivery({
			channel: 'email',
			address: { address: 'john@example.test' },
			message: email.draw(incident),
			...delivery,
		}),
		{ ...credential, ...patch },
		io(),
		{ timeoutMs: TIMEOUT_MS, inRunRetryMs: 0 },
	);

it('arrives with its thread, both parts and the headers of a program', async () => {
	const { outcome } = await send();
	const [mail] = recorder.messages();
	expect(outcome).toMatchObject({ ok: true, status: 'sent', providerMessageId: mail.ref });
	const payload = mail.payload as {
		subject: string;
		text: string;
		html: string;
		headers: Record<string, string>;
		from: string;
	};
	expect(mail.to).toEqual(['john@example.test']);
	expect(payload.subject).toBe('[INC0010001] New incident: Mail is down & <slow>');
	expect(payload.from).toContain('IT Service Desk');
	expect(payload.text).toContain('Nobody in the Berlin office');
	expect(payload.html).toContain('Mail is down &amp; &lt;slow&gt;');
	expect(payload.headers).toMatchObject({
		'auto-submitted': 'auto-generated',
		'x-auto-response-suppress': 'All',
		importance: 'High',
	});
	expect(payload.headers.references).toBe(payload.headers['in-reply-to']);
});

it('is the same mail when it is sent again, and of the same thread for the next', async () => {
	await send();
	await send();
	await send({
		delivery_id: 'd_2',
		message: email.draw({ ...incident, title: '状态更新：INC0010001 邮件' }),
	});
	const [first, again, next] = recorder
		.messages()
		.map(
			(one) =>
				one.payload as { message_id: string; subject: string; headers: Record<string, string> },
		);
	expect(again.message_id).toBe(first.message_id);
	expect(next.message_id).not.toBe(first.message_id);
	expect(next.headers.references).toBe(first.headers.references);
	expect(next.subject).toBe('[INC0010001] 状态更新：邮件');
});

it('takes digests and whatever a card may hold', async () => {
	expect((await send({ message: email.draw(digest) })).outcome.ok).toBe(true);
	const cards = fc.sample(anyCard, { numRuns: 25, seed: 7 });
	for (const [index, card] of cards.entries()) {
		const message = email.draw(card);
		const { outcome } = await send({ delivery_id: `d_any_${index}`, message });
		expect(outcome).toMatchObject({ ok: true });
	}
	expect(recorder.refusals()).toEqual([]);
});

it('tells an unknown mailbox, and the connection serves the next mail', async () => {
	const { outcome } = await send({ address: { address: 'nobody@example.test' } });
	expect(outcome).toMatchObject({ ok: false, class: 'recipient', code: '550 5.1.1' });
	expect((await send()).outcome.ok).toBe(true);
});

it('tells a wrong password without showing it', async () => {
	const { outcome } = await send({}, { password: 'wrong-word' });
	expect(outcome).toMatchObject({ ok: false, class: 'auth', code: '535 5.7.8' });
	expect(JSON.stringify(outcome)).not.toContain('wrong-word');
});

it.each([
	[{ kind: '429', wait: 60 } as const, { class: 'rate', code: '450 4.7.28' }],
	[{ kind: '5xx' } as const, { class: 'retry', code: '451 4.3.0' }],
	[{ kind: '5xx', status: 554 } as const, { ok: false }],
])('classes a refusal after DATA: %o', async (fault, expected) => {
	server.faults.set({ ...fault, times: 1 });
	expect((await send()).outcome).toMatchObject({ ok: false, ...expected });
});

it('gives up a server that does not answer, within its time, and leaves no doubt: the id tells a repeat', async () => {
	server.faults.set({ kind: 'timeout', times: 1, accepted: true });
	const started = Date.now();
	const { outcome } = await send();
	expect(outcome).toMatchObject({ ok: false, class: 'retry', code: 'timeout' });
	expect(outcome).not.toHaveProperty('ambiguous');
	expect(Date.now() - started).toBeLessThan(TIMEOUT_MS + 5000);
});

it('knows whether a lost mail was out already', async () => {
	const request = email.request(
		email.draw(incident),
		{
			delivery: aDelivery({ channel: 'email', address: { address: 'john@example.test' } }),
			credential,
			now: new Date(),
		},
		{},
	) as Parameters<typeof sendSmtp>[0];
	server.faults.set({ kind: 'reset', times: 1 });
	await expect(sendSmtp(request, { timeoutMs: TIMEOUT_MS, now: Date.now() })).rejects.toMatchObject(
		{ name: 'TransportError', sent: true },
	);
	const nobody = { ...request, transport: { ...request.transport, port: 1 } };
	await expect(sendSmtp(nobody, { timeoutMs: TIMEOUT_MS, now: Date.now() })).rejects.toMatchObject({
		code: 'connection_refused',
		sent: false,
	});
	const nowhere = { ...request, transport: { ...request.transport, host: 'no.such.host.invalid' } };
	await expect(sendSmtp(nowhere, { timeoutMs: TIMEOUT_MS, now: Date.now() })).rejects.toMatchObject(
		{ sent: false },
	);
});

it('sends many at once over few connections, each once', async () => {
	const results = await Promise.all(
		Array.from({ length: 30 }, (_, i) => send({ delivery_id: `d_many_${i}` })),
	);
	expect(results.every(({ outcome }) => outcome.ok)).toBe(true);
	expect(new Set(recorder.messages().map((one) => one.ref)).size).toBe(30);
});

it('tries a sign-in without sending', async () => {
	expect(await verifySmtp(transport(credential), TIMEOUT_MS)).toBeUndefined();
	expect(
		await verifySmtp(transport({ ...credential, password: 'wrong-word' }), TIMEOUT_MS),
	).toMatch(/^535 5\.7\.8: /);
	const probe = email.probe!(credential, {}) as Parameters<typeof sendSmtp>[0];
	expect(
		email.outcome(await sendSmtp(probe, { timeoutMs: TIMEOUT_MS, now: Date.now() }), probe),
	).toMatchObject({ ok: true });
	expect(recorder.messages()).toEqual([]);
});
