import type { TemplateDocument } from '../document';
import { enAttention } from './en-attention';
import { enPurposes } from './en-purposes';
import { enTickets } from './en-tickets';
import { zhAttention } from './zh-attention';
import { zhPurposes } from './zh-purposes';
import { zhTickets } from './zh-tickets';

/** Every shipped template: 15 event types, digest, escalation and reminder, in zh-CN and en. */
export const shippedTemplates: readonly TemplateDocument[] = [
	// English first: it is what a reader gets whose language nobody has, without a default.
	...enTickets,
	...enAttention,
	...enPurposes,
	...zhTickets,
	...zhAttention,
	...zhPurposes,
];

const byId = new Map<string, TemplateDocument[]>();
for (const document of shippedTemplates) {
	byId.set(document.template_id, [...(byId.get(document.template_id) ?? []), document]);
}

/** The shipped documents of one template id, one per language. */
export const shippedFor = (id: string): readonly TemplateDocument[] => byId.get(id) ?? [];
