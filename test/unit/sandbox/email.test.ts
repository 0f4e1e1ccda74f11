import { connect } from 'node:net';

import { createTransport } from 'nodemailer';

import { createRecorder, startEmail } from '../../../sandbox/simulators/index.ts';
import type { EmailConfig, EmailSimulator, Recorder } from '../../../sandbox/simulators/index.ts';

const config: EmailConfig = {
	user: 'bot',
	password: 'right',
	domains: ['example.test'],
	mailboxes: ['one@example.test'],
	maxBytes: 20_000,
};

let recorder: Recorder;
let email: EmailSimulator;

const start = async (extra: Partial<EmailConfig> = {}) =>
	startEmail({ recorder, config: { ...config, ...extra } });
beforeEach(async () => {
	recorder = createRecorder();
	email = await start();
});
afterEach(() => email.close());

type Outcome = { response?: string; code?: string; responseCode?: number };
async function send(mail: object = {}, password = 'right'): Promise<Outcome> {
	const transport = createTransport({
		host: email.host,
		port: email.port,
		auth: { user: 'bot', pass: password },
	});
	try {
		return await transport.sendMail({
			from: 'IT <it@example.test>',
			to: 'one@example.test',
			subject: 'S',
			text: 'T',
			...mail,
		});
	} catch (error) {
		return error as Outcome;
	} finally {
		transport.close();
	}
}

/** Speaks SMTP by hand: what nodemailer would never send. */
function raw(message: string): Promise<string> {
	const auth = Buffer.from('\0bot\0right').toString('base64');
	const steps = [
		'EHLO x',
		`AUTH PLAIN ${auth}`,
		'MAIL FROM:<it@example.test>',
		'RCPT TO:<one@example.test>',
		'DATA',
		`${message}\r\n.`,
	];
	return new Promise((resolve, reject) => {
		const socket = connect(email.port, email.host);
		let buffer = '';
		socket.on('error', reject);
		socket.on('data', (chunk) => {
			buffer += chunk.toString();
			if (!/^\d{3} .*\r\n$/m.test(buffer)) return;
			const reply = buffer.trim().split('\r\n').at(-1)!;
			buffer = '';
			const next = steps.shift();
			if (next === undefined || reply.startsWith('5')) {
				socket.end('QUIT\r\n');
				return resolve(reply);
			}
			socket.write(`${next}\r\n`);
		});
	});
}

it('takes a mail and records its parts, headers and links', async () => {
	const { response } = await send({
		subject: '工单 INC-1 已分配',
		html: '<p>hi <a href="https://x.test/?a=1&amp;b=2"><b>打开</b></a></p>',
		headers: { 'Auto-Submitted': 'auto-generated' },
	});
	expect(response).toMatch(/^250 /);
	const [mail] = recorder.messages();
	expect(mail).toMatchObject({
		channel: 'email',
		to: ['one@example.test'],
		ref: expect.stringMatching(/^<.+@.+>$/),
	});
	expect(mail!.rendered).toMatchObject({
		title: '工单 INC-1 已分配',
		text: 'T',
		buttons: [{ label: '打开', url: 'https://x.test/?a=1&b=2' }],
	});
	expect(mail!.payload).toMatchObject({
		headers: { 'auto-submitted': 'auto-generated' },
		text: 'T',
	});
});

it('wants the right password', async () => {
	expect(await send({}, 'wrong')).toMatchObject({
		code: 'EAUTH',
		responseCode: 535,
		response: expect.stringContaining('5.7.8'),
	});
	const anonymous = createTransport({ host: email.host, port: email.port });
	await expect(
		anonymous.sendMail({ from: 'a@b.test', to: 'one@example.test', text: 'x' }),
	).rejects.toMatchObject({ responseCode: 530 });
	expect(recorder.messages()).toHaveLength(0);
});

it('knows its own mailboxes and relays the rest', async () => {
	expect(await send({ to: 'two@example.test' })).toMatchObject({
		responseCode: 550,
		response: expect.stringContaining('5.1.1'),
	});
	expect((await send({ to: 'ONE+tag@example.test' })).response).toMatch(/^250/);
	expect((await send({ to: 'any@elsewhere.test' })).response).toMatch(/^250/);
});

it('refuses a mail that is too big', async () => {
	expect(await send({ text: 'x\n'.repeat(15_000) })).toMatchObject({ responseCode: 552 });
});

const HEAD = [
	'From: it@example.test',
	'To: one@example.test',
	'Subject: S',
	'Date: Mon, 23 Nov 2026 22:00:00 +0000',
	'Message-ID: <1@example.test>',
];
const message = (head: string[], body = 'T'): string => [...head, '', body].join('\r\n');
const without = (name: string): string[] => HEAD.filter((line) => !line.startsWith(`${name}:`));
const encoded = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

it('takes the smallest mail that is one', async () => {
	expect(await raw(message(HEAD))).toMatch(/^250/);
	expect(await raw(message(HEAD, 'x'.repeat(998)))).toMatch(/^250/);
});

it.each<[string, string]>([
	...['From', 'To', 'Subject', 'Date', 'Message-ID'].map((name): [string, string] => [
		`a mail without ${name}`,
		message(without(name)),
	]),
	['an empty subject', message([...without('Subject'), 'Subject: '])],
	['two subjects', message([...HEAD, 'Subject: other'])],
	['a second From', message([...HEAD, 'from: evil@example.test'])],
	['an injected Bcc', message([...HEAD, 'Bcc: evil@example.test'])],
	[
		'a line break in an encoded word',
		message([...without('Subject'), `Subject: ${encoded('a\r\nBcc: e@x.test')}`]),
	],
	[
		'an encoded word over 75 characters',
		message([...without('Subject'), `Subject: ${encoded('x'.repeat(60))}`]),
	],
	['a header line that is none', message([...HEAD, 'not a header'])],
	['raw UTF-8 in a header', message([...without('Subject'), 'Subject: 工单'])],
	['a message id that is none', message([...without('Message-ID'), 'Message-ID: 42'])],
	['a line of 999 octets', message(HEAD, 'x'.repeat(999))],
	['a bare line feed', message(HEAD, 'a\nb')],
])('refuses %s', async (_name, source) => {
	expect(await raw(source)).toMatch(/^55\d /);
	expect(recorder.messages()).toHaveLength(0);
	expect(recorder.refusals()).toHaveLength(1);
});
