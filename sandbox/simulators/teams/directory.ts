import type { RateRule } from '../rate.ts';

export type Json = Record<string, unknown>;

export interface TeamsUser {
	aadObjectId: string;
	name?: string;
	/** False: the app is not installed for this person. */
	installed?: boolean;
}

export interface TeamsConfig {
	appId: string;
	appSecret: string;
	tenantId: string;
	users: TeamsUser[];
	/** Channels and group chats by conversation id. */
	conversations?: Record<string, { name: string; member?: boolean }>;
	/** Flows by the last part of their path, with the channel that they post in. */
	workflows?: Record<string, string>;
	/** Security token of an outgoing webhook (base64). */
	outgoingToken?: string;
	tokenTtlSeconds?: number;
	/** Per conversation. */
	threadRate?: RateRule | null;
	workflowRate?: RateRule | null;
	delayMs?: number;
	now?: () => number;
}

export const THREAD_RATE: RateRule = { count: 2, perMs: 1000, burst: 7 };
export const WORKFLOW_RATE: RateRule = { count: 4, perMs: 1000, burst: 4 };

/** A refusal in Teams' terms: HTTP status and code. */
export class TeamsError extends Error {
	readonly status: number;
	readonly code: string;
	readonly headers?: Record<string, string>;
	constructor(status: number, code: string, message: string, headers?: Record<string, string>) {
		super(message);
		this.status = status;
		this.code = code;
		this.headers = headers;
	}
}

export function refuse(
	status: number,
	code: string,
	message: string,
	headers?: Record<string, string>,
): never {
	throw new TeamsError(status, code, message, headers);
}

export const isObject = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
export const objects = (value: unknown): Json[] =>
	Array.isArray(value) ? value.filter(isObject) : [];
