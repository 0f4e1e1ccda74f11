import { statusFact, type Fact } from '../facts';
import type { TicketStatus } from '../model';
import { peopleOf, personOf, type PersonPaths } from '../people';
import { isRaised, readPriority } from '../priority';
import { header } from '../read/headers';
import { isRecord, list, own, record, str, text, type Json } from '../read/paths';
import { plain, title } from '../read/text';
import { iso } from '../read/time';
import { link, notAnEvent, type Source } from '../source';
import { statusFrom } from '../status';

const ID_PATHS = ['ticket.id', 'ticket_id'];

/** `name` is RT's login; the person's name is `real_name`. */
const USER: PersonPaths = { id: ['id'], login: ['name'], email: ['email'], name: ['real_name'] };

const STATES = new Map<string, TicketStatus>([
	['open', 'in_progress'],
	['stalled', 'pending'],
	['rejected', 'closed'],
	['deleted', 'closed'],
]);

/** Our status for a status of RT's default life cycle, or for its nearest word. */
export const requestTrackerStatus = (status: unknown): TicketStatus | undefined =>
	statusFrom(STATES, status);

/** RT's system user and its "nobody" by id: a change of owner sends ids, not names. */
const NOBODY_ID = '6';

const owner = (value: unknown) =>
	isRecord(value) && text(value, 'id') === NOBODY_ID ? undefined : personOf(value, USER);

const isNobody = (value: unknown): boolean =>
	[undefined, NOBODY_ID, '0', 'Nobody'].includes(str(value));

/** RT's own bookkeeping: the mails it sent, and the second transaction that it writes for a change of owner. */
function isNoise(type: string, field: string | undefined): boolean {
	return /^(Comment)?EmailRecord$/.test(type) || (type === 'SetWatcher' && field === 'Owner');
}

function factsOf(type: string, transaction: Json): Fact[] {
	const field = text(transaction, 'field');
	const [from, to] = [own(transaction, 'old'), own(transaction, 'new')];
	const isStatus = type === 'Status' || (type === 'Set' && field === 'Status');
	if (isStatus) return [statusFact(statusFrom(STATES, from), statusFrom(STATES, to), { from, to })];
	if (/^(Take|Steal|Give|Force|Untake)$/.test(type) || (type === 'Set' && field === 'Owner')) {
		const isFree = type === 'Untake' || isNobody(to);
		return [{ type: isFree ? 'ticket_updated' : 'ticket_assigned', field: 'assignee', from, to }];
	}
	switch (type) {
		case 'Create':
			return [{ type: 'ticket_created' }];
		case 'Correspond':
		case 'Comment':
			return [{ type: 'ticket_comment' }];
		case 'Overdue':
			return [{ type: 'sla_breached' }];
		case 'Set': {
			const escalated =
				field === 'Queue' ||
				(/^(Final)?Priority$/.test(field ?? '') && isRaised('requestTracker', from, to));
			return [
				{
					type: escalated ? 'ticket_escalated' : 'ticket_updated',
					field: field?.toLowerCase(),
					from,
					to,
				},
			];
		}
		default:
			return [{ type: 'ticket_updated', field: (field ?? type).toLowerCase(), from, to }];
	}
}

/** RT 5: the body of our Scrip (docs/sources.md), one transaction each. */
export const requestTracker: Source = {
	id: 'requestTracker',
	detect: ({ body, headers }) =>
		header(headers, 'x-rt-delivery') !== undefined ||
		(isRecord(own(body, 'ticket')) && isRecord(own(body, 'transaction'))),
	toDrafts({ body, headers, baseUrl }) {
		const ticket = record(body, 'ticket');
		const transaction = record(body, 'transaction');
		const ticketId = text(ticket, 'id') ?? text(body, 'ticket_id');
		if (ticketId === undefined) throw notAnEvent('requestTracker', ID_PATHS);
		const event = text(body, 'event') ?? '';
		// "Overdue" is a condition of rt-crontool, not a transaction: the event word names it.
		const type = /^overdue$/i.test(event) ? 'Overdue' : (text(transaction, 'type') ?? event);
		if (isNoise(type, text(transaction, 'field'))) return [];
		const number = header(headers, 'x-rt-delivery') ?? text(transaction, 'id');
		const delivery =
			text(body, 'delivery_id') ?? (number && (/^\d+$/.test(number) ? `rt-txn-${number}` : number));
		const facts = factsOf(type, transaction);
		const words = plain(own(transaction, 'content'));
		const actor = personOf(own(transaction, 'creator'), USER);
		const isComment = type === 'Correspond' || type === 'Comment';
		const isStatus = facts[0].field === 'status';
		const requestors = list(own(ticket, 'requestors'));
		return [
			{
				eventId: delivery,
				facts,
				at: own(transaction, 'created') ?? own(ticket, 'last_updated'),
				ticketId,
				content: {
					ticket_title: title(own(ticket, 'subject')),
					description: type === 'Create' ? words : undefined,
					...readPriority('requestTracker', own(ticket, 'priority_label'), own(ticket, 'priority')),
					status: statusFrom(STATES, own(ticket, 'status')),
					previous_status: isStatus ? statusFrom(STATES, own(transaction, 'old')) : undefined,
					url:
						link(text(ticket, 'url')) ??
						(baseUrl && link(`${baseUrl}/Ticket/Display.html?id=${encodeURIComponent(ticketId)}`)),
					assignee: owner(own(ticket, 'owner')),
					requester: personOf(requestors[0], USER),
					watchers: peopleOf(
						[...requestors.slice(1), ...list(own(ticket, 'cc')), ...list(own(ticket, 'admin_cc'))],
						USER,
					),
					group: text(ticket, 'queue.name', 'queue'),
					comment:
						isComment && words
							? { author: actor, text: words, public: type === 'Correspond' }
							: undefined,
				},
				context: { actor, sla_deadline: iso(own(ticket, 'due')) },
			},
		];
	},
};
