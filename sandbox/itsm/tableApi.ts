import { timingSafeEqual } from 'node:crypto';

import type { Answer, Call } from '../simulators/http.ts';
import { PRIORITIES, STATES } from './model.ts';
import type { Ticket } from './model.ts';
import { TicketError } from './tickets.ts';
import type { NewTicket } from './model.ts';
import type { Patch, TicketStore } from './tickets.ts';

export interface ApiContext {
	store: TicketStore;
	baseUrl(): string;
	account: { user: string; password: string };
	/** Columns that an ACL keeps the account from writing: dropped with a 200, as ServiceNow does. */
	readOnly?: readonly string[];
	/** Saves as this account, so that the business rule fires its webhook. */
	save(id: string, patch: Patch, by: string): Ticket;
	create(input: NewTicket, by: string): Ticket;
}

type Cell = { value: string; display: string; table?: string };

const failure = (status: number, message: string, detail: string): Answer => ({
	status,
	body: { error: { message, detail }, status: 'failure' },
});

function isAuthorized(context: ApiContext, call: Call): boolean {
	const { user, password } = context.account;
	const given = Buffer.from(call.headers.authorization ?? '');
	const wanted = Buffer.from(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
	return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function incidentCells(store: TicketStore, ticket: Ticket): Record<string, Cell> {
	const reference = (id: string, table: string, name?: string): Cell => ({
		value: id,
		display: name ?? '',
		table,
	});
	const cells: Record<string, Cell> = {};
	for (const [name, value] of Object.entries(ticket)) {
		if (name !== 'comments') cells[name] = { value: String(value), display: String(value) };
	}
	cells['state']!.display = STATES[ticket.state] ?? ticket.state;
	cells['incident_state'] = cells['state']!;
	cells['priority']!.display = PRIORITIES[ticket.priority] ?? ticket.priority;
	cells['assigned_to'] = reference(
		ticket.assigned_to,
		'sys_user',
		store.person(ticket.assigned_to)?.name,
	);
	cells['caller_id'] = reference(
		ticket.caller_id,
		'sys_user',
		store.person(ticket.caller_id)?.name,
	);
	// Fields of the reference, for those who ask for them by name.
	const assignee = store.person(ticket.assigned_to);
	for (const field of ['user_name', 'email', 'name'] as const) {
		const value = assignee?.[field] ?? '';
		cells[`assigned_to.${field}`] = { value, display: value };
	}
	const group = store.groups.find((entry) => entry.sys_id === ticket.assignment_group);
	cells['assignment_group'] = reference(ticket.assignment_group, 'sys_user_group', group?.name);
	// Journal fields read back empty.
	cells['comments'] = { value: '', display: '' };
	cells['work_notes'] = { value: '', display: '' };
	cells['sys_class_name'] = { value: 'incident', display: 'Incident' };
	return cells;
}

/** The `sysparm_*` forms of a field. */
function shape(
	cells: Record<string, Cell>,
	query: URLSearchParams,
	baseUrl: string,
): Record<string, unknown> {
	const wanted = query.get('sysparm_fields')?.split(',').filter(Boolean);
	const mode = query.get('sysparm_display_value') ?? 'false';
	const hasLinks = query.get('sysparm_exclude_reference_link') !== 'true';
	const draw = ({ value, display, table }: Cell): unknown => {
		const link =
			table && value && hasLinks ? { link: `${baseUrl}/api/now/table/${table}/${value}` } : {};
		if (mode === 'all') return { display_value: display, value, ...link };
		const shown = mode === 'true' ? display : value;
		if (!('link' in link)) return shown;
		return mode === 'true' ? { display_value: display, ...link } : { ...link, value };
	};
	const names =
		wanted?.filter((name) => cells[name]) ??
		Object.keys(cells).filter((name) => !name.includes('.'));
	return Object.fromEntries(names.map((name) => [name, draw(cells[name]!)]));
}

/** Only `field=value` joined by `^` is understood, which is what our write-back needs. */
function matches(cells: Record<string, Cell>, encoded: string): boolean {
	return encoded
		.split('^')
		.filter((part) => part !== '' && !part.startsWith('ORDERBY'))
		.every((part) => {
			const [name, ...rest] = part.split('=');
			const cell = cells[name ?? ''];
			return cell === undefined ? false : cell.value.toLowerCase() === rest.join('=').toLowerCase();
		});
}

function rowsOf(context: ApiContext, table: string): Record<string, Cell>[] | undefined {
	const { store } = context;
	const plain = (row: object): Record<string, Cell> =>
		Object.fromEntries(
			Object.entries(row).map(([name, value]) => [
				name,
				{ value: String(value), display: String(value) },
			]),
		);
	if (table === 'incident') return store.list().map((ticket) => incidentCells(store, ticket));
	if (table === 'sys_user') return store.people.map((row) => plain({ active: 'true', ...row }));
	if (table === 'sys_journal_field') return store.list().flatMap(journalOf).map(plain);
	if (table === 'sys_user_group') return store.groups.map(plain);
	return undefined;
}

/** Comments and work notes as rows, the newest first. */
const journalOf = (ticket: Ticket): object[] =>
	ticket.comments
		.map((comment, index) => ({
			sys_id: `${ticket.sys_id}-${index}`,
			name: 'incident',
			element_id: ticket.sys_id,
			element: comment.public ? 'comments' : 'work_notes',
			value: comment.text,
			sys_created_on: comment.at,
			sys_created_by: comment.author,
		}))
		.reverse();

const noRecord = (): Answer =>
	failure(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");

function write(context: ApiContext, call: Call, id: string | undefined): Answer {
	let input: Patch;
	try {
		input = JSON.parse(call.text) as Patch;
	} catch {
		return failure(400, 'Exception while reading request', 'The payload is not valid JSON');
	}
	if (typeof input !== 'object' || input === null || Array.isArray(input)) {
		return failure(400, 'Exception while reading request', 'The payload is not an object');
	}
	const fields = Object.fromEntries(
		Object.entries(input)
			.filter(([name]) => !context.readOnly?.includes(name))
			.map(([name, value]) => [name, String(value ?? '')]),
	);
	try {
		const by = context.account.user;
		const ticket =
			id === undefined
				? context.create({ short_description: '', ...fields }, by)
				: context.save(id, fields, by);
		const result = shape(incidentCells(context.store, ticket), call.query, context.baseUrl());
		return { status: id === undefined ? 201 : 200, body: { result } };
	} catch (error) {
		if (error instanceof TicketError) return failure(403, 'Operation Failed', error.message);
		throw error;
	}
}

/** `/api/now/table/{incident|sys_user|sys_user_group|sys_journal_field}[/{sys_id}]` */
export function tableApi(context: ApiContext, call: Call): Answer {
	if (!isAuthorized(context, call)) {
		const answer = failure(401, 'User Not Authenticated', 'Required to provide Auth information');
		return { ...answer, headers: { 'www-authenticate': 'Basic realm="Service-now"' } };
	}
	const [table = '', id] = call.path.slice('/api/now/table/'.length).split('/');
	const rows = rowsOf(context, table);
	if (rows === undefined) return failure(400, `Invalid table ${table}`, null as unknown as string);
	const row = id === undefined ? undefined : rows.find((cells) => cells['sys_id']!.value === id);
	if (id !== undefined && row === undefined) return noRecord();
	if (call.method === 'GET') {
		if (row) return { status: 200, body: { result: shape(row, call.query, context.baseUrl()) } };
		const found = rows.filter((cells) => matches(cells, call.query.get('sysparm_query') ?? ''));
		const limit = Number(call.query.get('sysparm_limit') ?? 10_000);
		const result = found
			.slice(0, limit)
			.map((cells) => shape(cells, call.query, context.baseUrl()));
		return { status: 200, headers: { 'x-total-count': String(found.length) }, body: { result } };
	}
	const isWrite = (call.method === 'POST' && !id) || (['PATCH', 'PUT'].includes(call.method) && id);
	if (!isWrite || table !== 'incident')
		return failure(405, 'Method not supported', `${call.method} ${table}`);
	return write(context, call, id);
}
