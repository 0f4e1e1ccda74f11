import { MAX_EVENTS, tooManyEvents } from './generic';
import { serviceNowFacts, tableOf } from './service-now-facts';
import { shown, sn } from './service-now-fields';
import { serviceNowStatus } from './service-now-states';
import { groupOf, peopleOf, person, personOf } from '../people';
import { readPriority } from '../priority';
import { isRecord, list, own, str, text, truthy } from '../read/paths';
import { plain, title } from '../read/text';
import { iso } from '../read/time';
import { link, notAnEvent, type Draft, type Source } from '../source';

const ID_PATHS = ['sys_id', 'number', 'result.sys_id', 'record.sys_id', 'current.sys_id'];

/** A reference to a user: our template's parts, a Table API cell, or a plain sys_id, login or name. */
function user(row: unknown, ...names: string[]) {
	for (const name of names) {
		const cell = own(row, name);
		const found = isRecord(cell)
			? person({
					id: text(cell, 'sys_id', 'value', 'id'),
					login: text(cell, 'user_name', 'login'),
					email: text(cell, 'email'),
					name: text(cell, 'name', 'display_value'),
				})
			: /^[0-9a-f]{32}$/i.test(str(cell) ?? '')
				? person({ id: cell })
				: personOf(cell);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The record beside which template members (`event`, `comment`) stand: at the root or in an envelope. */
function rowsOf(body: unknown): unknown[] {
	for (const name of ['result', 'record', 'current']) {
		const inner = own(body, name);
		if (Array.isArray(inner)) return inner;
		if (isRecord(inner)) return [inner];
	}
	return [body];
}

/** SLA and approval rows point at the ticket that they are about. */
const subjectOf = (row: unknown, table: string): string | undefined =>
	table === 'task_sla'
		? sn(row, 'task')
		: table === 'sysapproval_approver'
			? (sn(row, 'sysapproval') ?? sn(row, 'document_id'))
			: undefined;

function commentOf(body: unknown, row: unknown) {
	const given = own(body, 'comment') ?? own(row, 'comment');
	const open = own(given, 'public');
	const [publicText, note] = [plain(shown(row, 'comments')), plain(shown(row, 'work_notes'))];
	const words = plain(isRecord(given) ? own(given, 'text') : given) ?? publicText ?? note;
	if (words === undefined) return undefined;
	const visible =
		given !== undefined && given !== null
			? open === undefined
				? undefined
				: truthy(open)
			: publicText !== undefined;
	const author = personOf(own(given, 'author')) ?? person({ login: sn(row, 'sys_updated_by') });
	return { author, text: words, ...(visible === undefined ? {} : { public: visible }) };
}

/** The instance's address: an own field, the setting, or that of a Table API link. */
function urlOf(
	body: unknown,
	row: unknown,
	table: string,
	ticketId: string,
	baseUrl?: string,
): string | undefined {
	const given = link(text(row, 'url') ?? text(body, 'url'));
	if (given) return given;
	const cell = isRecord(row)
		? Object.values(row).find((value) => str(own(value, 'link')) !== undefined)
		: undefined;
	const root = baseUrl ?? /^https?:\/\/[^/\s]+/i.exec(text(cell, 'link') ?? '')?.[0];
	const target = encodeURIComponent(`${table}.do?sys_id=${ticketId}`);
	return root === undefined ? undefined : link(`${root}/nav_to.do?uri=${target}`);
}

function draftOf(body: unknown, row: unknown, baseUrl?: string): Draft {
	const table = tableOf(body, row);
	const sysId = sn(row, 'sys_id');
	const number = sn(row, 'number');
	const subject = subjectOf(row, table);
	const ticketId = subject ?? sysId ?? number;
	if (ticketId === undefined) throw notAnEvent('serviceNow', ID_PATHS);
	const comment = commentOf(body, row);
	const shownNumber =
		number ??
		(subject
			? text(own(row, 'task') ?? own(row, 'sysapproval'), 'number', 'display_value')
			: undefined);
	const before = own(body, 'previous') ?? own(row, 'previous');
	const previousState =
		sn(body, 'previous_state') ?? sn(row, 'previous_state') ?? sn(before, 'state');
	const isTicket = subject === undefined;
	return {
		eventId: sn(body, 'delivery_id') ?? sn(row, 'delivery_id'),
		facts: serviceNowFacts(body, row, table, comment !== undefined),
		at: sn(row, 'sys_updated_on') ?? sn(row, 'sys_created_on'),
		ticketId,
		content: {
			ticket_title: title(shown(row, 'short_description')),
			description: plain(shown(row, 'description')),
			...readPriority(
				'serviceNow',
				sn(row, 'priority'),
				shown(row, 'priority'),
				table === 'em_alert' && sn(row, 'severity'),
			),
			number: shownNumber === ticketId ? undefined : shownNumber,
			status: isTicket
				? serviceNowStatus(table, sn(row, 'state') ?? sn(row, 'incident_state'))
				: undefined,
			previous_status: isTicket ? serviceNowStatus(table, previousState) : undefined,
			url: urlOf(body, row, isTicket ? table || 'task' : 'task', ticketId, baseUrl),
			assignee: user(row, 'assigned_to'),
			requester: user(row, 'caller_id', 'opened_by', 'requested_for', 'requested_by'),
			watchers: peopleOf(sn(row, 'watch_list')),
			approvers: approversOf(row, table),
			group: groupOf(own(row, 'assignment_group')),
			comment,
		},
		context: {
			actor: person({ login: sn(row, 'sys_updated_by') ?? sn(body, 'sys_updated_by') }),
			sla_deadline:
				iso(sn(row, 'sla_due') ?? sn(row, 'planned_end_time')) ?? iso(sn(row, 'due_date')),
			related_cis: [shown(row, 'cmdb_ci'), table === 'em_alert' ? shown(row, 'node') : undefined],
			impacted_services: [shown(row, 'business_service'), shown(row, 'service_offering')],
		},
	};
}

function approversOf(row: unknown, table: string) {
	const given = own(row, 'approvers');
	if (Array.isArray(given))
		return peopleOf(given.map((entry) => user({ entry }, 'entry')).filter(Boolean));
	const one =
		user(row, 'approver') ??
		(table === 'sysapproval_approver' ? user(row, 'assigned_to') : undefined);
	return one === undefined ? undefined : [one];
}

/** ServiceNow: the shipped business-rule body, or Table API records (alone or under result, record, current). */
export const serviceNow: Source = {
	id: 'serviceNow',
	detect: ({ body }) =>
		rowsOf(body).some(
			(row) => sn(row, 'sys_id') !== undefined && sn(row, 'number') !== undefined,
		) ||
		/^(task_sla|sysapproval_approver|em_alert)$/.test(text(body, 'table', 'sys_class_name') ?? ''),
	toDrafts({ body, baseUrl }) {
		const rows = rowsOf(body);
		if (rows.length === 0 || list(body).length > 0) throw notAnEvent('serviceNow', ID_PATHS);
		if (rows.length > MAX_EVENTS) throw tooManyEvents(rows.length);
		return rows.map((row) => draftOf(body, row, baseUrl));
	},
};
