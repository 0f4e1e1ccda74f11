import type { RateRule } from '../rate.ts';

export interface WeComUser {
	userid: string;
	name?: string;
}

export interface WeComConfig {
	corpId: string;
	secret: string;
	agentId: number;
	users: WeComUser[];
	parties?: string[];
	tags?: string[];
	/** Keys of group robots, with the name of their group. */
	robots?: Record<string, string>;
	/** Token and key of the callback URL; the inbox signs and encrypts with them. */
	callback?: { token: string; encodingAesKey: string };
	tokenTtlSeconds?: number;
	/** Per robot; default 20 a minute. */
	robotRate?: RateRule | null;
	/** Per member; what is over it is dropped in silence. Default 30 a minute. */
	memberRate?: RateRule | null;
	/** What a `task_id` used before brings: an error, or errcode 0 and no message, as was also seen. */
	repeatedTaskId?: 'refuse' | 'drop';
	delayMs?: number;
	now?: () => number;
}

export const ROBOT_RATE: RateRule = { count: 20, perMs: 60_000, burst: 20 };
export const MEMBER_RATE: RateRule = { count: 30, perMs: 60_000, burst: 30 };

/** A refusal in WeCom's terms. */
export class WeComError extends Error {
	readonly errcode: number;
	constructor(errcode: number, errmsg: string) {
		super(errmsg);
		this.errcode = errcode;
	}
}

export function refuse(errcode: number, errmsg: string): never {
	throw new WeComError(errcode, errmsg);
}

export type Json = Record<string, unknown>;

export const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

export function record(value: unknown, name: string): Json {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		refuse(40058, `${name} missing or not an object. invalid Request Parameter`);
	}
	return value as Json;
}

const splitIds = (value: unknown): string[] =>
	String(value ?? '')
		.split('|')
		.map((id) => id.trim())
		.filter(Boolean);

export interface Receivers {
	users: string[];
	invalidUsers: string[];
	invalidParties: string[];
	invalidTags: string[];
}

/** Whom a message reaches; 81013 where nobody. */
export function findReceivers(config: WeComConfig, body: Json): Receivers {
	const all = config.users.map((user) => user.userid);
	if (body['touser'] === '@all') {
		return { users: all, invalidUsers: [], invalidParties: [], invalidTags: [] };
	}
	const [users, parties, tags] = [
		splitIds(body['touser']),
		splitIds(body['toparty']),
		splitIds(body['totag']),
	];
	if (users.length > 1000) refuse(40031, 'invalid userid list: more than 1000');
	if (parties.length > 100) refuse(40066, 'invalid party list: more than 100');
	if (tags.length > 100) refuse(40068, 'invalid tagid: more than 100');
	// User ids are not case-sensitive at WeCom.
	const known = new Map(all.map((id) => [id.toLowerCase(), id]));
	const missing = (given: string[], valid: string[] = []): string[] =>
		given.filter((id) => !valid.includes(id));
	const found = [...new Set(users.flatMap((id) => known.get(id.toLowerCase()) ?? []))];
	const invalidUsers = users.filter((id) => !known.has(id.toLowerCase()));
	const invalidParties = missing(parties, config.parties);
	const invalidTags = missing(tags, config.tags);
	const isReached =
		found.length + (parties.length - invalidParties.length) + (tags.length - invalidTags.length) >
		0;
	if (!isReached) refuse(81013, 'user & party & tag all invalid');
	return { users: found, invalidUsers, invalidParties, invalidTags };
}
