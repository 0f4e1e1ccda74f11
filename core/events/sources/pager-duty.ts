import type { Fact } from '../facts';
import type { EventType, TicketStatus } from '../model';
import { peopleOf, person, personOf } from '../people';
import { readPriority } from '../priority';
import { header } from '../read/headers';
import { at, isRecord, list, own, record, text } from '../read/paths';
import { plain, title } from '../read/text';
import { link, notAnEvent, type Source } from '../source';
import { statusFrom } from '../status';

const ID_PATHS = ['event.data.id', 'event.data.incident.id'];
const STATES = new Map<string, TicketStatus>([
	['triggered', 'new'],
	['acknowledged', 'in_progress'],
	['resolved', 'resolved'],
]);

const TYPES = new Map<string, EventType>([
	['incident.triggered', 'ticket_created'],
	['incident.acknowledged', 'status_update'],
	['incident.unacknowledged', 'status_update'],
	['incident.status_update_published', 'status_update'],
	['incident.annotated', 'ticket_comment'],
	['incident.reassigned', 'ticket_assigned'],
	['incident.delegated', 'ticket_assigned'],
	['incident.responder.added', 'ticket_assigned'],
	['incident.escalated', 'ticket_escalated'],
	['incident.resolved', 'ticket_resolved'],
	['incident.reopened', 'ticket_reopened'],
]);

/** What the kind of event tells of the status where the resource itself has none. */
const IMPLIED = new Map<string, TicketStatus>([
	['incident.resolved', 'resolved'],
	['incident.acknowledged', 'in_progress'],
]);

/** PagerDuty v3 webhooks, one event per request; a ping or a service event is no news. */
export const pagerDuty: Source = {
	id: 'pagerDuty',
	detect: ({ body, headers }) =>
		header(headers, 'x-pagerduty-signature') !== undefined ||
		(text(body, 'event.event_type') !== undefined && isRecord(at(body, 'event.data'))),
	toDrafts({ body }) {
		const event = record(body, 'event');
		const kind = text(event, 'event_type') ?? '';
		if (/^(service\.|pagey\.)/.test(kind)) return [];
		const data = record(event, 'data');
		// Notes, status updates and responder requests only refer to their incident.
		const isPart = isRecord(own(data, 'incident'));
		const incident = isPart ? record(data, 'incident') : data;
		const ticketId = text(incident, 'id');
		if (ticketId === undefined) throw notAnEvent('pagerDuty', ID_PATHS);
		const facts: Fact[] = [
			{
				type: TYPES.get(kind) ?? 'ticket_updated',
				...(kind === 'incident.priority_updated'
					? { field: 'priority', to: text(data, 'priority.summary') }
					: {}),
			},
		];
		const actor = personOf(own(event, 'agent'));
		const words = plain(text(data, 'content', 'message'));
		const people = peopleOf(list(own(data, 'assignees')));
		const responder = kind === 'incident.responder.added' ? personOf(own(data, 'user')) : undefined;
		return [
			{
				eventId: text(event, 'id'),
				facts,
				at: own(event, 'occurred_at'),
				ticketId,
				content: {
					ticket_title: title(text(incident, 'title', 'summary')),
					description: plain(text(data, 'body.details', 'description')),
					...readPriority('pagerDuty', text(data, 'priority.summary'), own(data, 'urgency')),
					number: text(incident, 'number'),
					status: statusFrom(STATES, own(incident, 'status')) ?? IMPLIED.get(kind),
					previous_status: kind === 'incident.reopened' ? 'resolved' : undefined,
					url: link(text(incident, 'html_url') ?? text(data, 'html_url')),
					assignee: people?.[0] ?? responder,
					watchers: people && people.length > 1 ? people.slice(1) : undefined,
					group: groupName(data),
					comment:
						isPart && words !== undefined
							? { author: actor, text: words, public: kind === 'incident.status_update_published' }
							: undefined,
				},
				context: {
					actor: actor ?? person({ login: text(event, 'client.name') }),
					impacted_services: [text(data, 'service.summary')],
				},
			},
		];
	},
};

const groupName = (data: unknown): string | undefined =>
	list(own(data, 'teams'))
		.map((team) => text(team, 'summary'))
		.find(Boolean) ?? text(data, 'escalation_policy.summary');
