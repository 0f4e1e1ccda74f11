import { statusFact, type Fact } from '../facts';
import type { TicketStatus } from '../model';
import { person, personOf } from '../people';
import { isRaised, readPriority } from '../priority';
import { header } from '../read/headers';
import { at, isRecord, list, own, record, str, text, truthy, type Json } from '../read/paths';
import { markupOf, plain, title } from '../read/text';
import { iso } from '../read/time';
import { link, notAnEvent, type Source, type SourceInput } from '../source';
import { statusFrom } from '../status';

const ID_PATHS = ['Ticket.TicketID', 'Ticket.TicketNumber', 'Event.TicketID'];
const STATES = new Map<string, TicketStatus>([
	['open', 'in_progress'],
	['closed successful', 'resolved'],
	['pending reminder', 'pending'],
	['pending auto', 'pending'],
]);

/** The state type is fixed, the state's name is the admin's: the name wins where it is a stock one. */
function statusOf(ticket: Json): TicketStatus | undefined {
	const type = text(ticket, 'StateType')?.toLowerCase();
	const state = text(ticket, 'State')?.toLowerCase();
	if (type === 'closed') return state === 'closed successful' ? 'resolved' : 'closed';
	return (
		(state !== undefined && STATES.get(state)) ||
		statusFrom(STATES, type) ||
		statusFrom(STATES, state)
	);
}

/** The event's name is not sent by itself: query, header or outbound mapping add it. */
const eventName = ({ body, headers, query }: SourceInput): string =>
	text(body, 'Event.Event') ??
	header(headers, 'x-znuny-event') ??
	str(query.event) ??
	text(body, 'event') ??
	'';

function factsOf(name: string, ticket: Json, event: Json): Fact[] {
	if (/^Escalation\w*NotifyBefore$/.test(name)) return [{ type: 'sla_breaching' }];
	if (/^Escalation\w*Start$/.test(name)) return [{ type: 'sla_breached' }];
	const before = record(event, 'OldTicketData');
	const changed = (key: string) => ({ from: text(before, key), to: text(ticket, key) });
	switch (name) {
		case 'TicketCreate':
			return [{ type: 'ticket_created' }];
		case 'ArticleCreate':
		case 'ArticleSend':
			return [{ type: 'ticket_comment' }];
		case 'TicketStateUpdate':
			return [statusFact(statusOf(before), statusOf(ticket), changed('State'))];
		case 'TicketOwnerUpdate':
		case 'TicketResponsibleUpdate': {
			const key = name === 'TicketOwnerUpdate' ? 'Owner' : 'Responsible';
			return [
				{
					type: owner(ticket, key) ? 'ticket_assigned' : 'ticket_updated',
					field: 'assignee',
					...changed(key),
				},
			];
		}
		case 'TicketPriorityUpdate': {
			const { from, to } = changed('Priority');
			// Without the one before it counts as raised.
			const isLowered = from !== undefined && !isRaised('znuny', from, to);
			return [
				{ type: isLowered ? 'ticket_updated' : 'ticket_escalated', field: 'priority', from, to },
			];
		}
		case 'TicketQueueUpdate':
			return [{ type: 'ticket_escalated', field: 'group', ...changed('Queue') }];
		default:
			return [{ type: 'ticket_updated' }];
	}
}

/** Id 1, `root@localhost`, is the system's own user: nobody. */
const owner = (ticket: Json, key: 'Owner' | 'Responsible') =>
	text(ticket, `${key}ID`) === '1'
		? undefined
		: person({ id: own(ticket, `${key}ID`), login: own(ticket, key) });

/** One article, or the last of several. */
function articleOf(ticket: Json): Json {
	const article = own(ticket, 'Article');
	const last = Array.isArray(article) ? list(article).at(-1) : article;
	return isRecord(last) ? last : {};
}

/** Escalation times are unix seconds of the destination, or seconds left from now. */
const deadline = (ticket: Json): string | undefined =>
	iso(
		text(
			ticket,
			'EscalationDestinationTime',
			'EscalationDestinationDate',
			'SolutionTimeDestinationDate',
		),
	);

/** Znuny / OTRS, invoker `Ticket::Generic`: `{Ticket, Event}` with the event's name in URL, header or mapping. */
export const znuny: Source = {
	id: 'znuny',
	detect: ({ body, headers }) =>
		text(body, 'Ticket.TicketNumber') !== undefined ||
		header(headers, 'x-znuny-event') !== undefined,
	toDrafts(input) {
		const { body, baseUrl } = input;
		const ticket = record(body, 'Ticket');
		const event = record(body, 'Event');
		const ticketId = text(ticket, 'TicketID', 'TicketNumber') ?? text(event, 'TicketID');
		if (ticketId === undefined) throw notAnEvent('znuny', ID_PATHS);
		const facts = factsOf(eventName(input), ticket, event);
		const article = articleOf(ticket);
		const words = plain(own(article, 'Body'), markupOf(text(article, 'ContentType', 'MimeType')));
		const isNew = facts[0].type === 'ticket_created';
		const number = text(ticket, 'TicketNumber');
		const before = record(event, 'OldTicketData');
		return [
			{
				facts,
				at: own(ticket, 'Changed') ?? own(ticket, 'Created'),
				ticketId,
				content: {
					ticket_title: title(own(ticket, 'Title')),
					description: isNew ? words : undefined,
					...readPriority('znuny', own(ticket, 'Priority'), own(ticket, 'PriorityID')),
					number: number === ticketId ? undefined : number,
					status: statusOf(ticket),
					previous_status: statusOf(before),
					url:
						baseUrl &&
						link(
							`${baseUrl}/index.pl?Action=AgentTicketZoom;TicketID=${encodeURIComponent(ticketId)}`,
						),
					assignee: owner(ticket, 'Owner'),
					requester: personOf(own(ticket, 'CustomerUserID')),
					group: text(ticket, 'Queue'),
					comment:
						words === undefined || isNew || facts[0].type !== 'ticket_comment'
							? undefined
							: {
									author: personOf(own(article, 'From')),
									text: words,
									public: truthy(at(article, 'IsVisibleForCustomer')),
								},
				},
				context: { sla_deadline: deadline(ticket), impacted_services: [text(ticket, 'Service')] },
			},
		];
	},
};
