import type { Card } from './card';
import { webUrl } from './text';

/**
 * What stands under the first `shown` entries: how many more there are in truth (RA9), with a link to all.
 * Undefined where nothing is hidden.
 */
export function digestTail(
	card: Card,
	shown: number,
): { label: string; url?: string; hidden: number } | undefined {
	const told = card.more?.count ?? 0;
	const hidden = Math.max((card.entries?.length ?? 0) - shown, 0) + told;
	if (hidden <= 0) return undefined;
	const url = webUrl(card.more?.url) ?? webUrl(card.links[0]?.url);
	return { label: labelFor(card, hidden, told), hidden, ...(url ? { url } : {}) };
}

/** The template's words with the true number: a channel may show fewer entries than the template counted. */
function labelFor(card: Card, hidden: number, told: number): string {
	const label = card.more?.label;
	if (label && hidden === told) return label;
	const number = new RegExp(`(?<!\\d)${told}(?!\\d)`);
	if (label && number.test(label)) return label.replace(number, String(hidden));
	return card.language.toLowerCase().startsWith('zh') ? `另有 ${hidden} 项` : `+${hidden} more`;
}
