import type { TicketStatus } from '../model';
import { nearestStatus } from '../status';

type States = Record<string, TicketStatus>;

const INCIDENT: States = {
	1: 'new',
	2: 'in_progress',
	3: 'pending',
	6: 'resolved',
	7: 'closed',
	8: 'closed',
};
const CHANGE: States = {
	'-5': 'new',
	'-4': 'in_progress',
	'-3': 'pending',
	'-2': 'pending',
	'-1': 'in_progress',
	0: 'in_progress',
	3: 'closed',
	4: 'closed',
};
const PROBLEM: States = {
	101: 'new',
	102: 'in_progress',
	103: 'in_progress',
	104: 'in_progress',
	106: 'resolved',
	107: 'closed',
};
const TASK: States = {
	'-5': 'pending',
	1: 'new',
	2: 'in_progress',
	3: 'closed',
	4: 'closed',
	7: 'closed',
};
const SECURITY: States = {
	10: 'new',
	16: 'in_progress',
	18: 'in_progress',
	19: 'in_progress',
	20: 'in_progress',
	100: 'resolved',
	3: 'closed',
	7: 'closed',
};

/** The same number means different states in different tables: 3 is on hold, closed, or closed complete. */
const BY_TABLE = new Map<string, States>([
	['incident', INCIDENT],
	['change_request', CHANGE],
	['change_task', TASK],
	['problem', PROBLEM],
	['sc_request', TASK],
	['sc_req_item', TASK],
	['sc_task', TASK],
	['task', TASK],
	['sn_si_incident', SECURITY],
]);

/** Our status for a state number of a table, or for its label. */
export function serviceNowStatus(
	table: string,
	state: string | undefined,
): TicketStatus | undefined {
	if (state === undefined) return undefined;
	const states = BY_TABLE.get(table) ?? INCIDENT;
	return Object.prototype.hasOwnProperty.call(states, state) ? states[state] : nearestStatus(state);
}
