import { messageOf } from '../../errors';
import type { ChannelRequest, Failure, FailureClass, Outcome, SmtpResponse } from '../types';

interface SmtpError {
	/** `EAUTH`, `EENVELOPE`, … */
	code?: string;
	responseCode?: number;
	response?: string;
	/** The step at which it happened: `RCPT TO`, `DATA`, … */
	command?: string;
}

type Judged = [FailureClass, { onlyHere?: true }?];

const starts = (enhanced: string, ...prefixes: string[]): boolean =>
	prefixes.some((prefix) => enhanced.startsWith(prefix));

/** 4xx: the server asks to come again; some of them say "slower". */
function temporary(code: number, enhanced: string): Judged {
	if (code === 454 && starts(enhanced, '4.7.0')) return ['rate'];
	if (code === 421 && starts(enhanced, '4.7.')) return ['rate'];
	if (code === 450 && (enhanced === '4.2.1' || enhanced === '4.7.28')) return ['rate'];
	return ['retry'];
}

/** 5xx (facts/channels.md §7.2). A refused sender is our set-up, a refused recipient the recipient's. */
function permanent(code: number, enhanced: string, command: string): Judged {
	if (code === 530 || code === 534 || code === 535 || code === 538) return ['auth'];
	if (command.startsWith('MAIL'))
		return [code === 552 || enhanced === '5.3.4' ? 'payload' : 'config'];
	if (enhanced === '5.2.2') return ['retry'];
	if (starts(enhanced, '5.1.', '5.2.1') || code === 551) return ['recipient'];
	if (starts(enhanced, '5.7.')) return ['config', { onlyHere: true }];
	if (code === 552 || enhanced === '5.3.4') return ['payload'];
	if (code === 550 || code === 553)
		return command.startsWith('RCPT') || !command ? ['recipient'] : ['config', { onlyHere: true }];
	if (code === 554) return ['payload'];
	return ['config'];
}

const byName: Record<string, FailureClass> = {
	EAUTH: 'auth',
	ENOAUTH: 'auth',
	EOAUTH2: 'auth',
	EMESSAGE: 'payload',
	EENVELOPE: 'recipient',
	ESTREAM: 'payload',
};

/** True where the server, or nodemailer before it asked, gave a verdict; else the connection failed. */
export const isVerdict = (error: unknown): boolean => {
	const { code, responseCode } = (error ?? {}) as SmtpError;
	return (
		typeof responseCode === 'number' ||
		(code !== undefined && Object.hasOwn(byName, code)) ||
		isCertificate(error)
	);
};

const isCertificate = (error: unknown): boolean =>
	/certificate|self.signed|unable to (?:verify|get)|altnames|wrong version number/i.test(
		messageOf(error),
	) && /^(?:ESOCKET|ETLS|ECONNECTION)$/.test(String((error as SmtpError | undefined)?.code));

/** The SMTP reply, without the texts that nodemailer puts around it. */
const reply = (error: unknown): string =>
	((error as SmtpError | undefined)?.response ?? messageOf(error))
		.replace(/\s+/g, ' ')
		.slice(0, 300);

/** What a thrown nodemailer error means (`responseCode`, enhanced status, `code`, `command`). */
export function smtpFailure(error: unknown): Failure {
	const { code, responseCode, response, command = '' } = (error ?? {}) as SmtpError;
	if (typeof responseCode === 'number' && responseCode >= 400) {
		return fromReply(responseCode, response ?? messageOf(error), command, code);
	}
	if (isCertificate(error))
		return failure(
			'config',
			'tls_certificate',
			`The mail server's certificate was not accepted: ${reply(error)}`,
		);
	return failure(
		byName[code ?? ''] ?? 'config',
		(code ?? 'smtp_error').toLowerCase(),
		reply(error),
	);
}

function fromReply(responseCode: number, text: string, command: string, name?: string): Failure {
	const enhanced = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ?? '';
	const soft = responseCode < 500;
	const [kind, more] = soft
		? temporary(responseCode, enhanced)
		: name === 'EAUTH'
			? (['auth'] as Judged)
			: permanent(responseCode, enhanced, command);
	const said = `The mail server answered ${text.replace(/\s+/g, ' ').slice(0, 300)}`;
	return { ...failure(kind, [responseCode, enhanced].filter(Boolean).join(' '), said), ...more };
}

const failure = (kind: FailureClass, code: string, message: string): Failure => ({
	ok: false,
	class: kind,
	code,
	message,
});

/** 250 after DATA: accepted, not yet delivered. A recipient that was refused beside others counts as refused. */
export function outcome(response: SmtpResponse, request: ChannelRequest): Outcome {
	if (request.kind === 'smtp' && request.verifyOnly) return { ok: true, status: 'sent' };
	if (response.accepted.length === 0) {
		return failure(
			'recipient',
			'rejected',
			`The mail server refused ${response.rejected.join(', ') || 'the recipient'}`,
		);
	}
	const code = Number(/^\s*(\d{3})\b/.exec(response.response)?.[1] ?? 250);
	if (code >= 400) return fromReply(code, response.response, 'DATA');
	return {
		ok: true,
		status: 'sent',
		providerMessageId: response.messageId,
		ref: { message_id: response.messageId },
	};
}
