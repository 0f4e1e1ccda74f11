import type { RateRule } from '../rate.ts';

export type Json = Record<string, unknown>;

export interface FeishuUser {
	open_id: string;
	union_id?: string;
	user_id?: string;
	email?: string;
	name?: string;
	/** Left the company, or is outside of the app's availability, or has stopped the bot. */
	state?: 'resigned' | 'unavailable' | 'stopped';
}

export interface FeishuChat {
	chat_id: string;
	name: string;
	/** False: the bot was not added. */
	bot?: boolean;
	dissolved?: boolean;
}

export interface FeishuRobot {
	/** Name of its group. */
	group: string;
	secret?: string;
	/** Messages without it are refused. */
	keyword?: string;
}

export interface FeishuConfig {
	appId: string;
	appSecret: string;
	users: FeishuUser[];
	chats?: FeishuChat[];
	/** Custom bots by the last part of their webhook. */
	robots?: Record<string, FeishuRobot>;
	/** How calls to us are proved; `url` may be set later. */
	callback?: { encryptKey?: string; verificationToken: string; url?: string };
	/** Of the long connection; absent values as Feishu has them. */
	stream?: {
		/** A call comes in so many frames. */
		parts?: number;
		patienceMs?: number;
		redeliverMs?: number;
		maxConnections?: number;
		/** `PingInterval`, `ReconnectNonce`, … in seconds. */
		clientConfig?: Json;
	};
	tokenTtlSeconds?: number;
	appRate?: RateRule | null;
	userRate?: RateRule | null;
	robotRate?: RateRule | null;
	delayMs?: number;
	now?: () => number;
}

export const APP_RATE: RateRule = { count: 1000, perMs: 60_000, burst: 50 };
export const USER_RATE: RateRule = { count: 5, perMs: 1000, burst: 5 };
export const ROBOT_RATE: RateRule = { count: 100, perMs: 60_000, burst: 5 };

/** A refusal in Feishu's terms: HTTP status and code. */
export class FeishuError extends Error {
	readonly code: number;
	readonly status: number;
	readonly headers?: Record<string, string>;
	constructor(code: number, msg: string, status: number, headers?: Record<string, string>) {
		super(msg);
		this.code = code;
		this.status = status;
		this.headers = headers;
	}
}

export function refuse(
	code: number,
	msg: string,
	status = 400,
	headers?: Record<string, string>,
): never {
	throw new FeishuError(code, msg, status, headers);
}

export const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
export const isObject = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const ID_TYPES = ['open_id', 'union_id', 'user_id', 'email', 'chat_id'] as const;

/** Whom a message reaches, by the name that the inbox knows, and what its pace counts by. */
export function receiverOf(
	config: FeishuConfig,
	type: string | null,
	id: unknown,
): { to: string; chatId: string; user?: FeishuUser } {
	if (!ID_TYPES.includes(type as never))
		refuse(99992402, 'field validation failed: receive_id_type');
	if (typeof id !== 'string' || id === '')
		refuse(230001, 'Your request contains an invalid request parameter: receive_id');
	if (type === 'chat_id') {
		const chat = config.chats?.find((one) => one.chat_id === id);
		if (chat === undefined) refuse(230034, 'The receive_id is invalid');
		if (chat.dissolved)
			refuse(232009, 'Your request specifies a chat which has already been dissolved');
		if (chat.bot === false) refuse(230002, 'Bot/User can NOT be out of the chat.');
		return { to: chat.chat_id, chatId: chat.chat_id };
	}
	const user = config.users.find((one) => one[type as 'open_id'] === id);
	if (user === undefined) {
		if (type === 'open_id' && !id.startsWith('ou_'))
			refuse(99992351, 'The request you send is not a valid {open_id} or not exists');
		refuse(230034, 'The receive_id is invalid');
	}
	if (user.state === 'resigned') refuse(230029, 'User has resigned');
	if (user.state === 'unavailable') refuse(230013, 'Bot has NO availability to this user.');
	if (user.state === 'stopped')
		refuse(230053, 'The user has stopped the bot from sending messages');
	return { to: user.open_id, chatId: `oc_p2p_${user.open_id.slice(3)}`, user };
}
