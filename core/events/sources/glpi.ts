import { statusFact, type Fact } from '../facts';
import type { TicketStatus } from '../model';
import { personOf, person } from '../people';
import { readPriority } from '../priority';
import { decodeEntities } from '../read/entities';
import { header } from '../read/headers';
import { isRecord, list, own, record, str, text, truthy, type Json } from '../read/paths';
import { plain, title } from '../read/text';
import { link, notAnEvent, type Source, type SourceInput } from '../source';
import { statusFrom } from '../status';
import { verbType } from '../verbs';

const STATES = new Map<string, TicketStatus>([
	['1', 'new'],
	['2', 'assigned'],
	['3', 'in_progress'],
	['4', 'pending'],
	['5', 'resolved'],
	['6', 'closed'],
	['10', 'pending'],
]);

type Kind =
	| 'Ticket'
	| 'Change'
	| 'Problem'
	| 'ITILFollowup'
	| 'ITILSolution'
	| 'TicketTask'
	| 'TicketValidation';

const KINDS: ReadonlyArray<readonly [RegExp, Kind]> = [
	[/validation/i, 'TicketValidation'],
	[/solution/i, 'ITILSolution'],
	[/followup/i, 'ITILFollowup'],
	[/task/i, 'TicketTask'],
	[/change/i, 'Change'],
	[/problem/i, 'Problem'],
	[/ticket/i, 'Ticket'],
];

/** The body does not name the kind of item: a header or query parameter does, else its fields tell. */
function kindOf({ body, headers, query }: SourceInput, item: Json): Kind {
	const named =
		header(headers, 'x-glpi-itemtype') ??
		query.itemtype ??
		text(body, 'itemtype') ??
		text(item, 'itemtype');
	const known = KINDS.find(([pattern]) => pattern.test(named ?? ''))?.[1];
	if (known) return known;
	if (!isRecord(own(body, 'parent_item'))) return 'Ticket';
	const has = (...keys: string[]) => keys.some((key) => own(item, key) !== undefined);
	if (
		has(
			'submission_comment',
			'comment_submission',
			'requested_approver_id',
			'approver',
			'users_id_validate',
		)
	)
		return 'TicketValidation';
	if (has('solutiontypes_id', 'solution_type', 'solutiontype')) return 'ITILSolution';
	return has('state', 'actiontime', 'duration', 'planned_begin') ? 'TicketTask' : 'ITILFollowup';
}

const statusOf = (item: Json): TicketStatus | undefined =>
	statusFrom(STATES, text(item, 'status.id', 'status', 'status.name'));

/** GLPI 10 stores its HTML with the tags encoded; one decoding brings the tags back, the text is decoded after. */
function htmlText(value: unknown): string | undefined {
	const source = str(value);
	return plain(
		source && /&(lt|#60);\/?[a-z]/i.test(source) && !source.includes('<')
			? decodeEntities(source.slice(0, 200_000))
			: source,
	);
}

function team(item: Json, role: string, type: string) {
	const members = list(own(item, 'team')).filter(
		(member) => text(member, 'role') === role && (text(member, 'type') ?? 'User') === type,
	);
	const people = members.map((member) =>
		person({
			id: own(member, 'id'),
			name: text(member, 'display_name', 'name'),
			email: own(member, 'email'),
			login: text(member, 'username'),
		}),
	);
	return people.filter((found) => found !== undefined);
}

function factsOf(kind: Kind, event: string, item: Json, before: Json): Fact[] {
	const isNew = verbType(event) === 'ticket_created';
	if (kind === 'ITILFollowup' || kind === 'TicketTask')
		return [{ type: isNew ? 'ticket_comment' : 'ticket_updated' }];
	if (kind === 'ITILSolution') return [{ type: isNew ? 'ticket_resolved' : 'ticket_updated' }];
	if (kind === 'TicketValidation')
		return [{ type: isNew ? 'approval_requested' : 'status_update', field: 'approval' }];
	if (isNew) return [{ type: 'ticket_created' }];
	const named = verbType(event);
	const facts: Fact[] = [{ type: named ?? 'ticket_updated' }];
	if (/delete/i.test(event)) return facts;
	const [status, previous] = [statusOf(item), statusOf(before)];
	// Without the state before, only an arrival at solved or closed can be told from the ticket alone.
	const isArrival = previous === undefined && (status === 'resolved' || status === 'closed');
	if (isArrival || (previous !== undefined && previous !== status))
		facts.push(statusFact(previous, status));
	if (kind === 'Change' && /plan|schedul/i.test(text(item, 'status.name') ?? ''))
		facts.push({ type: 'change_scheduled' });
	return facts;
}

/** GLPI 11 webhooks `{item, event, parent_item?}`; the same shape is the template for GLPI 10's plugin. */
export const glpi: Source = {
	id: 'glpi',
	detect: ({ body, headers }) =>
		header(headers, 'x-glpi-signature') !== undefined ||
		(isRecord(own(body, 'item')) && str(own(body, 'event')) !== undefined),
	toDrafts(input) {
		const { body, headers, baseUrl } = input;
		const item = record(body, 'item');
		const kind = kindOf(input, item);
		const isPart = isRecord(own(body, 'parent_item')) || /^(ITIL|Ticket.)/.test(kind);
		const ticket = isPart ? record(body, 'parent_item') : item;
		const ticketId =
			text(ticket, 'id') ??
			(isPart ? text(item, 'items_id', 'tickets_id', 'ticket.id') : undefined);
		if (ticketId === undefined)
			throw notAnEvent('glpi', isPart ? ['parent_item.id', 'item.items_id'] : ['item.id']);
		const words = isPart ? htmlText(own(item, 'content')) : undefined;
		const author = personOf(own(item, 'user')) ?? person({ id: own(item, 'users_id') });
		const page = kind === 'Change' ? 'change' : kind === 'Problem' ? 'problem' : 'ticket';
		const isComment = words !== undefined && kind !== 'TicketValidation';
		const solved =
			kind === 'ITILSolution' && statusOf(ticket) === undefined ? 'resolved' : undefined;
		const groups = team(ticket, 'assigned', 'Group');
		return [
			{
				eventId: text(body, 'delivery_id'),
				// The stamp is set once per event and kept over its retries: it tells two equal events apart.
				salt: header(headers, 'x-glpi-timestamp'),
				facts: factsOf(kind, text(body, 'event') ?? '', item, record(body, 'previous')),
				at: text(item, 'date_mod', 'date_creation', 'date'),
				ticketId,
				content: {
					ticket_title: title(own(ticket, 'name')),
					description: htmlText(own(ticket, 'content')),
					...readPriority('glpi', text(ticket, 'priority.id', 'priority')),
					number: text(ticket, 'external_id'),
					status: statusOf(ticket) ?? solved,
					previous_status: isPart ? undefined : statusOf(record(body, 'previous')),
					url:
						link(text(body, 'url')) ??
						(baseUrl &&
							link(`${baseUrl}/front/${page}.form.php?id=${encodeURIComponent(ticketId)}`)),
					assignee: team(ticket, 'assigned', 'User')[0],
					requester: team(ticket, 'requester', 'User')[0],
					watchers: nonEmpty([
						...team(ticket, 'assigned', 'User').slice(1),
						...team(ticket, 'observer', 'User'),
					]),
					approvers:
						kind === 'TicketValidation'
							? nonEmpty([approver(item)].filter((found) => found !== undefined))
							: undefined,
					group:
						groups.length > 0 && isRecord(groups[0])
							? { id: groups[0].id, name: groups[0].name }
							: undefined,
					comment: isComment
						? { author, text: words, public: !truthy(own(item, 'is_private')) }
						: undefined,
				},
				context: { actor: isPart ? author : undefined },
			},
		];
	},
};

const approver = (item: Json) =>
	personOf(own(item, 'approver')) ??
	person({ id: text(item, 'requested_approver_id', 'users_id_validate', 'itemtype_target_id') });

const nonEmpty = <T>(values: T[]): T[] | undefined => (values.length > 0 ? values : undefined);
