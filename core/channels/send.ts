import { ItsmNotifyError, messageOf } from '../errors';
import type { Delivery } from '../events/delivery';
import { perform } from './perform';
import { redact, redactRequest, secretsOf } from './redact';
import { OutcomeError, TransportError } from './types';
import type {
	Channel,
	ChannelIo,
	ChannelRequest,
	Credential,
	Failure,
	Outcome,
	SendContext,
} from './types';

export interface SendOptions {
	/** One call of the provider; default 10 s. */
	timeoutMs?: number;
	/** The longest wait before the one retry of this run; 0 = none; default 5 s. */
	inRunRetryMs?: number;
	/** No retry is begun that could end after this time from the start; default 20 s. */
	budgetMs?: number;
	/** Called after every try that failed, before the wait of the retry: others of the credential must know at once. */
	onRefused?(failure: Failure): Promise<void>;
	/** Base of links, from the store or the credential. */
	publicUrl?: string;
	/** Presses come over a connection that the Interaction Trigger holds. */
	streamed?: boolean;
	/** What a ConversationCall stored for the delivery's address. */
	conversation?: Record<string, unknown>;
	/** Where answers by mail are read. */
	replyTo?: SendContext['replyTo'];
}

export interface Sent {
	outcome: Outcome;
	/** Tries that asked the provider for something; one that only renewed a token is not counted. */
	attempts: number;
	latencyMs: number;
	/** The last request, without secrets. */
	readonly request?: ChannelRequest;
}

/** Before the retry where the provider names no wait: half of it fixed, so that many do not come back at once. */
const RETRY_WAIT_MS = 1000;
const SPREAD_MS = 500;

/**
 * The one way to send a delivery: token, request, call, classify; one renewal of a token that the provider
 * refuses; one short retry of what may pass. Reports every failure as an outcome, without secrets; never throws.
 */
export async function sendDelivery(
	channel: Channel | undefined,
	delivery: Delivery,
	credential: Credential,
	io: ChannelIo,
	options: SendOptions = {},
): Promise<Sent> {
	const {
		timeoutMs = 10_000,
		inRunRetryMs = 5000,
		budgetMs = 20_000,
		publicUrl,
		streamed,
		conversation,
		replyTo,
	} = options;
	const started = io.now().getTime();
	const elapsed = (): number => io.now().getTime() - started;
	const tries: Try[] = [];
	const refused = refusal(channel, delivery);
	if (refused || !channel) {
		return { outcome: refused as Failure, attempts: 0, latencyMs: 0 };
	}
	let isRenewed = false;
	let isRetried = false;
	for (;;) {
		const context: SendContext = {
			delivery,
			credential,
			now: io.now(),
			...(publicUrl ? { publicUrl } : {}),
			...(streamed ? { streamed } : {}),
			...(conversation ? { conversation } : {}),
			...(replyTo ? { replyTo } : {}),
		};
		const last = await attempt(channel, context, io, timeoutMs);
		tries.push(last);
		const { outcome } = last;
		if (outcome.ok) break;
		await options.onRefused?.(outcome);
		// A robot or a webhook has no token that a renewal could mend.
		const hasToken = Object.keys(last.prepared ?? {}).length > 0;
		if (outcome.tokenInvalid && !isRenewed && hasToken && channel.tokenKey) {
			isRenewed = true;
			const key = channel.tokenKey(credential, outcome);
			// A channel with several tokens gives each under its key.
			const token = last.prepared?.[key] ?? last.prepared?.token;
			io.tokens.drop(key, typeof token === 'string' ? token : undefined);
			continue;
		}
		const wait = retryWait(outcome, io.random(), inRunRetryMs);
		if (isRetried || wait === undefined || elapsed() + wait + timeoutMs > budgetMs) break;
		isRetried = true;
		await io.sleep(wait);
	}
	return summed(tries, elapsed());
}

interface Try {
	outcome: Outcome;
	/** Whether the provider was asked for anything: a token, or to send. */
	asked: boolean;
	/** Whether it was asked to send. */
	called: boolean;
	request?: () => ChannelRequest;
	prepared?: Record<string, unknown>;
}

/** What can be said without asking anybody. */
function refusal(channel: Channel | undefined, delivery: Delivery): Failure | undefined {
	if (!channel)
		return failed('config', 'unsupported_channel', `There is no channel "${delivery.channel}".`);
	if (delivery.channel !== channel.id)
		return failed(
			'config',
			'wrong_channel',
			`This is a delivery for "${delivery.channel}", not for ${channel.name}.`,
		);
	if (!delivery.message)
		return failed(
			'payload',
			'no_message',
			'The delivery has no message: it comes from ITSM Template Render.',
		);
	return undefined;
}

/** One call, with all that it takes before. */
async function attempt(
	channel: Channel,
	context: SendContext,
	io: ChannelIo,
	timeoutMs: number,
): Promise<Try> {
	let shared: Record<string, unknown> = {};
	// Gathered only where something is told: a failure, or the request to whoever asks for it.
	const secrets = (): string[] => secretsOf(context.credential, shared);
	const done: Try = { outcome: failed('config', 'unexpected', ''), asked: false, called: false };
	try {
		const message = context.delivery.message as Record<string, unknown>;
		channel.check(message);
		done.asked = channel.prepare !== undefined;
		shared = (await channel.prepare?.(io, context.credential)) ?? {};
		done.prepared = shared;
		const own = await channel.prepareRecipient?.(io, context, shared);
		const prepared = { ...shared, ...own };
		const request = requestOf(channel, message, context, prepared);
		done.request = () => redactRequest(request, secrets());
		done.asked = true;
		done.called = true;
		done.outcome = channel.outcome(await perform(io, request, timeoutMs), request);
	} catch (error) {
		done.outcome = fromError(error, done.called);
	}
	const { outcome } = done;
	if (!outcome.ok) {
		// A lost answer is no doubt where the provider recognises the repeat.
		const doubtful = outcome.ambiguous === true && channel.recognisesRepeats?.(context) !== true;
		done.outcome = {
			...outcome,
			message: redact(outcome.message, secrets()),
			ambiguous: doubtful || undefined,
		};
	}
	return done;
}

/** Anything thrown as an outcome. Before the call nothing was sent, so nothing is in doubt. */
function fromError(error: unknown, called: boolean): Failure {
	if (error instanceof OutcomeError) return error.outcome;
	if (error instanceof TransportError) {
		return {
			...failed('retry', error.code, error.message),
			...(called && error.sent ? { ambiguous: true } : {}),
		};
	}
	if (error instanceof ItsmNotifyError)
		return failed(CLASS_OF_CODE[error.code] ?? 'config', error.code, error.message);
	return failed('config', 'unexpected', messageOf(error));
}

const CLASS_OF_CODE: Record<string, Failure['class']> = {
	invalid_payload: 'payload',
	empty_message: 'payload',
	no_address: 'recipient',
	invalid_credential: 'auth',
};

const failed = (kind: Failure['class'], code: string, message: string): Failure => ({
	ok: false,
	class: kind,
	code,
	message,
});

/** The wait before the retry of this run, with jitter; undefined where it would be too long or is of no use. */
function retryWait(outcome: Failure, random: number, max: number): number | undefined {
	if ((outcome.class !== 'retry' && outcome.class !== 'rate') || max <= 0) return undefined;
	const asked = outcome.retryAfterMs;
	if (asked !== undefined)
		return asked > max
			? undefined
			: Math.round(Math.min(asked + random * SPREAD_MS, Math.max(max, asked)));
	return Math.round(Math.min(RETRY_WAIT_MS / 2 + random * RETRY_WAIT_MS, max));
}

/** The last outcome, with what earlier tries left in doubt. */
function summed(tries: readonly Try[], latencyMs: number): Sent {
	const last = tries[tries.length - 1];
	const isDoubtful = tries.some(({ outcome }) => !outcome.ok && outcome.ambiguous === true);
	const outcome = { ...last.outcome };
	if (outcome.ok && isDoubtful) outcome.possiblyDuplicate = true;
	if (!outcome.ok) {
		if (isDoubtful) outcome.ambiguous = true;
		else delete outcome.ambiguous;
	}
	const renewals = tries.filter(
		({ outcome: one }, index) => !one.ok && one.tokenInvalid && index < tries.length - 1,
	).length;
	return {
		outcome,
		attempts: Math.max(tries.filter((one) => one.asked).length - renewals, 0),
		latencyMs,
		// Hiding the secrets of a whole message costs more than anything else here: only for whoever asks.
		get request() {
			return last.request?.();
		},
	};
}

/** An answer where the person asked, an edit of the message that is out, or a message of its own. */
function requestOf(
	channel: Channel,
	message: Record<string, unknown>,
	context: SendContext,
	prepared: Record<string, unknown>,
): ChannelRequest {
	const { confirmation, update_of: updated } = context.delivery;
	const respond = channel.inbound?.respond ?? channel.respond;
	if (confirmation && respond) {
		const { credential, now } = context;
		const answer = respond(confirmation.text, confirmation.reply, {
			credential,
			prepared,
			now,
		});
		// Nobody can be answered there any more: then as a message.
		if (answer) return answer;
	}
	return updated && channel.update
		? channel.update(message, updated.ref, context, prepared)
		: channel.request(message, context, prepared);
}
