// What a check can break on purpose: --once must notice each of them.
import { JOHN, PREFERENCES } from '../data/index.ts';
import type { Faults } from '../simulators/index.ts';

export const BREAKS = [
	'smtp-password',
	'wecom-secret',
	'cut-wire',
	'empty-template',
	'wrong-language',
] as const;
export type Break = (typeof BREAKS)[number];

export const isBreak = (text: string): text is Break =>
	(BREAKS as readonly string[]).includes(text);

/** A template that nobody would save on purpose: it renders to nothing. */
export const EMPTY_TEMPLATE = {
	template_id: 'ticket_created',
	name: 'Empty',
	description: 'Renders to nothing',
	channels: ['email'],
	templates: {
		email: { subject: '{{#if ticket.nothing}}x{{/if}}', body: '{{#if ticket.nothing}}x{{/if}}' },
	},
};

export const peopleFor = (broken: Break | undefined): unknown[] =>
	PREFERENCES.map((person) =>
		broken === 'wrong-language' && person.username === JOHN.user_name
			? { ...person, language: 'zh-CN' }
			: person,
	);

/** Cuts the wire to Slack: every call is reset. */
export function cutWire(faults: Faults): void {
	faults.set({ kind: 'reset' });
}
