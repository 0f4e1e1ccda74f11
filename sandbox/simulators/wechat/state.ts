export type Json = Record<string, unknown>;

export interface WeChatTemplate {
	title: string;
	/** What the template shows, in order: `{key: 'thing2', label: '工单标题'}`. */
	keys: { key: string; label: string }[];
}

export interface WeChatConfig {
	appId: string;
	appSecret: string;
	/** The account's own id (gh_…). */
	account?: string;
	name?: string;
	followers: { openid: string; name?: string }[];
	/** Were followers once. */
	gone?: string[];
	templates: Record<string, WeChatTemplate>;
	/** Server configuration; with a key calls are encrypted (safe mode). */
	callback?: { token: string; encodingAesKey?: string; url?: string };
	/** Sends `TEMPLATESENDJOBFINISH` by itself after each message, as WeChat does. */
	finishes?: boolean;
	tokenTtlSeconds?: number;
	delayMs?: number;
	now?: () => number;
}

export class WeChatError extends Error {
	readonly errcode: number;
	constructor(errcode: number, errmsg: string) {
		super(errmsg);
		this.errcode = errcode;
	}
}

export function refuse(errcode: number, errmsg: string): never {
	throw new WeChatError(errcode, errmsg);
}

export const str = (value: unknown): string => (typeof value === 'string' ? value : '');
export const obj = (value: unknown): Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
