import { ticketKey } from '../events/ids';
import type { Delivery } from '../events/delivery';
import type { Card, CardEntry, CardField, CardLink, Severity } from '../channels/card';
import { fill, wordsFor } from '../actions';
import type { Bag } from './context/safe';
import type { CardTemplate } from './document';
import { compile } from './engine/compile';
import { TemplateError } from './engine/errors';
import type { RenderState } from './engine/state';
import { escapeFor } from './escape';
import { isSeverity, loudest, severityOf } from './severity';

const plain = { id: 'card', escape: (text: string) => text };
const urlEscape = escapeFor('url', plain);

export const singleLine = (text: string): string => text.replace(/[\s\u2028\u2029]+/g, ' ').trim();

type Leaf = (source: string | undefined, path: string, context?: unknown) => string;

/** Renders one leaf; an error learns where in the document it happened. */
export function renderLeaf(
	source: string,
	path: string,
	context: unknown,
	state: RenderState,
): string {
	try {
		return compile(source)(context, state);
	} catch (error) {
		const failure =
			error instanceof TemplateError
				? new TemplateError(error.code, error.message, error.extra)
				: new TemplateError('template_failed', (error as Error).message);
		failure.path = path;
		throw failure;
	}
}

/**
 * A card template with its context: plain, unescaped text. Fields, links and texts that render empty
 * are left out. Throws TemplateError with the path of the leaf.
 */
export function fillCard(
	template: CardTemplate,
	context: Bag,
	about: { delivery: Delivery; language: string; line?: string },
	state: RenderState,
): Card {
	const { delivery, language, line } = about;
	const leaf: Leaf = (source, path, scope = context) =>
		source ? renderLeaf(source, `templates.card.${path}`, scope, state).trim() : '';
	const linkState = { ...state, escape: urlEscape, absent: '' };
	const text = [line, leaf(template.text, 'text')].filter(Boolean).join(' ');
	const body = leaf(template.body, 'body');
	const footer = leaf(template.footer, 'footer');
	const ticket = context.ticket as { url: string | null; number: string };
	const digest = context.digest as { single: boolean } | null;
	const card: Card = {
		severity: severity(leaf(template.severity, 'severity'), delivery, context),
		title: singleLine(leaf(template.title, 'title')),
		fields: fields(template, leaf),
		links: links(template, context, leaf, linkState),
		buttons: [],
		language,
	};
	if (text) card.text = text;
	if (body) card.body = body;
	const since = [footer, ...changed(delivery, language)].filter(Boolean);
	if (since.length > 0) card.footer = since.join(' · ');
	if (digest) addEntries(card, template, context, leaf);
	if (!digest || digest.single) {
		card.ticket = {
			key: ticketKey(delivery.event),
			id: delivery.event.content.ticket_id,
			number: ticket.number,
			...(ticket.url ? { url: ticket.url } : {}),
		};
	}
	return card;
}

function fields(template: CardTemplate, leaf: Leaf): CardField[] {
	const filled: CardField[] = [];
	(template.fields ?? []).forEach((field, index) => {
		const value = leaf(field.value, `fields[${index}].value`);
		if (!value) return;
		const label = singleLine(leaf(field.label, `fields[${index}].label`));
		filled.push({ label, value, ...(field.short ? { short: true } : {}) });
	});
	return filled;
}

function links(template: CardTemplate, context: Bag, leaf: Leaf, state: RenderState): CardLink[] {
	const filled: CardLink[] = [];
	(template.links ?? []).forEach((link, index) => {
		const path = `templates.card.links[${index}].url`;
		const url = renderLeaf(link.url, path, context, state).trim();
		// Without a scheme it is no link: the address is not known here.
		if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) return;
		filled.push({ label: singleLine(leaf(link.label, `links[${index}].label`)) || url, url });
	});
	return filled;
}

function addEntries(card: Card, template: CardTemplate, context: Bag, leaf: Leaf): void {
	const digest = context.digest as { entries: Bag[]; more: number; url: string | null };
	const form = template.entry ?? {
		title: '{{number}} {{title}}',
		text: '{{default status_label ""}}',
	};
	card.entries = digest.entries.map((view) => {
		const text = leaf(form.text, 'entry.text', view);
		const entry: CardEntry = {
			title: singleLine(leaf(form.title, 'entry.title', view)),
			severity: view.severity as Severity,
		};
		if (text) entry.text = text;
		if (view.url) entry.url = view.url as string;
		return entry;
	});
	if (digest.more > 0) {
		card.more = {
			label: leaf(template.more ?? '+{{digest.more}}', 'more'),
			count: digest.more,
			...(digest.url ? { url: digest.url } : {}),
		};
	}
}

function severity(wanted: string, delivery: Delivery, context: Bag): Severity {
	if (isSeverity(wanted)) return wanted;
	const digest = context.digest as { entries: Bag[] } | null;
	if (digest) return loudest(digest.entries.map((entry) => entry.severity as Severity));
	const { event_type, content } = delivery.event;
	const own = severityOf({ event_type, priority: content.priority, status: content.status });
	return delivery.purpose.startsWith('escalation') ? loudest([own, 'high']) : own;
}

/** What has happened since the message went out. */
function changed({ acknowledged, update_of: edited, event }: Delivery, language: string): string[] {
	const words = wordsFor(language);
	const { status } = event.content;
	return [
		acknowledged ? fill(words.acknowledged_by, { who: acknowledged.name }) : '',
		edited && status ? fill(words.now, { s: words.statuses[status] ?? status }) : '',
	];
}
