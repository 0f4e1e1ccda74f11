import fc from 'fast-check';

import { email } from '../../../core/channels/email';
import { plusAddress, readPlusAddress } from '../../../core/channels/email/plus';
import { htmlWithoutQuote, withoutQuote } from '../../../core/channels/email/quote';
import { readReply, type MailReading } from '../../../core/channels/email/reply';
import { respond } from '../../../core/channels/email/respond';
import type { SmtpRequest } from '../../../core/channels/types';
import { cpuMs } from '../../harness/cpu';
import { aDelivery } from './fakes';

const key = 'mail-key';
const OWN = `<${'a1'.repeat(16)}@example.test>`;
const settings = { key, authservId: 'mx.example.test', idDomains: ['example.test'] };
const plus = plusAddress('support@example.test', 'serviceNow:INC0010001', key) as string;

const mail = (headers: Record<string, string | string[] | undefined>, body = 'ack 42'): string => {
	const all = {
		From: 'John Doe <john@example.test>',
		To: 'support@example.test',
		Subject: 'Re: [INC0010001] Disk full',
		'Message-ID': '<reply-1@mail.test>',
		Date: 'Sat, 13 Mar 2027 00:00:00 +0000',
		...headers,
	};
	const lines = Object.entries(all).flatMap(([name, value]) =>
		value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
	);
	return [...lines, '', body].join('\r\n');
};
const read = (source: Parameters<typeof readReply>[0], patch: object = {}) =>
	readReply(source, { ...settings, ...patch });
const textOf = (reading: MailReading) => (reading.kind === 'text' ? reading.call.text : reading);

describe('plus-addresses', () => {
	it('carry the ticket and its proof', () => {
		expect(plus).toMatch(/^support\+serviceNow\.INC0010001\.[0-9a-f]{16}@example\.test$/);
		expect(readPlusAddress(plus, key)).toBe('serviceNow:INC0010001');
	});

	it('have room for a sys_id', () => {
		const ticket = 'serviceNow:9d385017c611228701d22104cc95c371';
		const address = plusAddress('support@example.test', ticket, key) as string;
		expect(address.split('@')[0].length).toBeLessThanOrEqual(64);
		expect(readPlusAddress(address, key)).toBe(ticket);
		expect(readPlusAddress(address.toLowerCase(), key)).toBe(ticket.toLowerCase());
	});

	it('come back as they were, within the lengths that mail allows, for any ticket', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
					fc.stringMatching(/^[a-z]{1,8}:[0-9a-f]{32}$/),
				),
				(ticket) => {
					const address = plusAddress('it@example.test', ticket, key);
					if (address === undefined) return;
					expect(address.split('@')[0].length).toBeLessThanOrEqual(64);
					expect(address).toMatch(/^it\+[A-Za-z0-9_=~-]+(\.[A-Za-z0-9_=~-]+)*@example\.test$/);
					expect(readPlusAddress(address, key)).toBe(Buffer.from(ticket).toString('utf8'));
				},
			),
		);
	});

	it('prove nothing when a bit is wrong', () => {
		expect(readPlusAddress(plus.replace('INC0010001', 'INC0010002'), key)).toBeUndefined();
		expect(readPlusAddress(plus, 'other')).toBeUndefined();
		expect(readPlusAddress(plus, '')).toBeUndefined();
		expect(readPlusAddress('support@example.test', key)).toBeUndefined();
		expect(plusAddress('support@example.test', 'x', '')).toBeUndefined();
		expect(plusAddress('support@example.test', 'x'.repeat(64), key)).toBeUndefined();
	});
});

describe('quotes', () => {
	const QUOTED = '\n\n> [INC] x\n> y';
	it.each<[string, string, string]>([
		[
			'Gmail',
			`ack 42\n\nOn Wed, Nov 25, 2026 at 9:00 AM IT Desk <i@x.test>\nwrote:${QUOTED}`,
			'ack 42',
		],
		[
			'Gmail in Chinese',
			`已处理\n\nIT <i@x.test> 于2026年11月25日周三 09:00写道：${QUOTED}`,
			'已处理',
		],
		[
			'QQ',
			'好的\n\n\n------------------ 原始邮件 ------------------\n发件人: "IT" <i@x.test>;\n\nold',
			'好的',
		],
		['163', '收到\n\n在 2026-11-25 09:00:00，"IT" <i@x.test> 写道：\n\nold text', '收到'],
		['Outlook in Chinese', '确认\n\n发件人: IT\n发送时间: 2026年\n收件人: x\n\nold', '确认'],
		['Outlook', 'ack\n\nFrom: IT Desk\nSent: Wednesday\nTo: John\n\nold', 'ack'],
		[
			'Outlook with a line',
			'ack\n________________________________\nFrom: IT <i@x.test>\n\nold',
			'ack',
		],
		['Outlook in bold', 'ack\n\n*From:* IT <i@x.test>\n\nold', 'ack'],
		[
			'Gmail in German',
			`erledigt\n\nAm Mi., 25. Nov. 2026 um 09:00 Uhr schrieb IT Desk <\ni@x.test>:${QUOTED}`,
			'erledigt',
		],
		['Outlook in German', 'erledigt\n\nVon: IT\nGesendet: Mittwoch\n\nalt', 'erledigt'],
		['German', 'erledigt\n\n-----Ursprüngliche Nachricht-----\nalt', 'erledigt'],
		['French', `ok\n\nLe mer. 25 nov. 2026 à 09:00, IT <i@x.test> a écrit :${QUOTED}`, 'ok'],
		['Spanish', `ok\n\nEl mié, 25 nov 2026 a las 9:00, IT (<i@x.test>) escribió:${QUOTED}`, 'ok'],
		['Japanese', `了解\n\n2026年11月25日(水) 9:00 IT <i@x.test>:${QUOTED}`, '了解'],
		[
			'our marker',
			'ack\n\nsomebody, some day\n| ————  Reply above this line  ————\nold',
			'ack\n\nsomebody, some day',
		],
		['our marker in Chinese', '确认\n————  回复请写在此行上方  ————\nold', '确认'],
		['a signature', 'ack 42\n-- \nJohn Doe', 'ack 42'],
		['a phone', 'ack 42\n\nSent from my iPhone\n', 'ack 42'],
		['a phone in Chinese', '确认\n\n发自我的iPhone', '确认'],
		['an answer below', '> [INC] x\n> y\n\nack 42\n', 'ack 42'],
		['an answer below a header', `On Monday, IT <i@x.test> wrote:\n> x\n> y\n\nack 42`, 'ack 42'],
		['nothing', `\n\nOn Monday, IT <i@x.test> wrote:${QUOTED}`, ''],
		[
			'words like ours',
			'I wrote: restart it\nFrom now on it works',
			'I wrote: restart it\nFrom now on it works',
		],
	])('are taken off: %s', (_name, text, own) => {
		expect(withoutQuote(text)).toBe(own);
		expect(withoutQuote(text.replace(/\n/g, '\r\n'))).toBe(own);
	});

	it.each([
		[
			'Gmail',
			'<div>ack 42</div><div class="gmail_quote"><div class="gmail_attr">On … wrote</div>old</div>',
		],
		['Apple', 'ack 42<br><blockquote type="cite">old</blockquote>'],
		[
			'Outlook',
			'<p>ack 42</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: x</div><p>old</p>',
		],
		[
			'Outlook, header only',
			'<p>ack 42</p><div id="divRplyFwdMsg"><b>Von:</b> x</div><div>old</div>',
		],
	])('are taken off HTML: %s', (_name, html) => {
		expect(withoutQuote(htmlWithoutQuote(html))).toBe('ack 42');
	});

	it.each([
		['blank lines', '\n'.repeat(200_000)],
		['spaces', ' '.repeat(200_000)],
		['dashes', '-'.repeat(200_000)],
		['headers', 'On ,wrote On ,'.repeat(20_000)],
		['header lines', 'On , a\n'.repeat(30_000)],
		['Dutch', 'Op a schreef \n'.repeat(10_000)],
		['quotes', '> a\n\nb\n'.repeat(30_000)],
		['colons', 'From'.repeat(50_000)],
	])('take no time: %s', (_name, text) => {
		expect(cpuMs(() => withoutQuote(text))).toBeLessThan(1000);
	});
});

describe('an answer', () => {
	it('is a text with its ticket, its sender shown by the address', async () => {
		const source = mail({
			To: `IT <${plus}>`,
			'In-Reply-To': OWN,
			References: '<root@example.test> ' + OWN,
		});
		expect(await read(source)).toEqual({
			kind: 'text',
			trusted: 'address',
			match: {
				ticket: 'serviceNow:INC0010001',
				messageIds: [OWN, '<root@example.test>'],
				tag: 'INC0010001',
			},
			call: {
				type: 'text',
				replayKey: 'email:<reply-1@mail.test>',
				channelUserId: 'john@example.test',
				inReplyTo: OWN,
				text: 'ack 42',
				reply: {
					address: 'john@example.test',
					subject: 'Re: [INC0010001] Disk full',
					message_id: '<reply-1@mail.test>',
					references: ['<root@example.test>', OWN],
				},
			},
		});
	});

	it('is read from both forms of the mail trigger', async () => {
		const simple = {
			textPlain: 'ack 42\n\n> old',
			textHtml: '<p>x</p>',
			from: 'John Doe <john@example.test>',
			to: 'support@example.test',
			subject: 'Re: [INC-1] x',
			metadata: {
				'message-id': '<1@mail.test>',
				'in-reply-to': OWN,
				'delivered-to': plus,
				'authentication-results': 'mx.example.test; dmarc=pass header.from=example.test',
			},
			attributes: { uid: 1 },
		};
		const resolved = {
			text: 'ack 42\n\n> old',
			html: '<p>x</p>',
			subject: 'Re: [INC-1] x',
			from: { text: 'John' },
			headers: {
				from: 'From: "Doe, John" <john@example.test>',
				to: 'To: support@example.test',
				'message-id': 'Message-ID:\r\n <1@mail.test>',
				'in-reply-to': `In-Reply-To: ${OWN}`,
				'authentication-results':
					'Authentication-Results: mx.example.test; dmarc=pass header.from=example.test',
			},
		};
		const shared = {
			kind: 'text',
			call: {
				text: 'ack 42',
				channelUserId: 'john@example.test',
				replayKey: 'email:<1@mail.test>',
				inReplyTo: OWN,
			},
			match: { tag: 'INC-1' },
		};
		expect(await read(simple)).toMatchObject({ ...shared, trusted: 'address' });
		expect(await read(simple, { key: undefined })).toMatchObject({ ...shared, trusted: 'dmarc' });
		// That form keeps the lowest header, which the sender may have written.
		const reading = await read(resolved);
		expect(reading).toMatchObject(shared);
		expect(reading).not.toHaveProperty('trusted');
	});

	it('is read from HTML where there is no plain text, and in any charset', async () => {
		const html = mail(
			{ 'Content-Type': 'text/html; charset=utf-8' },
			'<p>ack <b>42</b></p><blockquote>old</blockquote>',
		);
		expect(textOf(await read(html))).toBe('ack 42');
		const gbk = Buffer.concat([
			Buffer.from(mail({ 'Content-Type': 'text/plain; charset=gb2312' }, '')),
			Buffer.from([0xc8, 0xb7, 0xc8, 0xcf]),
		]);
		expect(textOf(await read(gbk))).toBe('确认');
	});

	const AR = 'Authentication-Results';
	it.each<[string, Record<string, string | string[]>, string | undefined]>([
		[
			'a pass of our server',
			{ [AR]: 'mx.example.test; spf=pass; dmarc=pass (p=reject) header.from=example.test' },
			'dmarc',
		],
		[
			'a pass of another server',
			{ [AR]: 'evil.test; dmarc=pass header.from=example.test' },
			undefined,
		],
		[
			'the topmost result',
			{ [AR]: ['mx.example.test; dmarc=fail', 'mx.example.test; dmarc=pass'] },
			undefined,
		],
		['a comment', { [AR]: 'mx.example.test; dmarc=fail (; dmarc=pass)' }, undefined],
		['a quoted string', { [AR]: 'mx.example.test; spf=fail reason="; dmarc=pass"' }, undefined],
		['another domain', { [AR]: 'mx.example.test; dmarc=pass header.from=evil.test' }, undefined],
		['two verdicts', { [AR]: 'mx.example.test; dmarc=fail; dmarc=pass' }, undefined],
		['a longer name', { [AR]: 'mx.example.test.evil.test; dmarc=pass' }, undefined],
		['none', {}, undefined],
	])('is trusted by DMARC: %s', async (_name, headers, trusted) => {
		const reading = await read(mail(headers));
		expect(reading).toMatchObject({ kind: 'text' });
		expect(reading.kind === 'text' && reading.trusted).toBe(trusted);
	});

	it.each([
		['"john@example.test" <evil@evil.test>', 'evil@evil.test'],
		['JOHN@Example.test', 'john@example.test'],
		['=?utf-8?q?J?= <john@example.test> (john)', 'john@example.test'],
		['john@example.test, evil@evil.test', undefined],
		['<john@example.test> <evil@evil.test>', undefined],
		['john@example.test <evil@evil.test>', undefined],
		['nobody', undefined],
	])('comes from %s', async (from, sender) => {
		const reading = await read(mail({ From: from }));
		expect(reading).toMatchObject(
			sender
				? { kind: 'text', call: { channelUserId: sender } }
				: { kind: 'nothing', reason: 'no_sender' },
		);
	});

	it('has one sender', async () => {
		const source = mail({ From: ['a@example.test', 'b@example.test'] });
		expect(await read(source)).toEqual({ kind: 'nothing', reason: 'no_sender' });
	});
});

describe('what a program wrote', () => {
	it.each<[string, Record<string, string>, string]>([
		['out of office', { 'Auto-Submitted': 'auto-replied' }, 'auto_submitted'],
		['Exchange', { 'X-Auto-Response-Suppress': 'All' }, 'auto_reply'],
		['X-Autoreply', { 'X-Autoreply': 'yes' }, 'auto_reply'],
		['empty return path', { 'Return-Path': '<>' }, 'empty_return_path'],
		['list', { 'List-Id': '<a.b>' }, 'mailing_list'],
		['bulk', { Precedence: 'bulk' }, 'bulk'],
		['mailer-daemon', { From: 'MAILER-DAEMON@mx.test' }, 'robot_sender'],
		['no-reply', { From: 'no-reply@x.test' }, 'robot_sender'],
		['our own', { 'Message-ID': OWN }, 'own_mail'],
		[
			'read receipt',
			{ 'Content-Type': 'multipart/report; report-type=disposition-notification' },
			'report',
		],
	])('is no answer: %s', async (_name, headers, reason) => {
		expect(await read(mail(headers))).toEqual({ kind: 'nothing', reason });
	});

	it('leaves in what says that a person wrote it', async () => {
		expect(await read(mail({ 'Auto-Submitted': 'no' }))).toMatchObject({ kind: 'text' });
		expect(await read(mail({ 'Message-ID': '<x.1@example.test>' }))).toMatchObject({
			kind: 'text',
		});
	});

	it('is nothing where nothing was written or nothing can be read', async () => {
		expect(await read(mail({}, '> old'))).toEqual({ kind: 'nothing', reason: 'no_text' });
		expect(await read({ json: 1 })).toEqual({ kind: 'nothing', reason: 'unreadable' });
		expect(await read('')).toEqual({ kind: 'nothing', reason: 'no_sender' });
	});
});

const dsn = (
	report: string[],
	returned = `Message-ID: ${OWN}\r\nSubject: x`,
	headers = {},
): string =>
	mail(
		{
			From: 'Mail Delivery System <MAILER-DAEMON@mx.test>',
			'Return-Path': '<>',
			'Auto-Submitted': 'auto-replied',
			'Message-ID': '<dsn-1@mx.test>',
			'Content-Type': 'multipart/report; report-type=delivery-status; boundary="b"',
			...headers,
		},
		[
			'--b',
			'Content-Type: text/plain',
			'',
			'Your message could not be delivered.',
			'--b',
			'Content-Type: message/delivery-status',
			'',
			'Reporting-MTA: dns; mx.test',
			'',
			...report,
			'--b',
			'Content-Type: text/rfc822-headers',
			'',
			returned,
			'--b--',
			'',
		].join('\r\n'),
	);
const recipient = (address: string, action: string, status: string): string[] => [
	`Final-Recipient: rfc822; ${address}`,
	`Action: ${action}`,
	`Status: ${status}`,
	'Diagnostic-Code: smtp; 550 5.1.1 <x>: Recipient',
	'    address rejected',
	'',
];

describe('a bounce', () => {
	it('names the mail, the address and whether it is dead', async () => {
		const source = dsn([
			...recipient('gone@x.test', 'failed', '5.1.1'),
			...recipient('full@x.test', 'failed', '5.2.2'),
		]);
		expect(await read(source)).toEqual({
			kind: 'status',
			calls: [
				{
					type: 'status',
					replayKey: `email:dsn:${OWN}:<dsn-1@mx.test>:gone@x.test`,
					providerMessageId: OWN,
					recipient: 'gone@x.test',
					status: 'failed',
					code: '5.1.1',
					message: '550 5.1.1 <x>: Recipient address rejected',
					deadAddress: true,
				},
				expect.objectContaining({ recipient: 'full@x.test', status: 'failed', code: '5.2.2' }),
			],
		});
	});

	it('tells a delay from an end, and an arrival', async () => {
		expect(await read(dsn(recipient('a@x.test', 'delayed', '4.4.1')))).toEqual({
			kind: 'nothing',
			reason: 'delayed',
		});
		const end = await read(dsn(recipient('a@x.test', 'failed', '4.4.7')));
		expect(end).toMatchObject({ calls: [{ status: 'failed', code: '4.4.7' }] });
		expect(end.kind === 'status' && end.calls[0]).not.toHaveProperty('deadAddress');
		expect(await read(dsn(recipient('a@x.test', 'delivered', '2.0.0')))).toMatchObject({
			calls: [{ status: 'delivered' }],
		});
	});

	it('counts only where it knows our mail', async () => {
		expect(await read(dsn(recipient('a@x.test', 'failed', '5.1.1'), 'Subject: x'))).toEqual({
			kind: 'nothing',
			reason: 'no_original',
		});
	});

	it('is read from both forms of the mail trigger', async () => {
		const report = recipient('gone@x.test', 'failed', '5.1.1').join('\n');
		const expected = {
			kind: 'status',
			calls: [{ providerMessageId: OWN, recipient: 'gone@x.test', deadAddress: true }],
		};
		const head = {
			'content-type': 'multipart/report; report-type=delivery-status',
			'in-reply-to': OWN,
		};
		expect(
			await read({
				text: `Not delivered.\n\n${report}`,
				subject: 'x',
				headers: Object.fromEntries(
					Object.entries(head).map(([name, value]) => [name, `${name}: ${value}`]),
				),
			}),
		).toMatchObject(expected);
		expect(
			await read({
				textPlain: 'gone@x.test: 550 5.1.1 unknown',
				from: 'postmaster@x.test',
				metadata: { ...head, 'x-failed-recipients': 'gone@x.test' },
			}),
		).toMatchObject(expected);
	});
});

it('never throws and trusts nothing, whatever comes', async () => {
	const headerName = fc.constantFrom(
		'From',
		'To',
		'Subject',
		'References',
		'Authentication-Results',
		'Content-Type',
		'Auto-Submitted',
		'X-Failed-Recipients',
	);
	const value = fc.oneof(
		fc.string({ maxLength: 60 }),
		fc.constantFrom(
			'multipart/report; boundary=b',
			'john@example.test',
			'mx.example.test; dmarc=fail',
			plus.replace(/[0-9a-f]@/, 'x@'),
		),
	);
	const source = fc.oneof(
		fc.string(),
		fc.uint8Array(),
		fc
			.dictionary(headerName, value)
			.chain((headers) => fc.string().map((body) => mail(headers, body))),
		fc.record({
			metadata: fc.dictionary(
				headerName.map((name) => name.toLowerCase()),
				fc.anything(),
			),
			textPlain: fc.anything(),
			from: fc.anything(),
		}),
		fc.record({
			headers: fc.dictionary(
				headerName.map((name) => name.toLowerCase()),
				fc.anything(),
			),
			text: fc.anything(),
			html: fc.anything(),
		}),
	);
	await fc.assert(
		fc.asyncProperty(source, async (given) => {
			const reading = await read(given as never);
			expect(['text', 'status', 'nothing']).toContain(reading.kind);
			expect(reading).not.toHaveProperty('trusted');
		}),
		{ numRuns: 150 },
	);
});

describe('mails whose answers are read', () => {
	const credential = { host: 'h', from: 'IT <itsm@example.test>', replyTo: 'other@example.test' };
	const sent = (patch: object, language = 'en') => {
		const delivery = aDelivery({
			channel: 'email',
			address: { address: 'john@example.test' },
			recipient: { user_id: 'u', language },
		});
		const message = {
			subject: 'S',
			text: 'T',
			html: '<html><body class="x"><p>T</p></body></html>',
		};
		const context = { delivery, credential, now: new Date(0), ...patch };
		return (email.request(message, context, {}) as SmtpRequest).mail as Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
	};
	const replyTo = { address: 'support@example.test', key };

	it('carry their ticket in Reply-To and the line above which one answers', () => {
		const out = sent({ replyTo });
		expect(readPlusAddress(out.replyTo.address, key)).toBe('serviceNow:INC0010001');
		expect(out.text).toBe('————  Reply above this line  ————\n\nT');
		expect(out.html).toMatch(
			/<body class="x">\n<div[^>]*>———— {2}Reply above this line {2}————<\/div><p>T/,
		);
		expect(sent({ replyTo }, 'zh-CN').text).toContain('回复请写在此行上方');
		expect(withoutQuote(`ack\n\n${out.text}`)).toBe('ack');
	});

	it('are as before where nobody reads them', () => {
		const out = sent({});
		expect(out.replyTo.address).toBe('other@example.test');
		expect(out.text).toBe('T');
	});

	it('are answered in their thread, marked as automatic', () => {
		const answer = respond(
			'done',
			{
				address: 'john@example.test',
				subject: 'Re: [INC-1] x\r\nBcc: e@evil.test',
				message_id: '<1@m>',
				references: ['<0@m>'],
			},
			{ credential, now: new Date(0) },
		);
		expect(answer?.mail).toMatchObject({
			to: { address: 'john@example.test' },
			subject: 'Re: [INC-1] x Bcc: e@evil.test',
			inReplyTo: '<1@m>',
			references: ['<0@m>', '<1@m>'],
			headers: { 'Auto-Submitted': 'auto-replied' },
		});
		expect(respond('x', {}, { credential, now: new Date(0) })).toBeUndefined();
	});
});
