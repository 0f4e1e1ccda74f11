import { createHash } from 'node:crypto';

import { messageOf } from '../../errors';
import { TransportError, OutcomeError, type SmtpRequest, type SmtpResponse } from '../types';
import { smtpFailure } from '../email/outcome';

type Transporter = { sendMail(mail: Record<string, unknown>): Promise<Record<string, unknown>>; verify(): Promise<true>; close(): void };

interface Pooled {
	transporter: Transporter;
	usedAt: number;
}

const IDLE_MS = 60_000;
const pool = new Map<string, Pooled>();

/** Connections are kept per server and account; those not used for a minute are closed at the next call. */
async function transporterFor(options: Record<string, unknown>, timeoutMs: number, now: number): Promise<Transporter> {
	for (const [key, entry] of pool) {
		if (now - entry.usedAt <= IDLE_MS) continue;
		entry.transporter.close();
		pool.delete(key);
	}
	const key = createHash('sha256').update(JSON.stringify([options, timeoutMs])).digest('hex');
	const known = pool.get(key);
	if (known) {
		known.usedAt = now;
		return known.transporter;
	}
	const { createTransport } = await import('nodemailer');
	const transporter = createTransport({
		...options,
		pool: true,
		maxConnections: 3,
		connectionTimeout: timeoutMs,
		greetingTimeout: timeoutMs,
		socketTimeout: timeoutMs,
		// Ticket texts are not files to be read from this machine.
		disableFileAccess: true,
		disableUrlAccess: true,
	} as object) as unknown as Transporter;
	pool.set(key, { transporter, usedAt: now });
	return transporter;
}

/** Sends one mail through nodemailer. Throws OutcomeError where the server said why, else TransportError. */
export async function sendSmtp(request: SmtpRequest, options: { timeoutMs: number; now: number }): Promise<SmtpResponse> {
	const transporter = await transporterFor(request.transport, options.timeoutMs, options.now);
	const info = await transporter.sendMail(request.mail).catch((error: unknown) => Promise.reject(reasonOf(error)));
	return {
		accepted: ((info.accepted as unknown[] | undefined) ?? []).map(String),
		rejected: ((info.rejected as unknown[] | undefined) ?? []).map(String),
		response: String(info.response ?? ''),
		messageId: String(info.messageId ?? ''),
	};
}

function reasonOf(error: unknown): OutcomeError | TransportError {
	const known = smtpFailure(error);
	if (known) return new OutcomeError(known);
	const code = String((error as { code?: unknown }).code ?? 'smtp_error').toLowerCase();
	// Only after DATA may the server have taken it.
	return new TransportError(code, messageOf(error), (error as { command?: unknown }).command === 'DATA');
}

/** Connects and signs in without sending; resolves to undefined or the failure. */
export async function verifySmtp(transport: Record<string, unknown>, timeoutMs: number): Promise<string | undefined> {
	const { createTransport } = await import('nodemailer');
	const transporter = createTransport({ ...transport, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs } as object) as unknown as Transporter;
	try {
		await transporter.verify();
		return undefined;
	} catch (error) {
		return messageOf(error);
	} finally {
		transporter.close();
	}
}

/** Closes every kept connection, for tests and shutdown. */
export function closeSmtp(): void {
	for (const { transporter } of pool.values()) transporter.close();
	pool.clear();
}
