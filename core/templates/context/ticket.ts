import type { Delivery } from '../../events/delivery';
import { labelOf, type Labels } from '../labels';
import { cleanText } from '../text';
import { toInstant } from '../time/instant';
import { personView, withReaderName } from './person';
import { bag, optional, safeCopy, safeUrl, type Bag } from './safe';

/** Fields of `content` that the ticket view names itself; all others are copied as they are. */
const KNOWN = new Set([
	'ticket_id',
	'ticket_title',
	'assignee',
	'priority',
	'description',
	'number',
	'status',
	'previous_status',
	'url',
	'comment',
	'group',
	'requester',
	'watchers',
	'approvers',
]);

const groupName = (group: unknown): string | null => {
	if (typeof group !== 'object' || group === null) return optional(group);
	const { name, id } = group as { name?: unknown; id?: unknown };
	return optional(name) ?? (id === undefined || id === null ? null : optional(String(id)));
};

/** The ticket's address: its own, else the seed's form under the ITSM's address. */
export function ticketUrl(url: unknown, base: string | null, id: string): string | null {
	const own = safeUrl(url);
	if (own) return own;
	return base ? `${base.replace(/\/+$/, '')}/tickets/${encodeURIComponent(cleanText(id))}` : null;
}

/** `ticket` of the context: every known field is there, null where it has no value. */
export function ticketView(
	delivery: Delivery,
	words: Labels,
	base: string | null,
	now: number,
): Bag {
	const { content, context } = delivery.event;
	const extras = bag({}) as Bag;
	const budget = { nodes: 500 };
	for (const [key, value] of Object.entries(content)) {
		if (!KNOWN.has(key)) extras[key] = safeCopy(value, budget);
	}
	const due = toInstant(context.sla_deadline) ?? optional(context.sla_deadline);
	const status = optional(content.status);
	const previous = optional(content.previous_status);
	const comment = content.comment;
	return bag({
		...extras,
		id: content.ticket_id,
		number: optional(content.number) ?? content.ticket_id,
		title: optional(content.ticket_title) ?? words.untitled,
		priority: content.priority,
		priority_label: labelOf(words.priorities, content.priority),
		status,
		status_label: status && labelOf(words.statuses, status),
		previous_status: previous,
		previous_status_label: previous && labelOf(words.statuses, previous),
		description: optional(content.description),
		url: ticketUrl(content.url, base, content.ticket_id),
		comment: comment
			? bag({
					author: withReaderName(personView(comment.author), delivery.recipient),
					text: optional(comment.text),
					public: comment.public ?? true,
				})
			: null,
		group: groupName(content.group),
		requester: withReaderName(personView(content.requester), delivery.recipient),
		due,
		sla_deadline: due,
		overdue: typeof due === 'object' && due !== null && due.ms <= now,
		category: optional(context.category),
		cis: context.related_cis,
		services: context.impacted_services,
	});
}
