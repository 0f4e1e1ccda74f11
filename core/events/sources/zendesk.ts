import { statusFact, type Fact } from '../facts';
import type { TicketStatus } from '../model';
import { groupOf, peopleOf, person, personOf } from '../people';
import { isRaised, readPriority } from '../priority';
import { header } from '../read/headers';
import { at, isRecord, own, record, str, text, type Json } from '../read/paths';
import { plain, title } from '../read/text';
import { iso } from '../read/time';
import { link, notAnEvent, type Draft, type Source } from '../source';
import { statusFrom } from '../status';
import { verbFacts } from '../verbs';

const PREFIX = 'zen:event-type:';
const STATES = new Map<string, TicketStatus>([
	['open', 'in_progress'],
	['hold', 'pending'],
	['solved', 'resolved'],
	['deleted', 'closed'],
]);
const status = (value: unknown) => statusFrom(STATES, value);

/** Events give ids only, and `"0"` for nobody. */
const byId = (value: unknown) => person({ id: value });

function eventFacts(kind: string, event: Json): Fact[] {
	const [from, to] = [own(event, 'previous'), own(event, 'current')];
	const isSet = ![undefined, '0', 'null'].includes(str(to));
	switch (kind) {
		case 'ticket.created':
			return [{ type: 'ticket_created' }];
		case 'ticket.comment_added':
			return [{ type: 'ticket_comment' }];
		case 'ticket.agent_assignment_changed':
			return [{ type: isSet ? 'ticket_assigned' : 'ticket_updated', field: 'assignee', from, to }];
		case 'ticket.group_assignment_changed':
			return [{ type: isSet ? 'ticket_assigned' : 'ticket_updated', field: 'group', from, to }];
		case 'ticket.priority_changed':
			return [
				{
					// A ticket without a priority counts as Medium, here too.
					type: isRaised('zendesk', str(from) ?? 'normal', to)
						? 'ticket_escalated'
						: 'ticket_updated',
					field: 'priority',
					from,
					to,
				},
			];
		case 'ticket.status_changed':
			return [statusFact(status(from), status(to), { from, to })];
		case 'ticket.next_sla_breach_changed':
			return [{ type: isSet ? 'sla_breaching' : 'ticket_updated', field: 'sla', from, to }];
	}
	if (/approval/.test(kind)) return [{ type: 'approval_requested' }];
	return [
		{
			type: 'ticket_updated',
			field: kind.replace(/^ticket\./, '').replace(/_changed$/, '') || undefined,
			from,
			to,
		},
	];
}

function commentOf(comment: unknown) {
	const words = plain(own(comment, 'body'));
	if (words === undefined) return undefined;
	const shown = own(comment, 'is_public');
	return {
		author: personOf(own(comment, 'author')),
		text: words,
		...(typeof shown === 'boolean' ? { public: shown } : {}),
	};
}

function fromEvent(body: Json, baseUrl?: string): Draft {
	const detail = record(body, 'detail');
	const event = record(body, 'event');
	const ticketId =
		text(detail, 'id') ?? /^zen:ticket:(\w+)$/.exec(text(body, 'subject') ?? '')?.[1];
	if (ticketId === undefined) throw notAnEvent('zendesk', ['detail.id', 'subject', 'ticket_id']);
	const kind = (text(body, 'type') ?? '').replace(PREFIX, '');
	const facts = eventFacts(kind, event);
	return {
		eventId: text(body, 'id'),
		facts,
		at: own(body, 'time') ?? own(detail, 'updated_at'),
		ticketId,
		content: {
			ticket_title: title(own(detail, 'subject')),
			description: plain(own(detail, 'description')),
			...readPriority('zendesk', own(detail, 'priority')),
			status: status(own(detail, 'status')),
			previous_status:
				kind === 'ticket.status_changed' ? status(own(event, 'previous')) : undefined,
			url:
				link(text(detail, 'url')) ??
				(baseUrl && link(`${baseUrl}/agent/tickets/${encodeURIComponent(ticketId)}`)),
			assignee: byId(own(detail, 'assignee_id')),
			requester: byId(own(detail, 'requester_id')),
			group: groupOf({ id: own(detail, 'group_id') }),
			comment: commentOf(own(event, 'comment')),
		},
		context: {
			actor: byId(own(detail, 'actor_id')),
			sla_deadline: facts[0].type === 'sla_breaching' ? iso(own(event, 'current')) : undefined,
		},
	};
}

/** The trigger body of docs/sources.md; placeholders without a value arrive as `""` or `"-"`. */
function fromTemplate(body: Json, baseUrl?: string): Draft {
	const ticketId = text(body, 'ticket_id', 'ticket.id');
	if (ticketId === undefined) throw notAnEvent('zendesk', ['detail.id', 'subject', 'ticket_id']);
	const now = status(own(body, 'status'));
	const previous = status(own(body, 'previous_status'));
	const words = own(body, 'comment');
	const comment = isRecord(words) ? commentOf(words) : plain(words === '-' ? '' : words);
	return {
		facts: verbFacts({ verb: own(body, 'event'), status: now, previous }),
		eventId: text(body, 'delivery_id'),
		at: own(body, 'updated_at') ?? own(body, 'time'),
		ticketId,
		content: {
			ticket_title: title(own(body, 'title') ?? own(body, 'subject')),
			description: plain(own(body, 'description')),
			...readPriority('zendesk', own(body, 'priority')),
			status: now,
			previous_status: previous,
			url:
				link(text(body, 'url')) ??
				(baseUrl && link(`${baseUrl}/agent/tickets/${encodeURIComponent(ticketId)}`)),
			assignee: personOf(own(body, 'assignee')),
			requester: personOf(own(body, 'requester')),
			watchers: peopleOf(own(body, 'watchers')),
			approvers: peopleOf(own(body, 'approvers')),
			group: groupOf(own(body, 'group')),
			comment: typeof comment === 'string' ? { text: comment } : comment,
		},
		context: { actor: personOf(own(body, 'actor') ?? at(body, 'current_user.email')) },
	};
}

/** Zendesk: event webhooks (fixed envelope) and trigger webhooks (our template). */
export const zendesk: Source = {
	id: 'zendesk',
	detect: ({ body, headers }) =>
		header(headers, 'x-zendesk-webhook-id') !== undefined ||
		Boolean(text(body, 'type')?.startsWith(PREFIX)),
	toDrafts({ body, headers, baseUrl }) {
		if (!isRecord(body)) throw notAnEvent('zendesk', ['detail.id', 'subject', 'ticket_id']);
		const isEvent = isRecord(own(body, 'detail')) || text(body, 'type')?.startsWith(PREFIX);
		const draft = isEvent ? fromEvent(body, baseUrl) : fromTemplate(body, baseUrl);
		draft.eventId ??= header(headers, 'x-zendesk-webhook-invocation-id');
		// Subscriptions may cover users and organisations too: no ticket, no news.
		const kind = text(body, 'type')?.replace(PREFIX, '');
		return isEvent && kind !== undefined && !kind.startsWith('ticket.') ? [] : [draft];
	},
};
