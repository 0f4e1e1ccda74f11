import { statusFact, type Fact } from '../facts';
import type { TicketStatus } from '../model';
import { groupOf, peopleOf, person, personOf } from '../people';
import { isRaised, readPriority } from '../priority';
import { at, isRecord, own, str, text, type Json } from '../read/paths';
import { plain, title } from '../read/text';
import { iso } from '../read/time';
import { link, notAnEvent, type Source } from '../source';
import { statusFrom } from '../status';
import { verbFacts } from '../verbs';

const ID_PATHS = ['freshdesk_webhook.ticket_id', 'ticket_id', 'ticket.id'];
const STATES = new Map<string, TicketStatus>([
	['2', 'new'],
	['3', 'pending'],
	['4', 'resolved'],
	['5', 'closed'],
	['open', 'new'],
]);
const status = (value: unknown) => statusFrom(STATES, value);

/** `{status:{from:4,to:6}},{note_type:public}`: no JSON, but close to it. */
const TRIGGERED =
	/\{\s*"?(\w{1,40})"?\s*:\s*(?:\{\s*"?from"?\s*:([^{},]{0,80}),\s*"?to"?\s*:([^{},]{0,80})\}|([^{},]{0,80}))\}/g;

const bare = (value: string | undefined): string | undefined => {
	const label = str(value?.replace(/^["\s]+|["\s]+$/g, ''));
	return label === 'null' ? undefined : label;
};

function triggeredFact(name: string, value: string | undefined, from?: string, to?: string): Fact {
	// Custom states (6 and up) are numbers without a meaning here: a move, neither an end nor a return.
	if (name === 'status') {
		return statusFact(status(from), status(to ?? value), { from, to: to ?? value });
	}
	if (name === 'priority') {
		return {
			type: isRaised('freshservice', from, to) ? 'ticket_escalated' : 'ticket_updated',
			field: name,
			from,
			to,
		};
	}
	if (/^(responder|agent|group)/.test(name)) {
		const assigned = to ?? value;
		const type = assigned === undefined ? 'ticket_updated' : 'ticket_assigned';
		return { type, field: name, from, to: assigned ?? null };
	}
	if (/^(note|reply|comment)/.test(name)) return { type: 'ticket_comment' };
	if (/^approval/.test(name)) return { type: 'approval_requested' };
	if (/sla|due|overdue|escalat/.test(name)) {
		return {
			type: /warn|approach|remind/.test(`${name} ${value}`) ? 'sla_breaching' : 'sla_breached',
		};
	}
	if (name === 'ticket_action')
		return { type: value === 'created' ? 'ticket_created' : 'ticket_updated' };
	return { type: 'ticket_updated', field: name, from, to: to ?? value };
}

/** Facts of the "simple" body's `triggered_event`. */
function triggeredFacts(triggered: string): Fact[] {
	return [...triggered.slice(0, 4_000).matchAll(TRIGGERED)].map(([, name, from, to, value]) =>
		triggeredFact(name.toLowerCase(), bare(value)?.toLowerCase(), bare(from), bare(to)),
	);
}

/** `INC-11`, `SR-11` and 11 are one ticket; changes and problems count by themselves, so they keep their prefix. */
function idsOf(value: string): { ticketId: string; number?: string } {
	const [, prefix, digits] = /^#?([A-Za-z]{2,6})-(\d+)$/.exec(value) ?? [];
	if (!prefix) return { ticketId: value };
	return /^(INC|SR|REQ)$/i.test(prefix) ? { ticketId: digits, number: value } : { ticketId: value };
}

function moduleFacts(
	body: Json,
	ticketId: string,
	statusLabel: string | undefined,
	facts: Fact[],
): Fact[] {
	const module = text(body, 'module', 'ticket_type', 'type')?.toLowerCase() ?? '';
	const isOver = facts.some(
		(fact) => fact.type === 'ticket_resolved' || fact.type === 'ticket_closed',
	);
	if ((module === 'alert' || /^ALT-/i.test(ticketId)) && !isOver)
		return [{ type: 'system_failure' }];
	const isChange = module === 'change' || /^CHN?G-/i.test(ticketId);
	return isChange && /planned|scheduled|planning/i.test(statusLabel ?? '')
		? [{ type: 'change_scheduled' }]
		: [];
}

function commentOf(body: Json) {
	const open = plain(text(body, 'ticket_latest_public_comment', 'latest_public_comment'));
	const closed = plain(text(body, 'ticket_latest_private_comment', 'latest_private_comment'));
	const isPrivate = /note_type"?\s*:\s*"?private/.test(text(body, 'triggered_event') ?? '');
	const words =
		(isPrivate ? (closed ?? open) : (open ?? closed)) ??
		plain(own(body, 'note') ?? own(body, 'comment'));
	if (words === undefined) return undefined;
	const isKnown = open !== undefined || closed !== undefined;
	return { text: words, ...(isKnown ? { public: words === open && !isPrivate } : {}) };
}

/** Freshservice (and Freshdesk): automator webhook, simple body (wrapped or not) or our template. */
export const freshservice: Source = {
	id: 'freshservice',
	detect: ({ body }) =>
		isRecord(own(body, 'freshdesk_webhook')) ||
		isRecord(own(body, 'freshservice_webhook')) ||
		(str(own(body, 'triggered_event')) !== undefined && str(own(body, 'ticket_id')) !== undefined),
	toDrafts({ body: whole, baseUrl }) {
		const wrapped = own(whole, 'freshdesk_webhook') ?? own(whole, 'freshservice_webhook');
		const body = isRecord(wrapped) ? wrapped : whole;
		const given = text(body, 'ticket_id', 'ticket.id', 'display_id');
		if (given === undefined || !isRecord(body)) throw notAnEvent('freshservice', ID_PATHS);
		const { ticketId, number } = idsOf(given);
		const label = text(body, 'ticket_status', 'status');
		const previous = status(own(body, 'previous_status'));
		const triggered = text(body, 'triggered_event');
		const facts =
			triggered === undefined
				? verbFacts({ verb: own(body, 'event'), status: status(label), previous })
				: triggeredFacts(triggered);
		const moved = /status"?\s*:\s*\{\s*"?from"?\s*:\s*"?([^,"}]{1,40})/.exec(triggered ?? '')?.[1];
		const assignee =
			person({
				name: text(body, 'ticket_agent_name', 'agent_name'),
				email: text(body, 'ticket_agent_email', 'agent_email'),
			}) ?? personOf(own(body, 'agent'));
		const state = status(label);
		return [
			{
				eventId: text(body, 'delivery_id'),
				facts: [...facts, ...moduleFacts(body, ticketId, label, facts)],
				at: own(body, 'updated_at') ?? own(body, 'ticket_updated_at'),
				ticketId,
				content: {
					ticket_title: title(text(body, 'ticket_subject', 'subject')),
					description: plain(text(body, 'ticket_description', 'description')),
					...readPriority('freshservice', text(body, 'ticket_priority', 'priority')),
					number,
					status: state === 'new' && assignee !== undefined ? 'assigned' : state,
					previous_status: previous ?? status(moved),
					url:
						link(text(body, 'ticket_url', 'url')) ??
						(baseUrl && link(`${baseUrl}/a/tickets/${encodeURIComponent(ticketId)}`)),
					assignee,
					requester:
						person({
							name: text(body, 'requester_name', 'ticket_requester_name'),
							email: text(body, 'requester_email', 'ticket_requester_email'),
						}) ?? personOf(own(body, 'requester')),
					watchers: peopleOf(own(body, 'watchers')),
					approvers: peopleOf(own(body, 'approvers')),
					group: groupOf(at(body, 'ticket_group_name') ?? own(body, 'group')),
					comment: facts.some((fact) => fact.type === 'ticket_created')
						? undefined
						: commentOf(body),
				},
				context: {
					actor: personOf(own(body, 'actor')),
					sla_deadline: iso(text(body, 'ticket_due_by_time', 'due_by', 'due_by_time')),
				},
			},
		];
	},
};
