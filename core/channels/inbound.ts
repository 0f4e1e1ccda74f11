import type { ChannelIo, ChannelRequest, Credential, HttpResponse } from './types';

/** A provider's call as it arrived. Header names are lower case. */
export interface InboundRequest {
	method: 'GET' | 'POST';
	headers: Record<string, string | undefined>;
	query: Record<string, string>;
	/** The bytes as they came: signatures are over these. Empty on a GET. */
	rawBody: Uint8Array;
	/** The public URL that was called, with its query (Twilio signs it). */
	url: string;
}

/** What the provider is answered, inside its time and before anything is done. */
export interface InboundAnswer {
	status: number;
	headers?: Record<string, string>;
	body: string;
}

/** How the person can be answered later: the channel's own document (`response_url`, `message_id`, …); no secrets. */
export type Reply = Record<string, unknown>;

interface CallBase {
	/** The same for every repeat of this call by the provider, different for every other one. */
	replayKey: string;
	/** The sender as the channel names people (the value of its address field). */
	channelUserId: string;
	/** More of the channel's ids of that person, tried in turn (open_id, union_id, mail). */
	channelUserIds?: string[];
	conversationId?: string;
	reply: Reply;
}

/** A pressed button. */
export interface PressCall extends CallBase {
	type: 'press';
	/** The button's value as we sent it: our signed token. */
	value: string;
	/** What was typed or chosen with it: `comment`, … */
	parameters?: Record<string, string>;
	/** Id of the message that carries the button, as recorded at sending. */
	providerMessageId?: string;
}

/** A text that a person wrote: a command, perhaps. */
export interface TextCall extends CallBase {
	type: 'text';
	/** Plain text without mentions of the bot. */
	text: string;
	/** The message that it answers, as recorded at sending. */
	inReplyTo?: string;
}

/** What became of a message (status callbacks, delivery events, bounces). */
export interface StatusCall {
	type: 'status';
	replayKey: string;
	providerMessageId: string;
	/** Where only some recipients of the message are meant: their addresses. */
	recipient?: string;
	status: 'delivered' | 'read' | 'failed';
	code?: string;
	message?: string;
	/** The address will never work: the next delivery takes another channel. */
	deadAddress?: boolean;
}

/** Where a person or team can be reached from now on (a bot was installed): kept in the store under `key`. */
export interface ConversationCall {
	type: 'conversation';
	replayKey: string;
	/** The address values that this conversation serves (AAD object id, conversation id). */
	keys: string[];
	/** What a send needs: `{serviceUrl, conversationId, tenantId}`; undefined: it is gone. */
	value: Record<string, unknown> | undefined;
}

export type InboundCall = PressCall | TextCall | StatusCall | ConversationCall;

export type InboundResult =
	/** A handshake, or a call that concerns nobody: answered, nothing follows. */
	| { kind: 'answered'; answer: InboundAnswer }
	/** Not genuine: `code` is for the log, the caller learns only the status. */
	| { kind: 'refused'; status: 400 | 401 | 403; code: string }
	| { kind: 'calls'; calls: InboundCall[]; answer: InboundAnswer };

export interface InboundContext {
	credential: Credential;
	now: Date;
	/** Fresh random bytes. */
	random(count: number): Uint8Array;
	/** For keys that the provider publishes (Teams); calls through it are cached by the channel. */
	io: Pick<ChannelIo, 'http' | 'now' | 'tokens'>;
}

/** What a channel does with a provider's call. Pure but for published keys. */
export interface Inbound {
	/**
	 * Verifies over the raw bytes, then parses. Missing, blank, wrong or stale proof is `refused` with 401; a credential
	 * without the secret that it takes is `refused` too. Never throws for what a stranger can send.
	 */
	receive(request: InboundRequest, context: InboundContext): Promise<InboundResult> | InboundResult;
	/**
	 * A plain text back to the person, privately where the channel can: how a command is confirmed or denied.
	 * Undefined where `reply` has no way left (expired).
	 */
	respond(
		text: string,
		reply: Reply,
		context: { credential: Credential; prepared: Record<string, unknown>; now: Date },
	): ChannelRequest | undefined;
}

/** Asks the provider what became of a message that it accepted. */
export interface FollowUp {
	/** Seconds after sending at which asking makes sense, rising. */
	afterSeconds: readonly number[];
	request(
		ref: Record<string, unknown>,
		context: { credential: Credential; prepared: Record<string, unknown> },
	): ChannelRequest;
	/** Undefined: not known yet. */
	read(
		response: HttpResponse,
	): Omit<StatusCall, 'type' | 'replayKey' | 'providerMessageId'> | undefined;
}
