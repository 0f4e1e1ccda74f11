import type { AddressInfo } from 'node:net';

import fc from 'fast-check';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

import {
	channels,
	closeSmtp,
	readPlusAddress,
	sendSmtp,
	type Card,
	type SmtpRequest,
} from '../../core/channels';
import { aDelivery } from '../unit/channels/fakes';
import { anyCard, incident, pressable } from '../unit/channels/cards';
import { cardOf, cases } from '../unit/templates/shipped-cards';

const { email } = channels;
const NOW = new Date('2027-03-13T00:00:00Z');
const KEY = 'mail-key';

interface Arrived {
	raw: Buffer;
	from: string;
	to: string[];
}
const arrived: Arrived[] = [];
let server: SMTPServer;
let port: number;

beforeAll(async () => {
	server = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onData(stream, { envelope }, done) {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				arrived.push({
					raw: Buffer.concat(chunks),
					from: (envelope.mailFrom || { address: '' }).address,
					to: envelope.rcptTo.map(({ address }) => address),
				});
				done();
			});
		},
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	port = (server.server.address() as AddressInfo).port;
});
beforeEach(() => arrived.splice(0));
afterAll(async () => {
	closeSmtp();
	await new Promise<void>((done) => server.close(done));
});

async function send(
	card: Card,
	{ to = 'john@example.test', from = 'IT 服务台 🛠 <itsm@example.test>', id = 'd_1' } = {},
): Promise<Arrived & { mail: ParsedMail; payload: Record<string, unknown> }> {
	const payload = email.draw(card);
	email.check(payload);
	const request = email.request(
		payload,
		{
			delivery: aDelivery({ channel: 'email', delivery_id: id, address: { address: to } }),
			credential: { host: '127.0.0.1', port, from },
			replyTo: { address: 'support@example.test', key: KEY },
			now: NOW,
		},
		{},
	) as SmtpRequest;
	const answer = await sendSmtp(request, { timeoutMs: 5000, now: Date.now() });
	expect(answer.rejected).toEqual([]);
	const one = arrived.at(-1)!;
	return { ...one, payload, mail: await simpleParser(one.raw) };
}

/** What every server between us and the reader may insist on. */
function wellFormed(raw: Buffer): void {
	const text = raw.toString('latin1');
	expect(text.match(/(?<!\r)\n|\r(?!\n)/g)).toBeNull();
	// 7 bit all through: no header and no part needs a server that knows 8BITMIME or SMTPUTF8.
	expect(/[^\t\r\n\x20-\x7e]/.exec(text)?.[0]).toBeUndefined();
	const lines = text.split('\r\n');
	expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
	const head = lines.slice(0, lines.indexOf(''));
	expect(head.filter((line) => !/^([!-9;-~]+: ?|[ \t])/.test(line))).toEqual([]);
	const names = head.flatMap((line) => /^([!-9;-~]+):/.exec(line)?.[1].toLowerCase() ?? []);
	expect(new Set(names).size).toBe(names.length);
	expect(names).toEqual(
		expect.arrayContaining(['from', 'to', 'date', 'subject', 'message-id', 'mime-version']),
	);
}

/** Line ends and trailing blanks are the transport's. */
const plain = (text: string): string =>
	text
		.replace(/\r\n?/g, '\n')
		.replace(/[ \t]+$/gm, '')
		.trim();

const chinese: Card = {
	...cardOf('ticket_comment', 'zh-CN', true),
	title: '王芳 评论了 INC0042：邮件服务器 📧 宕机，请尽快处理（第三次提醒）',
};

it('names people, ticket and thread so that mailparser reads what we meant', async () => {
	const { mail, from, to, raw, payload } = await send(chinese);
	wellFormed(raw);
	expect({ from, to }).toEqual({ from: 'itsm@example.test', to: ['john@example.test'] });
	expect(mail.from?.value).toEqual([{ name: 'IT 服务台 🛠', address: 'itsm@example.test' }]);
	expect(mail.to).toMatchObject({ value: [{ name: '', address: 'john@example.test' }] });
	expect(mail.subject).toBe(payload.subject);
	expect(mail.subject).toContain('邮件服务器 📧 宕机');
	expect(mail.date).toEqual(NOW);
	expect(mail.messageId).toMatch(/^<[0-9a-f]{32}@example\.test>$/);
	expect(mail.inReplyTo).toMatch(/^<[0-9a-f]{32}\.root@example\.test>$/);
	expect(mail.references).toBe(mail.inReplyTo);
	expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
	const [answer] = mail.replyTo!.value;
	expect(readPlusAddress(answer.address!, KEY)).toBe('serviceNow:INC0010001');
});

it('keeps the thread: another mail of the ticket has another id and the same root', async () => {
	const first = (await send(incident)).mail;
	const again = (await send(incident)).mail;
	const next = (await send(incident, { id: 'd_2' })).mail;
	expect(again.messageId).toBe(first.messageId);
	expect(next.messageId).not.toBe(first.messageId);
	expect(next.references).toEqual(first.references);
});

it.each([
	['Plain <itsm@example.test>', 'Plain'],
	['"Desk, IT (Berlin)" <itsm@example.test>', 'Desk, IT (Berlin)'],
	['itsm@example.test', ''],
	[
		'Sehr langer Name einer Abteilung für Störungen und Anfragen aller Art im Hause <itsm@example.test>',
		'Sehr langer Name einer Abteilung für Störungen und Anfragen aller Art im Hause',
	],
])('From: %s', async (from, name) => {
	const { mail, raw } = await send(incident, { from });
	wellFormed(raw);
	expect(mail.from?.value).toEqual([{ name, address: 'itsm@example.test' }]);
});

it.each(cases)('%s in %s arrives as text and HTML, as it was drawn', async (type, language) => {
	const card = { ...cardOf(type, language, true), buttons: pressable.buttons };
	const { mail, raw, payload } = await send(card);
	wellFormed(raw);
	expect(raw.toString('latin1')).toMatch(/^Content-Type: multipart\/alternative;/m);
	expect(mail.subject).toBe(payload.subject);
	expect(plain(mail.text!)).toContain(plain(String(payload.text)));
	expect(mail.html).toContain('</html>');
	expect(mail.attachments).toEqual([]);
});

it('whatever a card may hold, the mail is well formed, and reads as it was written', async () => {
	await fc.assert(
		fc.asyncProperty(anyCard, async (card) => {
			const { mail, raw, payload } = await send(card);
			wellFormed(raw);
			expect(plain(mail.subject ?? '')).toBe(plain(String(payload.subject)));
			expect(plain(mail.text!)).toContain(plain(String(payload.text)));
			expect(mail.attachments).toEqual([]);
			expect(mail.to).toMatchObject({ value: [{ address: 'john@example.test' }] });
		}),
		{ numRuns: 60 },
	);
});
