import type { Delivery } from '../events/delivery';
import { messageOf } from '../errors';
import { redact, secretsOf } from './redact';
import { OutcomeError, TransportError, type Channel, type ChannelIo, type ChannelRequest, type Credential, type HttpResponse, type Outcome, type SmtpResponse } from './types';

export interface SendOptions {
	timeoutMs: number;
	/** Longest wait for the one retry inside the run, ms. */
	inRunRetryMs: number;
	publicUrl?: string;
}

export interface SendResult {
	outcome: Outcome;
	attempts: number;
	latencyMs: number;
}

type Failure = Extract<Outcome, { ok: false }>;

const SHORT_WAIT_MS = 1_000;

/**
 * The one send: prepare, call, classify; one fresh token where the provider asks for it; one short retry for what may
 * pass at once. Never throws for provider or network trouble, and never tells a secret.
 */
export async function sendDelivery(channel: Channel, delivery: Delivery, credential: Credential, io: ChannelIo, options: SendOptions): Promise<SendResult> {
	const started = io.now().getTime();
	const done = (outcome: Outcome, attempts: number): SendResult => ({ outcome: clean(outcome, credential), attempts, latencyMs: io.now().getTime() - started });
	let attempts = 1;
	let outcome = await attempt(channel, delivery, credential, io, options);
	if (!outcome.ok && outcome.tokenInvalid && channel.tokenKey) {
		io.tokens.drop(channel.tokenKey(credential));
		attempts++;
		outcome = await attempt(channel, delivery, credential, io, options);
	}
	if (outcome.ok || (outcome.class !== 'retry' && outcome.class !== 'rate')) return done(outcome, attempts);
	const wait = waitFor(outcome, io);
	const left = options.inRunRetryMs - (io.now().getTime() - started);
	// A time-out has used up the run's time; a doubtful one is not repeated at once.
	if (wait > left || outcome.ambiguous) return done(outcome, attempts);
	await io.sleep(wait);
	const first = outcome;
	outcome = await attempt(channel, delivery, credential, io, options);
	if (!outcome.ok && first.ambiguous) outcome = { ...outcome, ambiguous: true };
	return done(outcome, attempts + 1);
}

const waitFor = (failure: Failure, io: ChannelIo): number => Math.max(failure.retryAfterMs ?? 0, Math.round(SHORT_WAIT_MS * (0.5 + io.random())));

async function attempt(channel: Channel, delivery: Delivery, credential: Credential, io: ChannelIo, options: SendOptions): Promise<Outcome> {
	let request: ChannelRequest;
	try {
		if (!delivery.message) return failure('payload', 'no_message', 'The delivery has no message: wire it through ITSM Template Render.');
		const prepared = channel.prepare ? await channel.prepare(io, credential) : {};
		request = channel.request(delivery.message, { delivery, credential, publicUrl: options.publicUrl, now: io.now() }, prepared);
	} catch (error) {
		return fromThrown(error);
	}
	try {
		return channel.outcome(await call(io, request, options.timeoutMs), request);
	} catch (error) {
		return fromThrown(error);
	}
}

const call = (io: ChannelIo, request: ChannelRequest, timeoutMs: number): Promise<HttpResponse | SmtpResponse> =>
	request.kind === 'http' ? io.http(request, { timeoutMs }) : io.smtp(request, { timeoutMs });

function fromThrown(error: unknown): Failure {
	if (error instanceof OutcomeError) return error.outcome;
	if (error instanceof TransportError) return { ...failure('retry', error.code, error.message), ambiguous: error.sent };
	const code = (error as { code?: unknown }).code;
	return failure('payload', typeof code === 'string' ? code : 'invalid_payload', messageOf(error));
}

const failure = (kind: Failure['class'], code: string, message: string): Failure => ({ ok: false, class: kind, code, message });

function clean(outcome: Outcome, credential: Credential): Outcome {
	if (outcome.ok) return outcome;
	return { ...outcome, message: redact(outcome.message, secretsOf(credential)) };
}
