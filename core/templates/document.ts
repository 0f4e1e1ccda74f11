import { z } from 'zod';

import { SEVERITIES } from './severity';

/** Any JSON: string leaves are templates, all else stays as it is. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const MAX_DEPTH = 16;

function depthOf(value: unknown, depth = 0): number {
	if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return depth;
	return Object.values(value).reduce(
		(most, item) => Math.max(most, depthOf(item, depth + 1)),
		depth,
	);
}

const leaf = z.string();
const filled = z.string().trim().min(1, 'must not be empty');

const severity = leaf.refine(
	(text) => text.includes('{{') || (SEVERITIES as readonly string[]).includes(text),
	`must be one of ${SEVERITIES.join(', ')}, or a template that gives one`,
);

/** The neutral card template: written once, drawn by every channel. A field or link that renders empty is left out. */
export const cardTemplateSchema = z.strictObject({
	title: filled,
	text: leaf.optional(),
	fields: z
		.array(z.strictObject({ label: filled, value: leaf, short: z.boolean().optional() }))
		.optional(),
	body: leaf.optional(),
	/** How one digest entry is shown; its variables are the entry's own (`{{title}}`). */
	entry: z.strictObject({ title: filled, text: leaf.optional() }).optional(),
	/** The line under a cut digest: "+{{digest.more}} more". */
	more: leaf.optional(),
	links: z.array(z.strictObject({ label: filled, url: filled })).optional(),
	footer: leaf.optional(),
	severity: severity.optional(),
	/** Buttons come with the person's permissions, not with the template. */
	buttons: z
		.array(z.never())
		.max(0, 'buttons are added by the system: leave the list empty')
		.optional(),
});
export type CardTemplate = z.output<typeof cardTemplateSchema>;

const rawDocument = z
	.record(z.string(), z.unknown())
	.refine((value) => Object.keys(value).length > 0, 'must not be empty')
	.refine((value) => depthOf(value) <= MAX_DEPTH, `is nested deeper than ${MAX_DEPTH}`);

const templatesSchema = z
	.object({ card: cardTemplateSchema.optional() })
	.catchall(rawDocument)
	.refine((value) => Object.keys(value).length > 0, 'must hold a card or one channel at least');

/** The seed's template document. Unknown top-level fields are kept. */
export const templateSchema = z.looseObject({
	template_id: filled,
	name: z.string().default(''),
	description: z.string().default(''),
	channels: z.array(filled).min(1, 'must name one channel at least'),
	templates: templatesSchema,
	/** BCP 47; a document without one serves every language. */
	language: filled.optional(),
});
export type TemplateDocument = z.output<typeof templateSchema>;
export type TemplateDocumentInput = z.input<typeof templateSchema>;

/** The part of a document that serves a channel: its own raw key, else the card; only for listed channels. */
export function partFor(
	document: TemplateDocument,
	channel: string,
): { card: CardTemplate } | { raw: Record<string, unknown> } | undefined {
	if (channel === 'card' || !document.channels.includes(channel)) return undefined;
	if (Object.hasOwn(document.templates, channel)) {
		return { raw: document.templates[channel] as Record<string, unknown> };
	}
	return document.templates.card ? { card: document.templates.card } : undefined;
}
