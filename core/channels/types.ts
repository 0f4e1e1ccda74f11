import type { ChannelId, Delivery } from '../events/delivery';
import type { Card } from './card';
import type { FollowUp, Inbound } from './inbound';
import type { Stream } from './stream/types';

/** What a provider's answer means for the delivery (facts/channels.md, error classes). */
export type FailureClass = 'retry' | 'rate' | 'auth' | 'recipient' | 'config' | 'payload';

export type Outcome =
	| {
			ok: true;
			/** `delivered` only where the provider says so; else `sent`. */
			status: 'sent' | 'delivered';
			providerMessageId?: string;
			/** What a later update in place needs: `{channel, ts}`, `{response_code}`, … Kept in the ledger. */
			ref?: Record<string, unknown>;
			/** Addresses of the person that will never work again, beside those that did: to be taken off the document. */
			deadAddresses?: string[];
			/** An earlier try of this run may have arrived too, and the provider does not recognise repeats. */
			possiblyDuplicate?: boolean;
	  }
	| {
			ok: false;
			class: FailureClass;
			/** The provider's own code, or `timeout`, `connection_reset`, `http_503`. Stable. */
			code: string;
			message: string;
			/** The provider's own wait. */
			retryAfterMs?: number;
			/** True where the provider may have taken the message (time-out after the request was written). */
			ambiguous?: boolean;
			/** True where a fresh access token is worth one more try. */
			tokenInvalid?: boolean;
			/** Addresses of the person that will never work again: to be taken off the document. */
			deadAddresses?: string[];
			/** True where only this recipient or conversation is concerned: the credential works for others. */
			onlyHere?: boolean;
	  };

export type Failure = Extract<Outcome, { ok: false }>;

export interface HttpRequest {
	kind: 'http';
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	url: string;
	headers?: Record<string, string>;
	/** An object goes out as JSON in UTF-8, a string or bytes as they are. */
	body?: Record<string, unknown> | string | Uint8Array;
	/** `h2` where the provider speaks HTTP/2 only. */
	protocol?: 'h2';
}

export interface HttpResponse {
	status: number;
	headers: Record<string, string | undefined>;
	/** Parsed JSON where the body was JSON, else the text. */
	body: unknown;
}

export interface SmtpRequest {
	kind: 'smtp';
	/** nodemailer transport options (host, port, secure, auth, tls). */
	transport: Record<string, unknown>;
	/** nodemailer message. */
	mail: Record<string, unknown>;
	/** Logs in and sends nothing (a credential test). */
	verifyOnly?: boolean;
}

export interface SmtpResponse {
	accepted: string[];
	rejected: string[];
	response: string;
	messageId: string;
}

/** A message that is kept in our own store, for an app to show. */
export interface StoreRequest {
	kind: 'store';
	/** `put`: an entry that is there stays. `update`: the entry's words are replaced. */
	operation: 'put' | 'update';
	entry: {
		delivery_id: string;
		user_id: string;
		ticket_key: string;
		title: string;
		severity: string;
		payload: Record<string, unknown>;
		test: boolean;
	};
}

export interface StoreResponse {
	/** `missing`: there was nothing to update. */
	stored: 'new' | 'known' | 'updated' | 'missing';
}

/** One message for several addresses of one person, each by a call of its own. */
export interface BatchRequest {
	kind: 'batch';
	/** `about` comes back with the answer: whom the call concerns. No secrets. */
	calls: Array<{ request: HttpRequest; about: Record<string, unknown> }>;
}

export interface BatchResponse {
	/** In the order of the calls. */
	answers: Array<
		{ about: Record<string, unknown> } & (
			| { response: HttpResponse; error?: undefined }
			| { error: TransportError; response?: undefined }
		)
	>;
}

export type ChannelRequest = HttpRequest | SmtpRequest | StoreRequest | BatchRequest;
export type ChannelResponse = HttpResponse | SmtpResponse | StoreResponse | BatchResponse;

/** The outside world, passed in: nodes give n8n's request helpers, tests a fake. Calls throw TransportError. */
export interface ChannelIo {
	http(request: HttpRequest, options: { timeoutMs: number }): Promise<HttpResponse>;
	smtp(request: SmtpRequest, options: { timeoutMs: number }): Promise<SmtpResponse>;
	/** As `http`, over HTTP/2. Absent where no such call can be made. */
	http2?(request: HttpRequest, options: { timeoutMs: number }): Promise<HttpResponse>;
	/** Our own store. Absent where there is none (a credential test). */
	store?(request: StoreRequest): Promise<StoreResponse>;
	now(): Date;
	random(): number;
	sleep(ms: number): Promise<void>;
	tokens: TokenCache;
}

/** No answer came: `sent` tells whether the request may have reached the provider. */
export class TransportError extends Error {
	constructor(
		readonly code: string,
		message: string,
		readonly sent: boolean,
	) {
		super(message);
		this.name = 'TransportError';
	}
}

/** Access tokens per credential, renewed shortly before they expire, one renewal at a time. */
export interface TokenCache {
	get(key: string, renew: () => Promise<{ token: string; expiresInMs: number }>): Promise<string>;
	/** With `token`: only where that one is still cached, so that a fresh one of another caller stays. */
	drop(key: string, token?: string): void;
}

export type Credential = Record<string, unknown>;

/** What a send needs beyond the message: who it is for and how the provider is told it is the same message. */
export interface SendContext {
	delivery: Delivery;
	credential: Credential;
	/** Base for links and mail ids, from the store or the credential. */
	publicUrl?: string;
	/** Presses come over a connection that the Interaction Trigger holds, not by calls to an address. */
	streamed?: boolean;
	/** The mailbox whose answers are read, and the key that signs its plus-addresses. */
	replyTo?: { address: string; key: string };
	/** What a ConversationCall stored for this address. */
	conversation?: Record<string, unknown>;
	now: Date;
}

/** `count` messages come back per `perMs`; `burst` may go at once (default `count`). */
export interface RateLimit {
	count: number;
	perMs: number;
	burst?: number;
}

export interface ChannelRate {
	perCredential?: RateLimit;
	perRecipient?: RateLimit;
}

export interface ChannelLimits {
	unit: 'bytes' | 'chars';
	/** Limit of the main text, in `unit`. */
	text: number;
	title?: number;
	/** Whole payload, UTF-8 bytes of its JSON, where the provider has such a limit. */
	payloadBytes?: number;
	buttons: number;
	/** Messages per window that the provider allows: per credential or per recipient. */
	rate: ChannelRate;
	/** Digest lines that are drawn before "+M more". */
	digestEntries: number;
	/** People written to side by side, where the provider bears fewer than usual. */
	atOnce?: number;
}

/** One channel: everything that differs between senders. Pure but for `prepare`. */
export interface Channel {
	id: ChannelId;
	/** Human name: "Slack", "Email", "WeCom". */
	name: string;
	limits: ChannelLimits;
	/** Limits of this credential's way of sending, where they differ from `limits.rate` (a group robot, a webhook). */
	rate?(credential: Credential): ChannelRate;
	/** True where the provider recognises a repeated delivery, so that a retry after a lost answer sends no second message. */
	recognisesRepeats?(context: SendContext): boolean;
	/** Escapes outside text for this channel's markup. */
	escape(text: string): string;
	/** The address in the recipient's channel document, or undefined where it is missing. Also used as the display form. */
	address(document: Record<string, unknown>): string | undefined;
	/** Neutral card -> channel payload, cut to the channel's limits. */
	draw(card: Card): Record<string, unknown>;
	/** A template's raw, rendered channel part (`{subject, body}`, `{text, blocks}`, …) -> channel payload. Throws ItsmNotifyError `empty_message`. */
	raw(document: Record<string, unknown>): Record<string, unknown>;
	/** One line of plain text that stands for the payload (inbox, logs, tests). */
	summary(payload: Record<string, unknown>): string;
	/** Throws ItsmNotifyError `invalid_payload` naming what the provider would refuse. */
	check(payload: Record<string, unknown>): void;
	/** Fetches what a send needs first (an access token). Failure is an Outcome thrown as OutcomeError. */
	prepare?(io: ChannelIo, credential: Credential): Promise<Record<string, unknown>>;
	/** Opens what a send to this recipient needs first (a chat); its result joins that of `prepare`. Throws OutcomeError. */
	prepareRecipient?(
		io: ChannelIo,
		context: SendContext,
		prepared: Record<string, unknown>,
	): Promise<Record<string, unknown>>;
	/** Where the token of `prepare` is cached, so that a "token invalid" answer can drop it: that of this failure. */
	tokenKey?(credential: Credential, failure?: Failure): string;
	request(
		payload: Record<string, unknown>,
		context: SendContext,
		prepared: Record<string, unknown>,
	): ChannelRequest;
	outcome(response: ChannelResponse, request: ChannelRequest): Outcome;
	/** Edit of a message that was sent (issue-wise later; ref as recorded). */
	update?(
		payload: Record<string, unknown>,
		ref: Record<string, unknown>,
		context: SendContext,
		prepared: Record<string, unknown>,
	): ChannelRequest;
	/** A request that asks the provider whether the credential works, without sending anything. */
	probe?(credential: Credential, prepared: Record<string, unknown>): ChannelRequest | undefined;
	/**
	 * How people answer a message that goes out by this credential: a pressed button calls back (`callback`), a button is
	 * a signed link (`link`), only a text can come back (`reply`), or nothing can (`none`: fixed templates). Absent: `link`.
	 */
	answers?(credential: Credential, connection?: { streamed: boolean }): Answers;
	/** False where a pressed button cannot bring what was typed: a button that asks for words opens a signed page then. */
	takesWords?: false;
	/** The provider's calls to us. */
	inbound?: Inbound;
	/** The same calls over a connection that we open. */
	stream?: Stream;
	/** As `inbound.respond`, where answers come another way than by the provider's calls (mail). */
	respond?: Inbound['respond'];
	/** Asks after a sent message: what the provider tells later about its delivery. Absent where it never tells or calls us. */
	followUp?: FollowUp;
}

export type Answers = 'callback' | 'link' | 'reply' | 'none';

/** Thrown by `prepare` where the provider refuses. */
export class OutcomeError extends Error {
	constructor(readonly outcome: Failure) {
		super(outcome.message);
		this.name = 'OutcomeError';
	}
}
