import type { RateRule } from '../rate.ts';

export interface SlackUser {
	id: string;
	name?: string;
	email?: string;
	deleted?: boolean;
}

export interface SlackChannel {
	id: string;
	name: string;
	archived?: boolean;
	/** False: the app was not invited. */
	member?: boolean;
}

export interface SlackConfig {
	/** The bot token that is accepted. */
	token: string;
	/** Secret of the callbacks; the inbox signs with it. */
	signingSecret?: string;
	team?: { id: string; name: string };
	bot?: { userId: string; botId: string; name: string };
	users: SlackUser[];
	channels?: SlackChannel[];
	/** Path of an incoming webhook (`/services/T…/B…/X…`) to the channel id that it posts in. */
	webhooks?: Record<string, string>;
	scopes?: string[];
	/** Per conversation; null switches it off. Default 1 a second, bursts of 10. */
	rate?: RateRule | null;
	delayMs?: number;
	/** Of response_urls. */
	now?: () => number;
}

export const DEFAULT_RATE: RateRule = { count: 1, perMs: 1000, burst: 10 };
export const DEFAULT_SCOPES = ['chat:write', 'im:write', 'users:read', 'users:read.email'];

export interface Target {
	/** Id of the conversation: `C…`, or `D…` for a person. */
	id: string;
	/** Whom it reaches, in the terms of a preference document. */
	to: string;
}

/** The direct conversation with a person: same tail, other letter. */
export const directId = (userId: string): string => `D${userId.slice(1)}`;

/** The conversation that `channel` means, or Slack's error code. */
export function findTarget(config: SlackConfig, channel: string, idOnly = false): Target | string {
	const user = config.users.find((entry) => entry.id === channel || directId(entry.id) === channel);
	if (user !== undefined) {
		if (idOnly && user.id === channel) return 'channel_not_found';
		return user.deleted ? 'user_disabled' : { id: directId(user.id), to: user.id };
	}
	const name = channel.replace(/^#/, '');
	const found = config.channels?.find(
		(entry) => entry.id === channel || (!idOnly && entry.name === name),
	);
	if (found === undefined) return 'channel_not_found';
	if (found.archived) return 'is_archived';
	if (found.member === false) return 'not_in_channel';
	return { id: found.id, to: found.id };
}
