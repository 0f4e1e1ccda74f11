import { typesOf, type NotificationEvent } from '../events/model';

/** The words by which a type is named in `categories`: the seed's short word first, then the type's full name. */
export const CATEGORIES: Readonly<Record<string, readonly string[]>> = Object.freeze({
	ticket_created: ['created', 'ticket_created'],
	ticket_assigned: ['assigned', 'ticket_assigned'],
	ticket_updated: ['updated', 'ticket_updated'],
	ticket_comment: ['comment', 'ticket_comment'],
	status_update: ['status', 'status_update'],
	ticket_escalated: ['escalated', 'ticket_escalated'],
	ticket_resolved: ['resolved', 'ticket_resolved'],
	ticket_closed: ['closed', 'ticket_closed'],
	ticket_reopened: ['reopened', 'ticket_reopened'],
	sla_breaching: ['sla_breaching'],
	sla_breached: ['sla_breached'],
	approval_requested: ['approval', 'approval_requested'],
	change_scheduled: ['change', 'change_scheduled'],
	system_failure: ['system_failure'],
	security_alert: ['security_alert'],
});

/** What one level says of categories; both lists lower-case. `on` null = says nothing. */
export interface CategoryLevel {
	level: string;
	on: readonly string[] | null;
	off: readonly string[];
}

export interface Wanted {
	wanted: boolean;
	/** Whether a level says off by name (`muted_categories`), rather than by leaving the word out. */
	muted: boolean;
	/** In words, for the item: `category "assigned" is on (user+channel)`. */
	because: string;
}

/** All categories of an event, lower-case: its type's words and `context.category`. */
export function categoriesOf(event: NotificationEvent): string[] {
	const words = typesOf(event).flatMap((type) =>
		Object.hasOwn(CATEGORIES, type) ? CATEGORIES[type] : [type.toLowerCase()],
	);
	const own = event.context.category?.trim().toLowerCase();
	return own ? [...words, own] : words;
}

/**
 * Whether a channel carries an event (RP1): the most specific level that says anything decides; inside it "off" of any
 * matching category wins over "on" of another. A list of categories is a whole list: what it leaves out is off.
 */
export function wants(
	channel: { levels: readonly CategoryLevel[] },
	event: NotificationEvent,
	mandatory: boolean,
): Wanted {
	if (mandatory)
		return { wanted: true, muted: false, because: `type ${event.event_type} is mandatory` };
	const words = categoriesOf(event);
	for (const { level, on, off } of channel.levels) {
		const muted = match(words, off);
		if (muted !== undefined)
			return { wanted: false, muted: true, because: `category "${muted}" is off (${level})` };
		if (on === null) continue;
		const found = match(words, on);
		return found === undefined
			? { wanted: false, muted: false, because: `category "${words[0]}" is not listed (${level})` }
			: { wanted: true, muted: false, because: `category "${found}" is on (${level})` };
	}
	return { wanted: true, muted: false, because: 'no categories are given' };
}

const match = (words: readonly string[], list: readonly string[]): string | undefined =>
	words.find((word) => list.includes(word)) ?? (list.includes('all') ? 'all' : undefined);
