import { messageOf } from '../../errors';
import { fingerprint } from '../credential';
import { EMAIL } from '../email/limits';
import { isVerdict, smtpFailure } from '../email/outcome';
import { OutcomeError, TransportError, type SmtpRequest, type SmtpResponse } from '../types';

/** The part of nodemailer that is used. */
interface Transporter {
	sendMail(mail: Record<string, unknown>): Promise<Record<string, unknown>>;
	verify(): Promise<true>;
	close(): void;
	use(step: 'stream', plugin: (mail: PluginMail, done: () => void) => void): void;
}

interface PluginMail {
	data: Record<string, unknown>;
	message: { createReadStream(...options: unknown[]): NodeJS.ReadableStream };
}

interface Progress {
	/** The whole message was read off to the socket: the server may have taken it. */
	written: boolean;
}

/** Servers hang up on idle clients: we do it first. */
const IDLE_MS = 60_000;
/** A pool that nobody used for this long is closed when the next one is asked for. */
const UNUSED_MS = 10 * 60_000;

const pools = new Map<string, { transporter: Promise<Transporter>; usedAt: number }>();

async function open(options: Record<string, unknown>, timeoutMs: number): Promise<Transporter> {
	const { createTransport } = await import('nodemailer');
	const transporter = createTransport({
		...options,
		pool: true,
		maxConnections: EMAIL.connections,
		// A server may drop an idle connection just as it is used: once more over another.
		maxRequeues: 1,
		idleTimeout: IDLE_MS,
		connectionTimeout: timeoutMs,
		greetingTimeout: timeoutMs,
		socketTimeout: timeoutMs,
		dnsTimeout: timeoutMs,
	} as Parameters<typeof createTransport>[0]) as unknown as Transporter;
	transporter.use('stream', (mail, done) => {
		watch(mail);
		done();
	});
	return transporter;
}

/** Notes when the message has gone out whole, which tells a safe loss from an ambiguous one. */
function watch(mail: PluginMail): void {
	const progress = mail.data.progress as Progress | undefined;
	const create = mail.message.createReadStream.bind(mail.message);
	mail.message.createReadStream = (...options) => {
		const stream = create(...options);
		stream.once('end', () => {
			if (progress) progress.written = true;
		});
		return stream;
	};
}

function pooled(
	options: Record<string, unknown>,
	timeoutMs: number,
	now: number,
): Promise<Transporter> {
	for (const [key, pool] of pools) {
		if (now - pool.usedAt > UNUSED_MS) drop(key);
	}
	const key = fingerprint(options, timeoutMs);
	const known = pools.get(key);
	if (known) {
		known.usedAt = now;
		return known.transporter;
	}
	const transporter = open(options, timeoutMs);
	pools.set(key, { transporter, usedAt: now });
	transporter.catch(() => pools.delete(key));
	return transporter;
}

function drop(key: string): void {
	const pool = pools.get(key);
	pools.delete(key);
	pool?.transporter.then(
		(transporter) => transporter.close(),
		() => undefined,
	);
}

/** Closes all connections, when the process ends or a test is done. */
export function closeSmtp(): void {
	for (const key of [...pools.keys()]) drop(key);
}

/** nodemailer's thrown errors: a verdict becomes OutcomeError, a lost connection TransportError. */
export function smtpError(error: unknown, written: boolean): OutcomeError | TransportError {
	if (isVerdict(error)) return new OutcomeError(smtpFailure(error));
	const { code, name } = (error ?? {}) as { code?: string; name?: string };
	const message = messageOf(error);
	if (code === 'EDNS') return new TransportError('dns', message, false);
	if (code === 'ETLS') return new TransportError('tls', message, false);
	if (/ECONNREFUSED/.test(message)) return new TransportError('connection_refused', message, false);
	const isTimeout =
		code === 'ETIMEDOUT' || code === 'EABORT' || name === 'AbortError' || name === 'TimeoutError';
	return new TransportError(isTimeout ? 'timeout' : 'connection_reset', message, written);
}

/**
 * `ChannelIo.smtp` over nodemailer, loaded on first use; connections are pooled per transport options. `now` in
 * epoch ms. Ends after `timeoutMs`, whatever the server does. Throws OutcomeError or TransportError.
 */
export async function sendSmtp(
	request: SmtpRequest,
	{ timeoutMs, now }: { timeoutMs: number; now: number },
): Promise<SmtpResponse> {
	const progress: Progress = { written: false };
	try {
		const transporter = await pooled(request.transport, timeoutMs, now);
		if (request.verifyOnly) {
			await transporter.verify();
			return { accepted: [], rejected: [], response: 'verified', messageId: '' };
		}
		const info = await transporter.sendMail({
			...request.mail,
			progress,
			signal: AbortSignal.timeout(timeoutMs),
		});
		return {
			accepted: addresses(info.accepted),
			rejected: addresses(info.rejected),
			response: String(info.response ?? ''),
			messageId: String(info.messageId ?? ''),
		};
	} catch (error) {
		throw smtpError(error, progress.written);
	}
}

/** Connects and signs in without sending, over a connection of its own; undefined, or why not. */
export async function verifySmtp(
	transport: Record<string, unknown>,
	timeoutMs: number,
): Promise<string | undefined> {
	let transporter: Transporter | undefined;
	try {
		transporter = await open(transport, timeoutMs);
		await transporter.verify();
		return undefined;
	} catch (error) {
		const known = smtpError(error, false);
		const code = known instanceof OutcomeError ? known.outcome.code : known.code;
		return `${code}: ${known.message}`;
	} finally {
		transporter?.close();
	}
}

const addresses = (value: unknown): string[] =>
	Array.isArray(value)
		? value.map((entry: unknown) =>
				typeof entry === 'string'
					? entry
					: String((entry as { address?: unknown } | null)?.address),
			)
		: [];
