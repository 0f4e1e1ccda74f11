import { EVENT_TYPES } from '../../../core/events/model';
import { renderCard } from '../../../core/templates/index';
import { delivery, options } from './helpers';

const PURPOSES = ['digest', 'escalation', 'reminder'] as const;
const LANGUAGES = ['zh-CN', 'en'] as const;

const entry = {
	ticket_id: 'INC-1',
	event_id: 'e1',
	title: 'Mail down',
	status: 'in_progress',
	priority: 'High',
	event_type: 'ticket_comment',
	text: 'Looking',
};

const fullContent = {
	ticket_title: 'Mail down',
	assignee: { id: '7', login: 'wang', name: 'Wang Fang', email: 'wang@company.com' },
	description: 'No mail since 09:00',
	number: 'INC0042',
	status: 'in_progress',
	previous_status: 'new',
	url: 'https://itsm.company.com/t/42',
	comment: { author: { name: 'Li Lei' }, text: 'Restarting now', public: true },
	group: { id: 'g', name: 'Mail team' },
	requester: { name: 'Han Meimei' },
};
const fullEvent = {
	changes: [{ field: 'priority', from: 'Low', to: 'High' }],
	context: {
		related_cis: ['mx-1', 'mx-2'],
		impacted_services: ['Mail'],
		sla_deadline: '2023-09-06T11:00:00Z',
		actor: { name: 'Zhao Liu' },
	},
};

export type Language = (typeof LANGUAGES)[number];
export const reader = (language: Language) => ({ recipient: { language } });
/** Every shipped template in both languages. */
export const cases = [...EVENT_TYPES, ...PURPOSES].flatMap((id) =>
	LANGUAGES.map((language) => [id, language] as const),
);

function forCase(id: string, language: Language, full: boolean) {
	const purpose = PURPOSES.find((name) => name === id);
	const type = purpose ? 'ticket_updated' : id;
	const digest = { id: 'x', entries: [entry], total: 1, ticket_ids: ['INC-1'], event_ids: ['e1'] };
	return delivery(
		{
			...reader(language),
			channel: 'slack',
			purpose: purpose ? `${purpose}:1` : 'first',
			...(purpose === 'digest' ? { digest } : {}),
		},
		full
			? { ...fullEvent, event_type: type }
			: { event_type: type, context: undefined, target_users: undefined },
		full
			? fullContent
			: {
					ticket_title: undefined,
					assignee: undefined,
					priority: undefined,
					description: undefined,
				},
	);
}

/** The card of a shipped template for an event that has everything, or nothing but what is required. */
export function cardOf(id: string, language: Language, full: boolean) {
	const result = renderCard(
		forCase(id, language, full),
		options(full ? {} : { system: undefined }),
	);
	if (!result.ok) throw new Error(result.message);
	expect(result).toMatchObject({ template_id: id, language });
	return result.card;
}
