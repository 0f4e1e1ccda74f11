import { ItsmNotifyError } from '../../errors';
import { EVENT_TYPES, type EventType } from '../model';
import { groupOf, peopleOf, personOf } from '../people';
import { readPriority } from '../priority';
import { at, isEmpty, isRecord, own, record, sanitize, str, text, type Json } from '../read/paths';
import { cap, plain, title } from '../read/text';
import { iso } from '../read/time';
import { link, notAnEvent, type Draft, type Source, type SourceInput } from '../source';
import { nearestStatus } from '../status';
import { verbType } from '../verbs';
import { applyFieldMap } from './generic-map';

/** One body may hold this many events; more is refused, not cut. */
export const MAX_EVENTS = 100;

export const tooManyEvents = (count: number): ItsmNotifyError =>
	new ItsmNotifyError('too_many_events', `A body may hold ${MAX_EVENTS} events, not ${count}`, {
		status: 400,
		fix: 'Send several requests.',
	});

const ID_PATHS = ['content.ticket_id', 'ticket_id', 'ticket.ticket_id', 'ticket.id'];

/** `High` stays; `ticket.assigned`, `Assigned` become `ticket_assigned`; unknown kinds are updates. */
function typeOf(value: unknown): EventType {
	const label = str(value)?.slice(0, 200).toLowerCase() ?? '';
	const named = EVENT_TYPES.find((type) => type === label);
	return named ?? verbType(label.replace(/[._-]+/g, ' ')) ?? 'ticket_updated';
}

/** Where a field may stand: nested as in the event document, or flat at the root. */
const field = (doc: Json, name: string): unknown => at(doc, `content.${name}`) ?? own(doc, name);
const around = (doc: Json, name: string): unknown => at(doc, `context.${name}`) ?? own(doc, name);

const names = (value: unknown): Array<string | undefined> =>
	(Array.isArray(value)
		? value.slice(0, 500)
		: (str(value)?.slice(0, 20_000).split(',') ?? [])
	).map((entry) => (isRecord(entry) ? text(entry, 'name', 'id') : str(entry)));

function commentOf(value: unknown) {
	const words = plain(isRecord(value) ? (own(value, 'text') ?? own(value, 'body')) : value);
	if (words === undefined) return undefined;
	const open = own(value, 'public');
	return {
		author: personOf(own(value, 'author')),
		text: words,
		...(typeof open === 'boolean' ? { public: open } : {}),
	};
}

/** Members of a document beyond those read here go along: users template on them. */
const extras = (value: unknown): Json => (isRecord(value) ? (sanitize(value) as Json) : {});

/** The members of the document itself, as they came. */
function documentOf(
	doc: Json,
	givenType: string | undefined,
	type: EventType,
): Record<string, unknown> {
	const users = own(doc, 'target_users');
	const status = own(doc, 'delivery_status');
	return {
		// Part of keys in the store: databases index no text of any length.
		source: cap(text(doc, 'source') ?? 'generic', 100),
		target_users: users === undefined || users === null ? undefined : names(users).filter(Boolean),
		delivery_status: isRecord(status) ? sanitize(status) : undefined,
		original_event_type:
			givenType !== undefined && givenType !== type ? cap(givenType, 255) : undefined,
	};
}

function draftOf(doc: Json): Draft {
	const ticketId = ID_PATHS.map((path) => at(doc, path))
		.map((id) => (typeof id === 'boolean' ? undefined : str(id)))
		.find((id) => id !== undefined);
	if (ticketId === undefined) throw notAnEvent('generic', ID_PATHS);
	const givenType = text(doc, 'event_type');
	const type = typeOf(givenType ?? own(doc, 'event'));
	const sla = around(doc, 'sla_deadline');
	const actor = around(doc, 'actor');
	return {
		eventId: text(doc, 'event_id'),
		facts: [{ type }],
		at: own(doc, 'timestamp'),
		ticketId,
		content: {
			...extras(own(doc, 'content')),
			ticket_title:
				title(field(doc, 'ticket_title')) ?? title(at(doc, 'ticket.title') ?? own(doc, 'title')),
			description: plain(field(doc, 'description')),
			...readPriority('generic', field(doc, 'priority')),
			number: str(field(doc, 'number')),
			status: nearestStatus(field(doc, 'status')),
			previous_status: nearestStatus(field(doc, 'previous_status')),
			url: link(str(field(doc, 'url'))),
			assignee: personOf(field(doc, 'assignee')),
			requester: personOf(field(doc, 'requester')),
			watchers: peopleOf(field(doc, 'watchers')),
			approvers: peopleOf(field(doc, 'approvers')),
			group: groupOf(field(doc, 'group')),
			comment: commentOf(field(doc, 'comment')),
		},
		context: {
			...extras(own(doc, 'context')),
			actor: personOf(actor),
			category: str(around(doc, 'category')),
			sla_deadline: iso(sla),
			related_cis: names(around(doc, 'related_cis')),
			impacted_services: names(around(doc, 'impacted_services')),
		},
		document: documentOf(doc, givenType, type),
	};
}

/** Whether a body is an event document, nested or flat: then it is generic, whatever its `source` says. */
export const isEventDocument = (body: unknown): boolean =>
	str(own(body, 'event_type')) !== undefined &&
	(str(at(body, 'content.ticket_id')) ?? str(own(body, 'ticket_id'))) !== undefined;

/** The event document of docs/contracts.md to the letter, its flat form, an array of them, or mapped fields. */
export const generic: Source = {
	id: 'generic',
	detect: ({ body }: SourceInput) => isEventDocument(body),
	toDrafts({ body, fieldMap }) {
		const bodies = Array.isArray(body) ? body : [body];
		if (bodies.length > MAX_EVENTS) throw tooManyEvents(bodies.length);
		return bodies.map((entry, index) => {
			if (!isRecord(entry)) {
				throw notAnEvent(
					'generic',
					Array.isArray(body) ? [String(index)] : ['(the body)'],
					'object',
				);
			}
			const map = record({ fieldMap }, 'fieldMap');
			return draftOf(isEmpty(map) ? entry : applyFieldMap(entry, map));
		});
	},
};
