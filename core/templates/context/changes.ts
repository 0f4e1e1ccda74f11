import type { NotificationEvent } from '../../events/model';
import { labelOf, type Labels } from '../labels';
import { personView } from './person';
import { bag, optional, type Bag } from './safe';

const MAX_CHANGES = 50;

/** A changed value as text: codes in the reader's language, people and records by name. */
function valueText(field: string, value: unknown, words: Labels): string | null {
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	if (typeof value === 'object' && value !== null) {
		const { id, login, email, name } = value as Record<string, string | undefined>;
		return personView({ id, login, email, name })?.name ?? null;
	}
	const text = optional(value);
	if (text === null) return null;
	if (field === 'priority' && Object.hasOwn(words.priorities, text)) return words.priorities[text];
	if (field === 'status' && Object.hasOwn(words.statuses, text)) return words.statuses[text];
	return text;
}

/** `changes` of the context: what the event says changed, always a list. */
export const changesView = (changes: NotificationEvent['changes'], words: Labels): Bag[] =>
	(changes ?? []).slice(0, MAX_CHANGES).map(({ field, from, to }) =>
		bag({
			field,
			label: labelOf(words.fields, field),
			from: valueText(field, from, words),
			to: valueText(field, to, words),
		}),
	);
