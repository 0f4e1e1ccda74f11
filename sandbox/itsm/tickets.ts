import { randomBytes } from 'node:crypto';

import { glideTime, priorityOf } from './model.ts';
import type { Change, Comment, Group, NewTicket, Person, Ticket, TicketFields } from './model.ts';

/** Why a save was refused; `fields` are the mandatory ones that are missing. */
export class TicketError extends Error {
	readonly fields: string[];
	constructor(message: string, fields: string[] = []) {
		super(message);
		this.fields = fields;
	}
}

export interface Patch extends Partial<TicketFields> {
	comments?: string;
	work_notes?: string;
}

export interface TicketStore {
	people: Person[];
	groups: Group[];
	list(): Ticket[];
	/** By sys_id or number. */
	get(id: string): Ticket | undefined;
	create(input: NewTicket, by: string): { ticket: Ticket; change: Change };
	/** One save, as a form or the Table API does it; no change gives no event. */
	patch(id: string, patch: Patch, by: string): { ticket: Ticket; change?: Change };
	remove(id: string): Ticket | undefined;
	person(id: string): Person | undefined;
}

const EDITABLE: (keyof TicketFields)[] = [
	...([
		'short_description',
		'description',
		'state',
		'urgency',
		'impact',
		'assigned_to',
		'caller_id',
	] as const),
	...([
		'assignment_group',
		'cmdb_ci',
		'business_service',
		'category',
		'due_date',
		'sla_due',
	] as const),
	...(['hold_reason', 'close_code', 'close_notes'] as const),
];

export const newSysId = (): string => randomBytes(16).toString('hex');

/** The data policy of an incident: what a state demands. */
function checkPolicy(ticket: Ticket, patch: Patch): void {
	const missing: string[] = [];
	if (['6', '7'].includes(ticket.state)) {
		if (!ticket.close_code) missing.push('Resolution code');
		if (!ticket.close_notes) missing.push('Resolution notes');
	}
	if (patch.state === '3' && ticket.hold_reason === '1' && !patch.comments)
		missing.push('Additional comments');
	if (missing.length > 0) {
		throw new TicketError(
			`Data Policy Exception: The following fields are mandatory: ${missing.join(', ')}`,
			missing,
		);
	}
}

export function createTickets(
	people: Person[],
	groups: Group[],
	now: () => Date = () => new Date(),
): TicketStore {
	const tickets = new Map<string, Ticket>();
	let lastNumber = 10_000;

	const find = (id: string): Ticket | undefined =>
		tickets.get(id) ?? [...tickets.values()].find((ticket) => ticket.number === id);

	function commentOf(patch: Patch, by: string): Comment | undefined {
		const text = patch.comments ?? patch.work_notes;
		if (!text) return undefined;
		return { at: glideTime(now()), author: by, text, public: patch.comments !== undefined };
	}

	return {
		people,
		groups,
		list: () => [...tickets.values()].reverse(),
		get: find,
		person: (id) =>
			people.find((person) => [person.sys_id, person.user_name, person.email].includes(id)),

		create(input, by) {
			lastNumber += 1;
			const time = glideTime(now());
			const ticket: Ticket = {
				sys_id: newSysId(),
				number: `INC${String(lastNumber).padStart(7, '0')}`,
				description: '',
				state: '1',
				urgency: '3',
				impact: '3',
				assigned_to: '',
				caller_id: '',
				assignment_group: '',
				cmdb_ci: '',
				business_service: '',
				category: 'inquiry',
				due_date: '',
				sla_due: '',
				hold_reason: '',
				close_code: '',
				close_notes: '',
				sys_created_on: time,
				sys_updated_on: time,
				sys_updated_by: by,
				...input,
				priority: '5',
				sys_mod_count: 0,
				comments: [],
			};
			ticket.priority = priorityOf(ticket.impact, ticket.urgency);
			checkPolicy(ticket, {});
			tickets.set(ticket.sys_id, ticket);
			return { ticket, change: { event: 'insert', previous: {} } };
		},

		patch(id, patch, by) {
			const before = find(id);
			if (before === undefined) throw new TicketError(`no ticket ${id}`);
			const ticket: Ticket = { ...before };
			const previous: Change['previous'] = {};
			for (const field of EDITABLE) {
				const value = patch[field];
				if (value === undefined || value === before[field]) continue;
				previous[field] = before[field];
				ticket[field] = value;
			}
			// Computed from the two: a direct value is overwritten.
			ticket.priority = priorityOf(ticket.impact, ticket.urgency);
			if (ticket.priority !== before.priority) previous.priority = before.priority;
			const comment = commentOf(patch, by);
			if (Object.keys(previous).length === 0 && comment === undefined) return { ticket: before };
			checkPolicy(ticket, patch);
			if (comment) ticket.comments = [...ticket.comments, comment];
			ticket.sys_mod_count += 1;
			ticket.sys_updated_on = glideTime(now());
			ticket.sys_updated_by = by;
			tickets.set(ticket.sys_id, ticket);
			const event = Object.keys(previous).length === 0 ? 'comment' : 'update';
			return { ticket, change: { event, previous, comment } };
		},

		remove(id) {
			const ticket = find(id);
			if (ticket) tickets.delete(ticket.sys_id);
			return ticket;
		},
	};
}
