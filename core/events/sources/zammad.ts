import { statusFact, type Fact } from '../facts';
import type { EventType, TicketStatus } from '../model';
import { peopleOf, personOf, person } from '../people';
import { readPriority } from '../priority';
import { header } from '../read/headers';
import { at, isRecord, list, own, record, str, text, truthy, type Json } from '../read/paths';
import { markupOf, plain, title } from '../read/text';
import { close, earliest } from '../read/time';
import { link, notAnEvent, type Source } from '../source';
import { statusFrom } from '../status';

const ID_PATHS = ['ticket.id', 'ticket.number'];

const STATES = new Map<string, TicketStatus>([
	['open', 'in_progress'],
	['pending reminder', 'pending'],
	['pending close', 'pending'],
	['merged', 'closed'],
	['removed', 'closed'],
]);

/** Zammad names no event: the trigger's name does, by these words, the first that is found. */
const TRIGGER_WORDS: ReadonlyArray<readonly [RegExp, EventType]> = [
	[/reached[_ ]warning|sla.{0,20}(warn|soon)|breaching|escalation.{0,20}warn/i, 'sla_breaching'],
	[/breach|reached|\bsla\b|escalation/i, 'sla_breached'],
	[/reopen/i, 'ticket_reopened'],
	[/clos/i, 'ticket_closed'],
	[/resolv|solved/i, 'ticket_resolved'],
	[/approv/i, 'approval_requested'],
	[/assign|owner.{0,10}(chang|set)|new owner/i, 'ticket_assigned'],
	[/ticket.{0,10}creat|creat.{0,10}ticket|new ticket/i, 'ticket_created'],
	[/comment|article|\bnote|reply|follow/i, 'ticket_comment'],
	[/creat/i, 'ticket_created'],
	[/escalat|priority/i, 'ticket_escalated'],
	[/state|status/i, 'status_update'],
];

/** Id 1 with login `-` is Zammad's system user: nobody. A login alone (`"owner": "emma@x"`) is a person too. */
function user(value: unknown) {
	if (!isRecord(value)) return personOf(value);
	if (text(value, 'login') === '-' || text(value, 'id') === '1') return undefined;
	const name = [text(value, 'firstname'), text(value, 'lastname')].filter(Boolean).join(' ');
	return person({
		id: own(value, 'id'),
		login: own(value, 'login'),
		email: own(value, 'email'),
		name,
	});
}

/** Whether the article came with this change; one that is older only travels along. */
function isFresh(ticket: Json, article: Json): boolean {
	const [written, updated] = [text(article, 'created_at'), text(ticket, 'updated_at')];
	return written === undefined || updated === undefined || close(written, updated, 5);
}

/** What the times of the ticket tell where the trigger's name tells nothing. */
function factsByTimes(ticket: Json, status: TicketStatus | undefined): Fact[] {
	const updated = own(ticket, 'updated_at');
	const isNew =
		text(ticket, 'article_count') === '1' && close(own(ticket, 'created_at'), updated, 2);
	if (isNew) return [{ type: 'ticket_created' }];
	const facts: Fact[] = [];
	const closedAt = text(ticket, 'last_close_at', 'close_at');
	const justClosed = closedAt === undefined || close(closedAt, updated, 5);
	if (status === 'closed' && justClosed) facts.push(statusFact(undefined, status));
	if (user(own(ticket, 'owner')) && close(own(ticket, 'last_owner_update_at'), updated, 2)) {
		facts.push({ type: 'ticket_assigned', field: 'assignee' });
	}
	return facts;
}

/** The facts by the `event` word or the trigger's name, else by the ticket's times. */
function factsOf(
	words: string,
	ticket: Json,
	article: Json,
	status: TicketStatus | undefined,
): Fact[] {
	const named = TRIGGER_WORDS.find(([pattern]) => pattern.test(words.slice(0, 500)))?.[1];
	const facts: Fact[] = named === undefined ? factsByTimes(ticket, status) : [{ type: named }];
	if (named === 'status_update') facts[0] = statusFact(undefined, status);
	const silent = facts.some(
		(fact) => fact.type === 'ticket_created' || fact.type === 'ticket_comment',
	);
	if (!silent && str(own(article, 'body')) && isFresh(ticket, article))
		facts.push({ type: 'ticket_comment' });
	return facts;
}

function urlOf(ticketId: string | undefined, article: Json, baseUrl?: string): string | undefined {
	const attachment = list(own(article, 'attachments'))
		.map((entry) => text(entry, 'url'))
		.find(Boolean);
	const root = baseUrl ?? /^https?:\/\/[^/\s]+/i.exec(attachment ?? '')?.[0];
	return root && ticketId
		? link(`${root}/#ticket/zoom/${encodeURIComponent(ticketId)}`)
		: undefined;
}

/** Zammad: default webhook body `{ticket, article}`, or a custom payload with an `event` word beside them. */
export const zammad: Source = {
	id: 'zammad',
	detect: ({ body, headers }) =>
		header(headers, 'x-zammad-delivery') !== undefined ||
		(isRecord(own(body, 'ticket')) && isRecord(own(body, 'article'))),
	toDrafts({ body, headers, baseUrl }) {
		const ticket = record(body, 'ticket');
		const article = record(body, 'article');
		const ticketId = text(ticket, 'id', 'number');
		if (ticketId === undefined) throw notAnEvent('zammad', ID_PATHS);
		const status = statusFrom(STATES, at(ticket, 'state.name') ?? own(ticket, 'state'));
		const words = text(body, 'event') ?? header(headers, 'x-zammad-trigger') ?? '';
		const facts = factsOf(words, ticket, article, status);
		const bodyText = plain(own(article, 'body'), markupOf(own(article, 'content_type')));
		const isNew = facts.some((fact) => fact.type === 'ticket_created');
		const hasComment =
			bodyText !== undefined && facts.some((fact) => fact.type === 'ticket_comment');
		const author = user(own(article, 'created_by')) ?? personOf(own(article, 'from'));
		return [
			{
				eventId: header(headers, 'x-zammad-delivery'),
				facts,
				at: own(ticket, 'updated_at') ?? own(article, 'created_at'),
				ticketId,
				content: {
					ticket_title: title(own(ticket, 'title')),
					description: isNew ? bodyText : undefined,
					...readPriority(
						'zammad',
						at(ticket, 'priority.name'),
						own(ticket, 'priority'),
						own(ticket, 'priority_id'),
					),
					number: text(ticket, 'number'),
					status,
					url: urlOf(text(ticket, 'id'), article, baseUrl),
					assignee: user(own(ticket, 'owner')),
					requester: user(own(ticket, 'customer')),
					watchers: peopleOf(own(body, 'watchers')),
					approvers: peopleOf(own(body, 'approvers')),
					group: groupOfTicket(ticket),
					comment: hasComment
						? { author, text: bodyText, public: !truthy(own(article, 'internal')) }
						: undefined,
				},
				context: {
					actor: user(own(ticket, 'updated_by')) ?? user(own(article, 'created_by')),
					sla_deadline: earliest(
						['escalation_at', 'first_response_escalation_at', 'close_escalation_at'].map((key) =>
							own(ticket, key),
						),
					),
				},
			},
		];
	},
};

function groupOfTicket(ticket: Json) {
	const group = own(ticket, 'group');
	if (!isRecord(group)) return str(group);
	const [id, name] = [text(group, 'id'), text(group, 'name')];
	return id || name ? { ...(id && { id }), ...(name && { name }) } : undefined;
}
