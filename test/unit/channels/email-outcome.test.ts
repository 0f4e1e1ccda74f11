import { email } from '../../../core/channels/email';
import { smtpFailure } from '../../../core/channels/email/outcome';
import type { SmtpRequest } from '../../../core/channels/types';

describe('what the mail server says', () => {
	const judge = (response: string, command = 'RCPT TO', code = 'EENVELOPE') =>
		smtpFailure(
			Object.assign(new Error(`nodemailer: ${response}`), {
				code,
				command,
				response,
				responseCode: Number(response.slice(0, 3)),
			}),
		);

	it.each([
		['421 4.3.2 shutting down', 'CONN', 'retry', '421 4.3.2'],
		['421 4.7.0 too many connections', 'CONN', 'rate', '421 4.7.0'],
		['450 4.2.0 greylisted', 'RCPT TO', 'retry', '450 4.2.0'],
		['450 4.7.1 greylisted', 'RCPT TO', 'retry', '450 4.7.1'],
		['450 4.2.1 too much mail for this user', 'RCPT TO', 'rate', '450 4.2.1'],
		['450 4.7.28 unusual rate', 'DATA', 'rate', '450 4.7.28'],
		['451 4.3.0 local error', 'DATA', 'retry', '451 4.3.0'],
		['452 4.3.1 no space', 'DATA', 'retry', '452 4.3.1'],
		['454 4.7.0 temporary authentication failure', 'AUTH PLAIN', 'rate', '454 4.7.0'],
		['530 5.7.0 authentication required', 'MAIL FROM', 'auth', '530 5.7.0'],
		['534 5.7.9 application password required', 'AUTH PLAIN', 'auth', '534 5.7.9'],
		['535 5.7.8 bad credentials', 'AUTH PLAIN', 'auth', '535 5.7.8'],
		['550 5.1.1 user unknown', 'RCPT TO', 'recipient', '550 5.1.1'],
		['550 user unknown', 'RCPT TO', 'recipient', '550'],
		['550 5.1.10 null MX', 'RCPT TO', 'recipient', '550 5.1.10'],
		['550 5.2.1 mailbox disabled', 'RCPT TO', 'recipient', '550 5.2.1'],
		['551 user not local', 'RCPT TO', 'recipient', '551'],
		['553 5.1.3 bad address', 'RCPT TO', 'recipient', '553 5.1.3'],
		['552 5.2.2 mailbox full', 'RCPT TO', 'retry', '552 5.2.2'],
		['550 5.7.1 refused by policy', 'DATA', 'config', '550 5.7.1'],
		['550 5.7.26 unauthenticated sender', 'DATA', 'config', '550 5.7.26'],
		['550 spam', 'DATA', 'config', '550'],
		['550 5.1.8 sender has no domain', 'MAIL FROM', 'config', '550 5.1.8'],
		['553 5.7.1 not your address', 'MAIL FROM', 'config', '553 5.7.1'],
		['552 5.3.4 too big', 'DATA', 'payload', '552 5.3.4'],
		['552 5.3.4 too big', 'MAIL FROM', 'payload', '552 5.3.4'],
		['554 5.6.0 malformed', 'DATA', 'payload', '554 5.6.0'],
		['502 5.5.1 unknown command', 'MAIL FROM', 'config', '502 5.5.1'],
	])('%s (%s) is %s', (response, command, kind, code) => {
		expect(
			judge(response, command, command.startsWith('AUTH') ? 'EAUTH' : 'EENVELOPE'),
		).toMatchObject({ ok: false, class: kind, code });
	});

	it('says that a policy concerns one recipient, not the credential', () => {
		expect(judge('550 5.7.1 no', 'DATA').onlyHere).toBe(true);
		expect(judge('553 5.7.1 not your address', 'MAIL FROM').onlyHere).toBeUndefined();
	});

	it.each([
		['EAUTH', 'Missing credentials', 'auth', 'eauth'],
		['EMESSAGE', 'Message size larger than allowed 100', 'payload', 'emessage'],
		['EENVELOPE', 'Invalid recipient "x"', 'recipient', 'eenvelope'],
		['ESOCKET', 'self-signed certificate', 'config', 'tls_certificate'],
		[undefined, 'strange', 'config', 'smtp_error'],
	])('judges what nodemailer itself refuses: %s', (code, message, kind, expected) => {
		expect(smtpFailure(Object.assign(new Error(message), { code }))).toMatchObject({
			class: kind,
			code: expected,
		});
	});

	const request: SmtpRequest = { kind: 'smtp', transport: {}, mail: {} };
	const answer = {
		accepted: ['a@b.test'],
		rejected: [],
		response: '250 2.0.0 ok',
		messageId: '<m@x>',
	};

	it('takes 250 as sent, not as delivered, with the id for later', () => {
		expect(email.outcome(answer, request)).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: '<m@x>',
			ref: { message_id: '<m@x>' },
		});
	});

	it('takes a refused recipient in a good answer as refused', () => {
		expect(
			email.outcome({ ...answer, accepted: [], rejected: ['a@b.test'] }, request),
		).toMatchObject({ ok: false, class: 'recipient', code: 'rejected' });
	});

	it('takes a sign-in without a mail as success', () => {
		expect(
			email.outcome({ ...answer, accepted: [] }, { ...request, verifyOnly: true }),
		).toMatchObject({ ok: true });
	});
});
