import type { Card } from '../../templates/card';

/** The plain part of a mail: everything that the HTML part says. */
export function plainText(card: Card): string {
	const lines: string[] = [card.title];
	if (card.text) lines.push('', card.text);
	if (card.fields.length > 0) lines.push('', ...card.fields.map((f) => `${f.label}: ${f.value}`));
	if (card.body) lines.push('', card.body);
	for (const entry of card.entries ?? []) {
		lines.push('', `- ${entry.title}`);
		if (entry.text) lines.push(`  ${entry.text}`);
		if (entry.url) lines.push(`  ${entry.url}`);
	}
	if (card.more) lines.push('', card.more.url ? `${card.more.label}: ${card.more.url}` : card.more.label);
	const links = [...card.links, ...card.buttons.flatMap((b) => (b.url ? [{ label: b.label, url: b.url }] : []))];
	if (links.length > 0) lines.push('', ...links.map((l) => `${l.label}: ${l.url}`));
	if (card.footer) lines.push('', '-- ', card.footer);
	return `${lines.join('\n').replace(/\r\n?/g, '\n')}\n`;
}
