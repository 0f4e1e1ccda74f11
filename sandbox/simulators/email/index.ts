import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';

import { SMTPServer } from 'smtp-server';
import type { SMTPServerSession } from 'smtp-server';

import { createFaults } from '../faults.ts';
import type { Fault, FaultKind } from '../faults.ts';
import { closeServer, faultsEndpoint, listen, readBody, send, sleep } from '../http.ts';
import type { Simulator, StartOptions } from '../http.ts';
import type { Actor, Callback } from '../two-way.ts';
import { checkMessage, SmtpRefusal } from './checks.ts';
import { parseMail } from './parsed.ts';
import { MAIL_FAULTS, say } from './people.ts';
import { replyTo } from './reply.ts';
import type { ReplyOptions } from './reply.ts';

export interface EmailConfig {
	user: string;
	password: string;
	/** Domains whose mailboxes are known: anybody else there is refused. Other domains are relayed. */
	domains?: string[];
	mailboxes?: string[];
	/** Offers STARTTLS (with smtp-server's own certificate unless one is given). */
	starttls?: boolean;
	/** TLS from the first byte, as on port 465. */
	implicitTls?: boolean;
	key?: string;
	cert?: string;
	maxBytes?: number;
	delayMs?: number;
}

export interface EmailSimulator extends Simulator, Actor {
	host: string;
	/** HTTP address of `/__faults`, since SMTP has none. */
	controlUrl: string;
	/** A person's answer to a recorded mail, raw, as their mail program would send it. */
	reply(messageId: string, text: string, options?: ReplyOptions): Buffer;
	say(user: string, text: string, messageId?: string): Promise<Callback>;
	/** Replies that people wrote (`say`), raw, oldest first: the desk's mailbox. */
	mailbox: Buffer[];
	/** Told of each, before `say` resolves. */
	onMail(listener: (raw: Buffer) => unknown): void;
}

const ON_DATA: FaultKind[] = ['429', '5xx', 'timeout', 'reset', 'slow'];
const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

const withoutTag = (address: string): string => address.toLowerCase().replace(/\+[^@]*@/, '@');

async function collect(stream: Readable): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks);
}

function spell(fault: Fault): SmtpRefusal | undefined {
	if (fault.kind === '429')
		return new SmtpRefusal(450, '4.7.28', `rate limit, try again in ${fault.wait ?? 60} s`);
	if (fault.kind === '5xx')
		return new SmtpRefusal(fault.status ?? 451, '4.3.0', 'temporary failure by a fault switch');
	return undefined;
}

/** An SMTP server that records what it takes. */
export async function startEmail(options: StartOptions<EmailConfig>): Promise<EmailSimulator> {
	const { recorder, config } = options;
	const host = options.host ?? '127.0.0.1';
	const faults = createFaults();
	const sockets = new Map<number, Socket>();
	const maxBytes = config.maxBytes ?? DEFAULT_MAX_BYTES;
	const mailbox: Buffer[] = [];
	const listeners: Array<(raw: Buffer) => unknown> = [];
	async function deliver(raw: Buffer): Promise<void> {
		mailbox.push(raw);
		for (const listener of listeners) await listener(raw);
	}
	const mailboxes = new Set((config.mailboxes ?? []).map(withoutTag));

	function refused(error: SmtpRefusal, to: string[], raw: unknown): SmtpRefusal {
		recorder.refusal({
			channel: 'email',
			status: error.responseCode,
			code: error.status,
			why: error.message,
			to,
			raw,
		});
		return error;
	}

	function known(address: string): boolean {
		const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
		return !config.domains?.includes(domain) || mailboxes.has(withoutTag(address));
	}

	async function take(source: Buffer, to: string[], session: SMTPServerSession): Promise<string> {
		checkMessage(source, (session.envelope as { smtpUtf8?: boolean }).smtpUtf8 === true);
		if (recorder.countOnly) {
			recorder.message({
				channel: 'email',
				ref: '',
				to,
				payload: {},
				rendered: { text: '' },
				raw: '',
			});
			return 'counted';
		}
		const { payload, rendered } = await parseMail(source);
		const envelope = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
		const raw = { envelope: { from: envelope, to }, source: source.toString('utf8') };
		recorder.message({
			channel: 'email',
			ref: payload.message_id,
			to,
			sender: payload.from,
			payload,
			rendered,
			raw,
		});
		return payload.message_id;
	}

	/** The reply text of an accepted message; undefined where a fault leaves the client without a reply. */
	async function receive(
		stream: Readable,
		session: SMTPServerSession,
	): Promise<string | undefined> {
		const to = session.envelope.rcptTo.map((recipient) => recipient.address);
		const source = await collect(stream);
		const fault = faults.take(to.join(' '), ON_DATA);
		if (config.delayMs) await sleep(config.delayMs);
		if (fault?.kind === 'slow') await sleep(fault.ms ?? 2000);
		if (fault?.kind === 'timeout' || fault?.kind === 'reset') {
			if (fault.accepted) await take(source, to, session);
			else
				refused(
					new SmtpRefusal(0, fault.kind, 'no answer, by a fault switch'),
					to,
					source.toString('utf8'),
				);
			if (fault.kind === 'reset') sockets.get(session.remotePort)?.resetAndDestroy();
			return undefined;
		}
		try {
			if (source.length > maxBytes) throw new SmtpRefusal(552, '5.3.4', 'message too big');
			const spelled = fault && spell(fault);
			if (spelled) throw spelled;
			return `2.0.0 queued as ${await take(source, to, session)}`;
		} catch (error) {
			if (error instanceof SmtpRefusal) refused(error, to, source.toString('utf8'));
			throw error;
		}
	}

	const server = new SMTPServer({
		name: 'mail.sandbox.test',
		banner: 'itsm-notify sandbox',
		secure: config.implicitTls ?? false,
		...(config.key && config.cert ? { key: config.key, cert: config.cert } : {}),
		disabledCommands: config.starttls ? [] : ['STARTTLS'],
		allowInsecureAuth: true,
		authMethods: ['PLAIN', 'LOGIN'],
		size: maxBytes,
		disableReverseLookup: true,
		closeTimeout: 200,
		onAuth(auth, _session, done) {
			const isFault = faults.take(auth.username ?? '', ['reject_auth']) !== undefined;
			const isRight = auth.username === config.user && auth.password === config.password;
			if (isRight && !isFault) return done(null, { user: auth.username });
			const error = new SmtpRefusal(535, '5.7.8', 'Username and password not accepted');
			done(refused(error, [], { user: auth.username }));
		},
		onRcptTo(address, _session, done) {
			if (known(address.address)) return done();
			done(
				refused(
					new SmtpRefusal(550, '5.1.1', `<${address.address}>: user unknown`),
					[address.address],
					address,
				),
			);
		},
		onData(stream, session, done) {
			receive(stream, session).then(
				// smtp-server takes a string as the text of the 250.
				(reply) => reply !== undefined && done(null, reply as unknown as undefined),
				(error: unknown) => done(error as Error),
			);
		},
	});
	server.on('error', () => {
		// A client that cuts the wire is no failure of the simulator.
	});

	await new Promise<void>((resolve, reject) => {
		server.server.once('error', reject);
		server.listen(options.port ?? 0, host, () => resolve());
	});
	server.server.on('connection', (socket: Socket) => {
		const port = socket.remotePort!;
		sockets.set(port, socket);
		socket.once('close', () => sockets.delete(port));
	});

	const control = createServer((request, response) => {
		readBody(request).then(
			(body) =>
				send(response, faultsEndpoint(faults, request.method ?? 'GET', body.toString('utf8'))),
			() => response.destroy(),
		);
	});
	const controlFace = await listen(control, 0, host);
	const port = (server.server.address() as AddressInfo).port;

	return {
		url: `smtp://${host}:${port}`,
		host,
		port,
		controlUrl: controlFace.url,
		faults,
		mailbox,
		onMail: (listener) => void listeners.push(listener),
		callbackFaults: MAIL_FAULTS,
		people: config.mailboxes ?? [],
		say: (...given) => say({ recorder, faults, deliver }, ...given),
		reply(messageId, text, answer) {
			const found = recorder
				.messages({ channel: 'email' })
				.find((record) => record.ref === messageId);
			if (found === undefined) throw new Error(`no such mail: ${messageId}`);
			return replyTo(found, text, answer);
		},
		async close() {
			for (const socket of sockets.values()) socket.destroy();
			await Promise.all([
				new Promise<void>((resolve) => server.close(() => resolve())),
				closeServer(control),
			]);
		},
	};
}
