import { randomBytes } from 'node:crypto';

import type { RateRule } from '../rate.ts';
import type { MessageKind } from '../record.ts';
import type { DingTalkStream } from './stream.ts';

export type Json = Record<string, unknown>;

export interface DingTalkRobot {
	/** Name of its group. */
	group: string;
	/** `SEC…`; without it no signature is asked for. */
	secret?: string;
	/** At least one of them must stand in every message. */
	keywords?: string[];
}

export interface DingTalkConfig {
	appKey: string;
	appSecret: string;
	agentId: number;
	/** Default: the app key. */
	robotCode?: string;
	corpId?: string;
	users: { userid: string; name?: string }[];
	/** Groups in which the app's robot is: openConversationId -> name. */
	groups?: Record<string, string>;
	/** Custom robots by access token. */
	robots?: Record<string, DingTalkRobot>;
	cardTemplates?: string[];
	/** Event subscription of the app. */
	events?: { token: string; aesKey: string };
	/** A card callback that was registered before, with the callback address. */
	cardRoute?: { routeKey: string; apiSecret: string };
	/** Stream mode: an unanswered frame comes again after so long; absent: never, as the protocol has it. */
	stream?: { redeliverMs?: number };
	tokenTtlSeconds?: number;
	/** Per custom robot; default 20 a minute. */
	robotRate?: RateRule | null;
	/** Per app and interface; default 20 a second. */
	apiRate?: RateRule | null;
	/** Users whose messages are held back (`flowControlledStaffIdList`). */
	flowControlled?: string[];
	delayMs?: number;
	now?: () => number;
}

/** A refusal in the terms of oapi.dingtalk.com (HTTP 200, errcode) or of api.dingtalk.com (HTTP 4xx, code). */
export class DingTalkError extends Error {
	readonly status: number;
	readonly code: number | string;
	constructor(code: number | string, message: string, status = 200) {
		super(message);
		this.code = code;
		this.status = status;
	}
}

export function refuse(errcode: number, errmsg: string): never {
	throw new DingTalkError(errcode, errmsg);
}

export function refuseNew(status: number, code: string, message: string): never {
	throw new DingTalkError(code, message, status);
}

export interface SentCard {
	outTrackId: string;
	to: string;
	routeKey?: string;
	body: Json;
}

export interface SentNotice {
	userid: string;
	outcome: 'unread' | 'invalid' | 'forbidden';
	code?: string;
}

export interface DingTalkState {
	config: DingTalkConfig;
	now(): number;
	/** A time as it is signed; no two are the same, as no two people press in the same millisecond. */
	stamp(now: number): string;
	robotWait(token: string): number;
	apiWait(api: string): number;
	tokens: Tokens;
	stream: DingTalkStream;
	cards: Map<string, SentCard>;
	/** Route key -> where the presses go. */
	routes: Map<string, { url?: string; apiSecret: string }>;
	notices: Map<string, SentNotice>;
	/** What each person was told today, by content. */
	today: Map<string, number>;
	sessions: Map<string, { to: string; until: number }>;
	record(kind: MessageKind, ref: string, to: string[], sender: string, body: Json): void;
	dropped(to: string[], why: string, body: Json): void;
}

export interface Tokens {
	issue(): { token: string; expiresIn: number };
	isValid(token: string | null | undefined): boolean;
	voidAll(): void;
}

export const randomId = (count = 16): string => randomBytes(count).toString('base64url');

/** One token per app, the same one until it expires. */
export function createTokens(config: DingTalkConfig, now: () => number): Tokens {
	const life = (config.tokenTtlSeconds ?? 7200) * 1000;
	let current: { token: string; until: number } | undefined;
	return {
		issue() {
			if (current === undefined || current.until <= now())
				current = { token: randomId(24), until: now() + life };
			return {
				token: current.token,
				expiresIn: Math.round((current.until - now()) / 1000),
			};
		},
		isValid: (token) => current !== undefined && token === current.token && current.until > now(),
		voidAll() {
			current = undefined;
		},
	};
}

export const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
export const str = (value: unknown): string => (typeof value === 'string' ? value : '');
export const obj = (value: unknown): Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(obj) : []);
