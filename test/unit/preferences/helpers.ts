import type { NotificationEvent } from '../../../core/events/model';
import { parseEvent } from '../../../core/events/validate';
import { parsePolicy } from '../../../core/preferences/policy';
import { resolveEvents, type ResolveResult } from '../../../core/preferences/resolve';
import { CHANNEL_IDS } from '../../../core/events/delivery';
import { preferenceKeys } from '../../../core/store/keys';
import type { StoredPreference } from '../../../core/store/types';

export const NOW = new Date('2027-03-01T10:00:00Z');

/** The seed's own preference document, to the letter. */
export const SEED = {
	user_id: 'user-001',
	username: 'john.doe',
	notification_preferences: {
		channels: ['email', 'wechat'],
		email: {
			address: 'john.doe@company.com',
			frequency: 'immediate',
			categories: ['assigned', 'updated', 'resolved'],
		},
		wechat: {
			openid: 'wechat-openid-12345',
			frequency: 'immediate',
			categories: ['assigned', 'escalated'],
		},
		dingtalk: {
			userid: 'dingtalk-user-67890',
			frequency: 'batch',
			batch_time: '09:00,14:00,17:00',
			categories: ['all'],
		},
		slack: {
			userid: 'slack-user-abcde',
			frequency: 'immediate',
			categories: ['assigned', 'escalated', 'resolved'],
		},
	},
	timezone: 'Asia/Shanghai',
	language: 'zh-CN',
};

export type Document = Record<string, unknown>;

/** Somebody with mail and Slack for everything. */
export const person = (user_id: string, more: Document = {}): Document => ({
	user_id,
	username: `${user_id}.name`,
	notification_preferences: {
		channels: ['slack', 'email'],
		slack: { userid: `U-${user_id}` },
		email: { address: `${user_id}@example.org` },
	},
	timezone: 'UTC',
	...more,
});

export const event = (
	type: string,
	content: Document = {},
	more: Document = {},
): NotificationEvent =>
	parseEvent({
		event_id: `e-${type}`,
		event_type: type,
		timestamp: NOW.toISOString(),
		source: 'jira',
		content: { ticket_id: 'T-1', ...content },
		...more,
	});

/** Answers find() from documents and counts how often it is asked. */
export class FakePreferences {
	readonly calls: string[][] = [];
	private readonly rows = new Map<string, StoredPreference[]>();

	constructor(documents: Document[]) {
		for (const document of documents) {
			for (const key of preferenceKeys(document)) {
				this.rows.set(key, [
					...(this.rows.get(key) ?? []),
					{ user_id: String(document.user_id), document, updated_at: NOW.toISOString() },
				]);
			}
		}
	}

	async find(keys: readonly string[]): Promise<Array<StoredPreference & { key: string }>> {
		this.calls.push([...keys]);
		return [...new Set(keys)].flatMap((key) =>
			(this.rows.get(key) ?? []).map((row) => ({ ...row, key })),
		);
	}
}

export interface Resolved extends ResolveResult {
	/** `user/role/channel` of every delivery. */
	got: string[];
	/** `user or name/reason` of everybody who gets nothing. */
	left: string[];
	queries: number;
}

export async function resolve(
	events: NotificationEvent | NotificationEvent[],
	documents: Document[],
	policy: unknown = {},
	knownChannels: readonly string[] = CHANNEL_IDS,
): Promise<Resolved> {
	const preferences = new FakePreferences(documents);
	const result = await resolveEvents([events].flat(), {
		store: { preferences },
		policy: parsePolicy(policy),
		now: NOW,
		knownChannels,
	});
	return {
		...result,
		got: result.deliveries.map((d) => `${d.recipient.user_id}/${d.recipient.role}/${d.channel}`),
		left: result.noRoute.map((n) => `${n.recipient.user_id ?? n.recipient.name ?? ''}/${n.reason}`),
		queries: preferences.calls.length,
	};
}
