import type { FailureClass } from '../types';

/** What a code of DingTalk means. `onlyHere`: it says nothing about other messages of the credential. */
export interface Meaning {
	class: FailureClass;
	waitMs?: number;
	tokenInvalid?: boolean;
	onlyHere?: boolean;
}

/** A robot over its 20 a minute is blocked for ten. */
const ROBOT_BLOCK_MS = 600_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/** facts/channels.md §5.1, §5.4: codes of oapi.dingtalk.com. */
const OLD: Array<[Meaning, number[]]> = [
	[{ class: 'retry' }, [-1]],
	[{ class: 'rate', waitMs: ROBOT_BLOCK_MS }, [410100, 130101]],
	[{ class: 'rate', waitMs: SECOND_MS }, [90018, 90030]],
	[{ class: 'auth', tokenInvalid: true }, [40014, 42001, 40001, 41001]],
	[
		{ class: 'config' },
		[310000, 300001, 300005, 400101, 400102, 400106, 88, 40089, 40096, 60011, 33011],
	],
	[{ class: 'recipient' }, [400013, 33012, 40003, 60121, 40021]],
	[{ class: 'payload' }, [40035, 43004, 400105, 430101, 430102, 430103, 430104, 460101, 33007]],
];
const BY_NUMBER = new Map(
	OLD.flatMap(([meaning, codes]) => codes.map((code) => [code, meaning] as const)),
);

/** 90002…90017: quotas of an app, an organisation, an address, by the second or the minute. */
const isQuota = (code: number): boolean => code >= 90002 && code <= 90018;

/** The meaning of an `errcode`; of an unknown one nobody knows whom it concerns. */
export const meaningOf = (code: number): Meaning =>
	BY_NUMBER.get(code) ??
	(isQuota(code) ? { class: 'rate', waitMs: MINUTE_MS } : { class: 'config', onlyHere: true });

/** 310000 has one number for every security setting of a robot: its words tell which. */
export function securityMeaning(words: string): Meaning {
	if (/keyword|关键词/i.test(words)) return { class: 'config', onlyHere: true };
	return { class: /sign/i.test(words) ? 'auth' : 'config' };
}

/** Codes of api.dingtalk.com, the first that fits. */
const NEW: Array<[RegExp, Meaning]> = [
	[
		/InvalidAuthentication|access_?token\.(?:expired|invalid)|invalidAccessToken/i,
		{ class: 'auth', tokenInvalid: true },
	],
	[
		/invalidClientIdOrSecret|invalidClientSecret|invalidAppKey|invalidAppSecret/i,
		{ class: 'auth' },
	],
	[/QpmLimit/i, { class: 'rate', waitMs: MINUTE_MS }],
	[/QpsLimit|qps\.exceed|request\.overlimit|Throttling/i, { class: 'rate', waitMs: SECOND_MS }],
	[/Forbidden\.AccessDenied/i, { class: 'config' }],
	[/staffId|userId/i, { class: 'recipient' }],
	[/openConversationId|conversation|openSpaceId/i, { class: 'recipient' }],
	[/robot|template|callbackRoute/i, { class: 'config' }],
	[/msgParam|msgKey|cardData|outTrackId/i, { class: 'payload' }],
	[/^(?:system|internal|unknown)\.?error|ServiceUnavailable/i, { class: 'retry' }],
	[/param|missing/i, { class: 'payload' }],
];

/** The meaning of a `code` of the new API; undefined where it is unknown. */
export const newMeaningOf = (code: string): Meaning | undefined =>
	NEW.find(([shape]) => shape.test(code))?.[1];
