import { statusFact, type Fact } from '../facts';
import type { TicketStatus } from '../model';
import { groupOf, peopleOf, personOf } from '../people';
import { readPriority } from '../priority';
import { own, text, type Json } from '../read/paths';
import { plain, title } from '../read/text';
import { iso } from '../read/time';
import { link, notAnEvent, type Source } from '../source';
import { statusFrom } from '../status';
import { verbFacts } from '../verbs';

const ID_PATHS = ['id', 'key', 'ref'];
const STATES = new Map<string, TicketStatus>([
	['escalated_tto', 'new'],
	['escalated_ttr', 'in_progress'],
	['approved', 'new'],
	['waiting_for_approval', 'pending'],
]);
const status = (value: unknown) => statusFrom(STATES, value);

/** A stopwatch threshold: 100 % and more is the breach, less is the warning. */
function thresholdFact(body: Json): Fact {
	const percent = Number.parseFloat(text(body, 'threshold', 'threshold_index', 'percent') ?? '');
	const isEscalated = /^escalated_/.test(text(body, 'status') ?? '');
	return {
		type: Number.isNaN(percent)
			? isEscalated
				? 'sla_breached'
				: 'sla_breaching'
			: percent >= 100
				? 'sla_breached'
				: 'sla_breaching',
	};
}

function factsOf(body: Json): Fact[] {
	const verb = text(body, 'event')?.toLowerCase();
	const state = text(body, 'status')?.toLowerCase() ?? '';
	if (verb === 'threshold') return [thresholdFact(body)];
	if (verb === 'created') return [{ type: 'ticket_created' }];
	const facts = verbFacts({
		verb,
		status: status(state),
		previous: status(own(body, 'previous_status')),
	});
	if (verb === 'pending') facts[0] = { ...statusFact(undefined, 'pending'), type: 'status_update' };
	const isStateEvent = ['status_update', 'ticket_updated'].includes(facts[0].type);
	if (isStateEvent && /^escalated_/.test(state))
		facts.push({ type: 'ticket_escalated', field: 'status', to: state });
	if (isStateEvent && state === 'waiting_for_approval') facts.push({ type: 'approval_requested' });
	const isChange = /change/i.test(text(body, 'class') ?? '');
	if (isStateEvent && isChange && /^planned|scheduled/.test(state))
		facts.push({ type: 'change_scheduled' });
	return facts;
}

/** iTop: the ActionWebhook payload of docs/sources.md; every value is a string, `"0"` is nobody. */
export const itop: Source = {
	id: 'itop',
	detect: ({ body }) =>
		/^(UserRequest|Incident|(Normal|Routine|Emergency)?Change|Problem)$/.test(
			text(body, 'class') ?? '',
		) && text(body, 'ref') !== undefined,
	toDrafts({ body, baseUrl }) {
		const ticketId = text(body, ...ID_PATHS);
		if (ticketId === undefined) throw notAnEvent('itop', ID_PATHS);
		const row = body as Json;
		const number = text(row, 'ref');
		const words = plain(text(row, 'log', 'comment', 'public_log', 'private_log'));
		const kind = text(row, 'class') ?? 'Ticket';
		const isInternal = text(row, 'public_log', 'log', 'comment') === undefined;
		const facts = factsOf(row);
		return [
			{
				eventId: text(row, 'delivery_id'),
				facts,
				at: own(row, 'last_update'),
				ticketId,
				content: {
					ticket_title: title(own(row, 'title')),
					description: plain(own(row, 'description')),
					...readPriority('itop', own(row, 'priority')),
					number: number === ticketId ? undefined : number,
					status: status(own(row, 'status')),
					previous_status: status(own(row, 'previous_status')),
					url:
						link(text(row, 'url')) ??
						(baseUrl &&
							link(
								`${baseUrl}/pages/UI.php?operation=details&class=${encodeURIComponent(kind)}&id=${encodeURIComponent(ticketId)}`,
							)),
					assignee: personOf(own(row, 'agent')),
					requester: personOf(own(row, 'caller')),
					watchers: peopleOf(own(row, 'watchers')),
					approvers: peopleOf(own(row, 'approvers') ?? own(row, 'approver')),
					group: groupOf(own(row, 'team')),
					comment:
						words === undefined
							? undefined
							: {
									author: personOf(own(row, 'log_author')),
									text: words,
									...(isInternal ? { public: false } : {}),
								},
				},
				context: {
					impacted_services: [text(row, 'service')],
					sla_deadline: iso(text(row, 'ttr_deadline', 'tto_deadline')),
				},
			},
		];
	},
};
