import type { Delivery, DigestEntry } from '../../events/delivery';
import { labelOf, type Labels } from '../labels';
import { severityOf } from '../severity';
import { ticketUrl } from './ticket';
import { bag, optional, safeCopy, type Bag } from './safe';

function entryView(entry: DigestEntry, words: Labels, base: string | null): Bag {
	const status = optional(entry.status);
	const priority = optional(entry.priority);
	const type = optional(entry.event_type);
	const statusLabel = status && labelOf(words.statuses, status);
	const priorityLabel = priority && labelOf(words.priorities, priority);
	const typeLabel = type && labelOf(words.event_types, type);
	const phrase = priorityLabel && words.priority_phrase.replace('#', () => priorityLabel);
	return bag({
		...(safeCopy(entry) as Bag),
		number: optional(entry.number) ?? entry.ticket_id,
		title: optional(entry.title) ?? words.untitled,
		status,
		status_label: statusLabel,
		priority,
		priority_label: priorityLabel,
		event_type: type,
		type_label: typeLabel,
		/** "Comment · In progress · High priority": what is known, each word once. */
		summary: [...new Set([typeLabel, statusLabel, phrase])].filter(Boolean).join(' · '),
		text: optional(entry.text),
		url: ticketUrl(entry.url, base, entry.ticket_id),
		severity: severityOf(entry),
	});
}

/** `digest` of the context: the first `limit` entries and the true total; null where it is no digest. */
export function digestView(
	delivery: Delivery,
	words: Labels,
	base: string | null,
	limit: number,
): Bag | null {
	const { digest } = delivery;
	if (!digest) return null;
	const total = Math.max(digest.total, digest.entries.length);
	const entries = digest.entries.slice(0, limit).map((entry) => entryView(entry, words, base));
	return bag({
		id: digest.id,
		entries,
		total,
		shown: entries.length,
		more: total - entries.length,
		/** How many events it accounts for; one ticket may have several. */
		events: Math.max(digest.event_ids.length, total),
		single: total === 1,
		first: entries[0] ?? null,
		url: base,
	});
}
