import { randomBytes } from 'node:crypto';

import type { MessageKind } from '../record.ts';
import type { Json, WeComConfig } from './directory.ts';
import { refuse } from './directory.ts';

const CODE_LIFE_MS = 72 * 3600_000;

export interface SentCard {
	msgid: string;
	users: string[];
	body: Json;
	/** Its buttons were replaced by a word. */
	greyed?: boolean;
}

export interface WeComState {
	config: WeComConfig;
	now(): number;
	token(): { token: string; expiresIn: number };
	checkToken(token: string | null): void;
	/** Makes every token stop working, as WeCom may do at any time. */
	voidTokens(): void;
	sent: Map<string, SentCard>;
	taskIds: Set<string>;
	duplicates: Map<string, { msgid: string; until: number }>;
	/** A code with which a card may be updated once. */
	responseCode(msgid: string): string;
	/** The card of a code, which is then used up. */
	spend(code: string): SentCard;
	robotWait(key: string): number;
	memberWait(userid: string): number;
	record(kind: MessageKind, msgid: string, to: string[], body: Json): void;
	/** A message that WeCom accepts and does not deliver. */
	dropped(to: string[], why: string, body: Json): void;
}

const id = (): string => randomBytes(24).toString('base64url');

type Tokens = Pick<WeComState, 'token' | 'checkToken' | 'voidTokens'>;

/** One token per app, the same one until it expires. */
export function createTokens(config: WeComConfig, now: () => number): Tokens {
	const life = (config.tokenTtlSeconds ?? 7200) * 1000;
	const issued = new Map<string, number>();
	let current: string | undefined;
	return {
		token() {
			const until = current === undefined ? 0 : (issued.get(current) ?? 0);
			if (current === undefined || until <= now()) {
				current = id();
				issued.set(current, now() + life);
			}
			return { token: current, expiresIn: Math.round((issued.get(current)! - now()) / 1000) };
		},
		checkToken(token) {
			if (token === null || token === '') refuse(41001, 'access_token missing');
			const until = issued.get(token);
			if (until === undefined) refuse(40014, 'invalid access_token');
			if (until <= now()) refuse(42001, 'access_token expired');
		},
		voidTokens() {
			issued.clear();
			current = undefined;
		},
	};
}

type Codes = Pick<WeComState, 'responseCode' | 'spend'>;

/** Each response code works once, within 72 hours. */
export function createCodes(sent: Map<string, SentCard>, now: () => number): Codes {
	const codes = new Map<string, { msgid: string; until: number }>();
	return {
		responseCode(msgid) {
			const code = id();
			codes.set(code, { msgid, until: now() + CODE_LIFE_MS });
			return code;
		},
		spend(code) {
			const found = codes.get(code);
			codes.delete(code);
			const card = found && found.until > now() ? sent.get(found.msgid) : undefined;
			if (card === undefined)
				refuse(40058, 'response_code used, expired or unknown. invalid Request Parameter');
			return card;
		},
	};
}
