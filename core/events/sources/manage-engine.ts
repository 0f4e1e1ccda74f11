import type { TicketStatus } from '../model';
import { groupOf, peopleOf, personOf } from '../people';
import { isRaised, readPriority } from '../priority';
import type { Fact } from '../facts';
import { at, isRecord, own, record, text, type Json } from '../read/paths';
import { plain, title } from '../read/text';
import { iso } from '../read/time';
import { link, notAnEvent, type Source } from '../source';
import { statusFrom } from '../status';
import { verbFacts, verbType } from '../verbs';

const ID_PATHS = ['request.id', 'request.display_id', 'id'];
const STATES = new Map<string, TicketStatus>([
	['open', 'new'],
	['onhold', 'pending'],
	['on hold', 'pending'],
]);

/** API v3 gives `{name, id}` objects; a template may give the name alone. */
const label = (row: unknown, key: string): string | undefined => text(row, `${key}.name`, key);

/** Times are `{value: "<ms>", display_value}`. */
const time = (row: unknown, key: string): string | undefined =>
	iso(at(row, `${key}.value`) ?? own(row, key));

function changedFacts(request: Json, before: Json): Fact[] {
	const facts: Fact[] = [];
	const who = (row: Json) =>
		text(row, 'technician.id', 'technician.email_id', 'technician.name', 'technician') ?? null;
	if (own(before, 'technician') !== undefined && who(before) !== who(request)) {
		const type = who(request) === null ? 'ticket_updated' : 'ticket_assigned';
		facts.push({
			type,
			field: 'assignee',
			from: label(before, 'technician') ?? null,
			to: label(request, 'technician') ?? null,
		});
	}
	const [from, to] = [label(before, 'priority'), label(request, 'priority')];
	if (from !== undefined && isRaised('manageEngine', from, to))
		facts.push({ type: 'ticket_escalated', field: 'priority', from, to });
	return facts;
}

/** ManageEngine ServiceDesk Plus: our template around a slice of API v3's request; `previous` may tell what changed. */
export const manageEngine: Source = {
	id: 'manageEngine',
	detect: ({ body }) =>
		isRecord(own(body, 'request')) && text(body, 'request.id', 'request.display_id') !== undefined,
	toDrafts({ body, baseUrl }) {
		const request = isRecord(own(body, 'request'))
			? record(body, 'request')
			: isRecord(body)
				? body
				: {};
		const ticketId = text(request, 'id', 'display_id');
		if (ticketId === undefined) throw notAnEvent('manageEngine', ID_PATHS);
		const before = record(body, 'previous');
		const state = statusFrom(STATES, label(request, 'status'));
		const previous = statusFrom(STATES, label(before, 'status') ?? text(body, 'previous_status'));
		const verb = own(body, 'event') ?? own(body, 'operation');
		const assignee = personOf(own(request, 'technician'));
		const facts = verbFacts({ verb, status: state, previous });
		// On hold and In Progress are said by "edited" too; that they are new is all we can know.
		if (
			verbType(verb) === 'ticket_updated' &&
			facts[0].type === 'ticket_updated' &&
			previous === undefined
		) {
			if (state === 'pending' || state === 'in_progress')
				facts.push({ type: 'status_update', field: 'status', to: label(request, 'status') });
		}
		const words = plain(text(body, 'comment.text', 'comment', 'reply', 'note.description', 'note'));
		const number = text(request, 'display_id');
		return [
			{
				eventId: text(body, 'delivery_id'),
				facts: [...facts, ...changedFacts(request, before)],
				at: time(request, 'last_updated_time') ?? time(body, 'time'),
				ticketId,
				content: {
					ticket_title: title(own(request, 'subject')),
					description: plain(own(request, 'description')),
					...readPriority('manageEngine', label(request, 'priority')),
					number: number === ticketId ? undefined : number,
					status: state === 'new' && assignee !== undefined ? 'assigned' : state,
					previous_status: previous,
					url:
						link(text(body, 'url')) ??
						(baseUrl &&
							link(`${baseUrl}/WorkOrder.do?woMode=viewWO&woID=${encodeURIComponent(ticketId)}`)),
					assignee,
					requester: personOf(own(request, 'requester')),
					watchers: peopleOf(own(body, 'watchers')),
					approvers: peopleOf(own(body, 'approvers') ?? own(request, 'approvers')),
					group: groupOf(own(request, 'group')),
					comment:
						words === undefined
							? undefined
							: { author: personOf(at(body, 'comment.author')), text: words },
				},
				context: {
					actor: personOf(own(body, 'actor')),
					sla_deadline: time(request, 'due_by_time'),
					impacted_services: [label(request, 'service_category')],
				},
			},
		];
	},
};
