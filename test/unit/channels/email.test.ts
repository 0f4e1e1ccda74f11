import fc from 'fast-check';

import { email } from '../../../core/channels/email';
import { headerValue, mailbox } from '../../../core/channels/email/headers';
import type { SmtpRequest } from '../../../core/channels/types';
import type { DeliveryInput } from '../../../core/events/delivery';
import { anyCard, digest, incident, pressable } from './cards';
import { aDelivery } from './fakes';

const credential = {
	host: 'smtp.test',
	port: 587,
	user: 'me',
	password: 'pw',
	from: 'IT Service Desk <itsm@example.test>',
};
const mailOf = (
	delivery: Partial<DeliveryInput> = {},
	patch: object = {},
	message: Record<string, unknown> = { subject: 'S', text: 'T', html: '<p>T</p>' },
) => {
	const context = {
		delivery: aDelivery({
			channel: 'email',
			address: { address: 'john@example.test' },
			...delivery,
		}),
		credential: { ...credential, ...patch },
		now: new Date('2027-03-13T00:00:00Z'),
	};
	return (email.request(message, context, {}) as SmtpRequest).mail as Record<string, unknown>;
};
const codeOf = (run: () => unknown): unknown => {
	try {
		run();
	} catch (error) {
		return (error as { code?: unknown }).code;
	}
	return undefined;
};

/** Tags and attribute values aside, no `<`, `>` or bare `&` may be left. */
const wellEscaped = (html: string): boolean => {
	const body = html.slice(html.indexOf('<body')).replace(/<style>[\s\S]*?<\/style>/, '');
	const rest = body.replace(/<\/?[a-z][a-z0-9]*(?: [a-z-]+(?:="[^"<>]*")?)*>/g, '');
	return !/[<>]/.test(rest) && !/&(?!(?:amp|lt|gt|quot|#39);)/.test(body);
};

describe('draw', () => {
	it('draws a ticket as subject with a tag, plain text and HTML', () => {
		const mail = email.draw(incident);
		expect(mail.subject).toBe('[INC0010001] New incident: Mail is down & <slow>');
		expect(mail.priority).toBe('high');
		expect(mail.text).toBe(
			[
				'New incident: INC0010001 Mail is down & <slow>',
				'Assigned to you',
				'Priority: Critical\nStatus: New',
				'Nobody in the Berlin office can send mail since 9:00.',
				'Open ticket: https://itsm.test/INC0010001?a=1&b=2',
				'-- \nITSM · 9:30',
			].join('\n\n'),
		);
		expect(mail.html).toContain('Mail is down &amp; &lt;slow&gt;');
		expect(mail.html).toContain('href="https://itsm.test/INC0010001?a=1&amp;b=2"');
		expect(mail.html).toContain('<html lang="en">');
		expect(mail.html).toContain('prefers-color-scheme:dark');
		expect(mail.html).toContain('border-top:5px solid #c62828');
	});

	it.each([
		['INC-1', 'Updated: INC-1 Disk full', '[INC-1] Updated: Disk full'],
		['INC0012', '无人响应：INC0012 磁盘已满', '[INC0012] 无人响应：磁盘已满'],
		['INC-1', 'INC-10 is not INC-1x', '[INC-1] INC-10 is not INC-1x'],
		['INC-1', 'INC-1', '[INC-1] INC-1'],
		// A bare number may be one of the words.
		['42', '42 servers are down', '[42] 42 servers are down'],
		['A.B+1', 'New: A.B+1 regular', '[A.B+1] New: regular'],
	])('tags the subject with %s: %s', (number, title, subject) => {
		const card = { ...incident, title, ticket: { key: 'k', id: '1', number } };
		expect(email.draw(card).subject).toBe(subject);
	});

	it('has no tag where it is about many tickets, and tells how many more there are', () => {
		const mail = email.draw(digest);
		expect(mail.subject).toBe('12 tickets in the last hour');
		expect(mail.html).toContain('<a class="l" href="https://itsm.test/list">+2 more</a>');
		expect(mail.text).toContain(
			'- INC9 Printer on floor 9\n  In progress\n  https://itsm.test/INC9',
		);
		expect(mail.text).toContain('+2 more https://itsm.test/list');
	});

	it('shows at most 50 entries and the true rest', () => {
		const entries = Array.from({ length: 70 }, (_, i) => ({ title: `T${i}` }));
		const mail = email.draw({
			...digest,
			entries,
			more: { ...digest.more!, count: 2, label: '2 others' },
		});
		expect(mail.text).toContain('- T49');
		expect(mail.text).not.toContain('- T50');
		expect(mail.text).toContain('22 others');
	});

	it('draws no button that a mail cannot press', () => {
		expect(email.draw(pressable).html).not.toContain('Acknowledge');
	});

	it('is well-formed and valid, whatever the card', () => {
		fc.assert(
			fc.property(anyCard, (card) => {
				const mail = email.draw(card);
				email.check(mail);
				expect(String(mail.subject)).not.toMatch(/[\r\n\0]/);
				expect(String(mail.subject).length).toBeLessThanOrEqual(200);
				expect(wellEscaped(String(mail.html))).toBe(true);
				expect(mail.html).not.toMatch(/href="(?!https?:)/);
				const request = mailOf({}, {}, mail);
				expect(request.subject).toBe(mail.subject);
			}),
			{ numRuns: 400 },
		);
	});
});

describe('raw', () => {
	it('takes the seed’s subject and body as plain text', () => {
		const mail = email.raw({
			subject: '[ITSM] 新工单',
			body: '您好 <张伟>，\n\nhttps://itsm.test/1',
		});
		expect(mail).toMatchObject({
			subject: '[ITSM] 新工单',
			text: '您好 <张伟>，\n\nhttps://itsm.test/1',
		});
		expect(mail.html).toContain(
			'您好 &lt;张伟&gt;，<br>\n<br>\n<a class="l" href="https://itsm.test/1">',
		);
	});

	it('takes HTML as it is and makes its words the plain part', () => {
		const mail = email.raw({
			subject: 'S',
			html: '<style>b{}</style><p>Hello <b>you</b></p><a href="https://x.test">here</a> &amp; there',
		});
		expect(mail.text).toBe('Hello you\nhere (https://x.test) & there');
	});

	it.each([
		['no subject', { body: 'x' }],
		['no content', { subject: 'x' }],
		['blank content', { subject: 'x', body: '  ' }],
		['nothing', {}],
	])('refuses %s', (_name, document) => {
		expect(codeOf(() => email.raw(document))).toBe('empty_message');
	});
});

describe('threads', () => {
	it('name a mail by its delivery, the same for every try', () => {
		expect(mailOf().messageId).toBe(mailOf().messageId);
		expect(mailOf().messageId).toMatch(/^<[0-9a-f]{32}@example\.test>$/);
		expect(mailOf({ delivery_id: 'd_0002' }).messageId).not.toBe(mailOf().messageId);
	});

	it('gather all mails of one ticket under one root, whoever gets them', () => {
		const first = mailOf();
		const second = mailOf({
			delivery_id: 'd_9',
			recipient: { user_id: 'user-2' },
			address: { address: 'x@y.test' },
		});
		expect(first.references).toMatch(/^<[0-9a-f]{32}\.root@example\.test>$/);
		expect(first.inReplyTo).toBe(first.references);
		expect(second.references).toBe(first.references);
	});

	it('keep tickets and systems apart', () => {
		const event = aDelivery().event;
		const other = { ...event, content: { ...event.content, ticket_id: 'INC2' } };
		const elsewhere = { ...event, source: 'jira' };
		const roots = [event, other, elsewhere].map((one) => mailOf({ event: one }).references);
		expect(new Set(roots).size).toBe(3);
	});

	it('do not take in a digest of many tickets', () => {
		const many = { id: 'g', entries: [], total: 2, ticket_ids: ['a', 'b'], event_ids: ['e'] };
		expect(mailOf({ digest: many })).not.toHaveProperty('references');
		expect(mailOf({ digest: { ...many, total: 1, ticket_ids: ['a'] } })).toHaveProperty(
			'references',
		);
	});

	it('stand on the credential’s own domain where it names one', () => {
		expect(mailOf({}, { messageIdDomain: 'Mail.Example.org' }).messageId).toMatch(
			/@mail\.example\.org>$/,
		);
		expect(codeOf(() => mailOf({}, { messageIdDomain: 'a b' }))).toBe('invalid_credential');
	});
});

describe('request', () => {
	it('says that a program wrote it, and reads no files', () => {
		const mail = mailOf(
			{},
			{ replyTo: 'support@example.test' },
			{ subject: 'S', text: 'T', priority: 'high' },
		);
		expect(mail).toMatchObject({
			from: { name: 'IT Service Desk', address: 'itsm@example.test' },
			to: { name: '', address: 'john@example.test' },
			replyTo: { address: 'support@example.test' },
			priority: 'high',
			headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
			date: new Date('2027-03-13T00:00:00Z'),
			disableFileAccess: true,
			disableUrlAccess: true,
		});
	});

	it('passes on nothing else of a payload', () => {
		const mail = mailOf(
			{},
			{},
			{
				subject: 'S',
				text: 'T',
				attachments: [{ path: '/etc/passwd' }],
				bcc: 'a@b.c',
				from: 'x@y.z',
			},
		);
		expect(mail).not.toHaveProperty('attachments');
		expect(mail).not.toHaveProperty('bcc');
		expect(mail.from).toMatchObject({ address: 'itsm@example.test' });
	});

	it.each([
		['subject', {}, {}, { subject: 'S\r\nBcc: all@x.test', text: 'T' }],
		['subject with NUL', {}, {}, { subject: 'S\0', text: 'T' }],
		['recipient', { address: { address: 'a@b.test\r\nBcc: all@x.test' } }, {}, undefined],
		['two recipients', { address: { address: 'a@b.test, c@d.test' } }, {}, undefined],
		['sender', {}, { from: 'Desk\r\nBcc: x@y.test <itsm@example.test>' }, undefined],
		['reply address', {}, { replyTo: 'a@b.test\nX: y' }, undefined],
	])('refuses a header that is broken: %s', (_name, delivery, patch, message) => {
		expect(codeOf(() => mailOf(delivery, patch, message))).toBe('invalid_payload');
	});

	it.each([
		['host', { host: '' }],
		['port', { port: 0 }],
		['from', { from: ' ' }],
	])('names a missing %s', (_name, patch) => {
		expect(codeOf(() => mailOf({}, patch))).toBe('invalid_credential');
	});

	it('has no sign-in without a user, and trusts certificates as the credential says', () => {
		const { transport } = email.probe!(
			{ ...credential, user: '', allowUnauthorized: true },
			{},
		) as SmtpRequest;
		expect(transport).toEqual({
			host: 'smtp.test',
			port: 587,
			secure: false,
			tls: { rejectUnauthorized: false },
		});
	});

	it('needs an address', () => {
		expect(codeOf(() => mailOf({ address: {} }))).toBe('no_address');
	});

	it('reads names and addresses', () => {
		expect(mailbox('From', '"Desk, IT" <a@b.test>')).toEqual({
			name: 'Desk, IT',
			address: 'a@b.test',
		});
		expect(mailbox('From', 'a@b.test')).toEqual({ name: '', address: 'a@b.test' });
		expect(codeOf(() => mailbox('From', 'nobody'))).toBe('invalid_payload');
		expect(headerValue('X', 'fine: it')).toBe('fine: it');
	});
});

describe('check', () => {
	it.each([
		['no subject', { text: 'x' }],
		['a line break in it', { subject: 'a\nb', text: 'x' }],
		['no content', { subject: 'a', text: ' ', html: '' }],
		['content of another kind', { subject: 'a', text: 5 }],
		['content without end', { subject: 'a', text: 'x'.repeat(5_000_001) }],
	])('refuses %s', (_name, payload) => {
		expect(codeOf(() => email.check(payload))).toBe('invalid_payload');
	});
});
