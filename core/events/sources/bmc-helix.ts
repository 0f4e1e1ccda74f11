import { statusFact, type Fact } from '../facts';
import type { TicketStatus } from '../model';
import { peopleOf, person } from '../people';
import { readPriority } from '../priority';
import { isEmpty, isRecord, own, record, text, type Json } from '../read/paths';
import { plain, title } from '../read/text';
import { iso } from '../read/time';
import { link, notAnEvent, type Source } from '../source';
import { statusFrom } from '../status';
import { verbType } from '../verbs';

/** Display key first: incidents are found by it; the API's key is looked up when something is written. */
const ID_NAMES = [
	'Incident Number',
	'Incident_Number',
	'Infrastructure Change ID',
	'Infrastructure Change Id',
	'Problem Investigation ID',
	'Work Order ID',
	'Request ID',
	'Entry ID',
];

const STATES = new Map<string, TicketStatus>([
	['0', 'new'],
	['1', 'assigned'],
	['2', 'in_progress'],
	['3', 'pending'],
	['4', 'resolved'],
	['5', 'closed'],
	['6', 'closed'],
]);
const status = (value: unknown) => statusFrom(STATES, value);

/** Changes name their state and title otherwise than incidents do. */
const stateLabel = (values: Json) => text(values, 'Status', 'Change Request Status');

/** An entry's values stand at the root, under `values`, `entry.values` or `data`. */
function valuesOf(body: unknown): Json {
	for (const path of ['values', 'entry.values', 'data.values', 'data']) {
		const found = record(body, path);
		if (!isEmpty(found)) return found;
	}
	return isRecord(body) ? body : {};
}

function factsOf(verb: string | undefined, form: string, values: Json, before: Json): Fact[] {
	if (/WorkLog|WorkInfo/i.test(form)) return [{ type: 'ticket_comment' }];
	const type = verbType(verb) ?? 'ticket_updated';
	const facts: Fact[] = [{ type }];
	if (type !== 'ticket_updated' && type !== 'status_update') return facts;
	const isChange = /^CHG:/i.test(form);
	const [label, previous] = [
		stateLabel(values),
		stateLabel(before) ?? text(values, 'Previous Status'),
	];
	const state = isChange ? statusFrom(new Map(), label) : status(label);
	if (isChange && /^scheduled$/i.test(label ?? '') && previous !== label)
		facts.push({ type: 'change_scheduled', field: 'status', to: label });
	const isArrival = previous === undefined && (state === 'resolved' || state === 'closed');
	if (isArrival || (previous !== undefined && previous !== label)) {
		facts.push(
			statusFact(isChange ? statusFrom(new Map(), previous) : status(previous), state, {
				from: previous,
				to: label,
			}),
		);
	}
	const [from, to] = [text(before, 'Assignee'), text(values, 'Assignee')];
	if (own(before, 'Assignee') !== undefined && from !== to) {
		facts.push({
			type: to === undefined ? 'ticket_updated' : 'ticket_assigned',
			field: 'assignee',
			from: from ?? null,
			to: to ?? null,
		});
	}
	return facts;
}

/** BMC Helix ITSM / Remedy: AR System webhook with BMC's own field names; `previous` may hold the values before. */
export const bmcHelix: Source = {
	id: 'bmcHelix',
	detect: ({ body }) => {
		const values = valuesOf(body);
		return (
			ID_NAMES.slice(0, 6).some((name) => text(values, name) !== undefined) ||
			/^(HPD|CHG|PBM|WOI):/.test(text(body, 'form') ?? '')
		);
	},
	toDrafts({ body, baseUrl }) {
		const values = valuesOf(body);
		const ticketId = text(values, ...ID_NAMES) ?? text(body, 'entryId', 'requestId');
		if (ticketId === undefined)
			throw notAnEvent('bmcHelix', [
				'values.Incident Number',
				'values.Request ID',
				'Incident Number',
			]);
		const form = text(body, 'form', 'formName') ?? '';
		const isLog = /WorkLog|WorkInfo/i.test(form);
		const before = record(body, 'previous', 'previous.values');
		const words = plain(
			text(
				values,
				'Detailed Description',
				'Detailed Decription',
				'Detailed_Decription',
				'Detailed_Description',
			),
		);
		const note = isLog ? (words ?? plain(own(values, 'Description'))) : undefined;
		const isChange = /^CHG:/i.test(form);
		const state = isChange ? statusFrom(new Map(), stateLabel(values)) : status(stateLabel(values));
		const name = [text(values, 'First Name'), text(values, 'Last Name')].filter(Boolean).join(' ');
		const access = text(values, 'View Access')?.toLowerCase();
		return [
			{
				eventId: text(body, 'delivery_id'),
				facts: factsOf(text(body, 'event', 'eventType', 'operation'), form, values, before),
				at: own(values, 'Last Modified Date') ?? own(values, 'Submit Date'),
				ticketId,
				content: {
					ticket_title: isLog ? undefined : title(text(values, 'Description', 'Summary')),
					description: isLog ? undefined : words,
					...readPriority('bmcHelix', own(values, 'Priority')),
					status: isLog ? undefined : state,
					previous_status: status(own(before, 'Status')),
					url:
						link(text(body, 'url')) ??
						(baseUrl && link(`${baseUrl}/smartit/app/#/search/${encodeURIComponent(ticketId)}`)),
					assignee: person({
						name: own(values, 'Assignee'),
						login: own(values, 'Assignee Login ID'),
					}),
					requester: person({ name, email: own(values, 'Internet E-mail') }),
					watchers: peopleOf(own(body, 'watchers')),
					approvers: peopleOf(own(body, 'approvers')),
					group: text(values, 'Assigned Group'),
					comment:
						note === undefined
							? undefined
							: {
									author: person({ login: own(values, 'Submitter') }),
									text: note,
									...(access ? { public: access === 'public' } : {}),
								},
					// What the REST API calls the entry, for write-back without a search.
					entry_id: text(values, 'Request ID', 'Entry ID'),
				},
				context: {
					actor: person({ login: text(values, 'Last Modified By', 'Submitter') }),
					sla_deadline: iso(own(values, 'Target Date')),
					related_cis: [text(values, 'HPD_CI')],
					impacted_services: [text(values, 'ServiceCI')],
				},
			},
		];
	},
};
