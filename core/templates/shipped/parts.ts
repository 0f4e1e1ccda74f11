import { CHANNEL_IDS } from '../../events/delivery';
import type { CardTemplate, TemplateDocument } from '../document';

/** Fields that render empty are left out, so each shows itself only where it has a value. */
const given = (path: string, text = `{{${path}}}`): string => `{{#if ${path}}}${text}{{/if}}`;

interface Words {
	language: string;
	open: string;
	priority: string;
	status: string;
	assignee: string;
	group: string;
	requester: string;
	due: string;
	services: string;
	cis: string;
	/** Date, then how far away. */
	dueValue: string;
}

/** The fields, links and frame that all shipped cards of one language share. */
export function cardParts(words: Words) {
	const short = (label: string, value: string) => ({ label, value, short: true });
	const fields = {
		priority: short(words.priority, '{{ticket.priority_label}}'),
		status: short(words.status, given('ticket.status_label')),
		assignee: short(words.assignee, '{{assignee.name}}'),
		group: short(words.group, given('ticket.group')),
		requester: short(words.requester, given('ticket.requester')),
		due: short(words.due, given('ticket.due', words.dueValue)),
		services: { label: words.services, value: given('ticket.services') },
		cis: { label: words.cis, value: given('ticket.cis') },
	};
	const frame = {
		links: [{ label: words.open, url: '{{default ticket.url ""}}' }],
		footer: '{{system.name}} · {{date event.timestamp}}',
	};
	const document = (
		template_id: string,
		name: string,
		description: string,
		card: CardTemplate,
	): TemplateDocument => ({
		template_id,
		name,
		description,
		language: words.language,
		channels: [...CHANNEL_IDS],
		templates: { card: { ...frame, ...card } },
	});
	return { fields, document, description: given('ticket.description') };
}
