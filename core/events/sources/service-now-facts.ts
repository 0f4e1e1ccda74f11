import { statusFact, type Fact } from '../facts';
import { isRaised } from '../priority';
import { list, own, str, text, truthy } from '../read/paths';
import { isDone } from '../status';
import { verbType } from '../verbs';
import { sn } from './service-now-fields';
import { serviceNowStatus } from './service-now-states';

const PREFIXES: ReadonlyArray<readonly [RegExp, string]> = [
	[/^INC\d/, 'incident'],
	[/^CHG\d/, 'change_request'],
	[/^CTASK\d/, 'change_task'],
	[/^PRB\d/, 'problem'],
	[/^REQ\d/, 'sc_request'],
	[/^RITM\d/, 'sc_req_item'],
	[/^(SC)?TASK\d/, 'sc_task'],
	[/^SIR\d/, 'sn_si_incident'],
	[/^Alert\d/, 'em_alert'],
];

/** The table of a record: named, else by the prefix of its number; `incident` where neither says. */
export function tableOf(body: unknown, row: unknown): string {
	const named = text(body, 'table') ?? sn(row, 'sys_class_name') ?? text(body, 'sys_class_name');
	if (named !== undefined) return named.toLowerCase().replace(/\s+/g, '_');
	const number = sn(row, 'number') ?? '';
	return PREFIXES.find(([pattern]) => pattern.test(number))?.[1] ?? 'incident';
}

/** Before and after of a column, where the sender gives the one before (`previous_<column>`, `previous.<column>`). */
function moved(
	body: unknown,
	row: unknown,
	column: string,
): { from?: string | null; to?: string | null } | undefined {
	const key = `previous_${column}`;
	const before = own(body, 'previous') ?? own(row, 'previous');
	const holder = [body, row].find((candidate) => own(candidate, key) !== undefined);
	const known = holder !== undefined || own(before, column) !== undefined;
	const from =
		holder !== undefined
			? (sn(holder, key) ?? text(own(holder, key), 'sys_id'))
			: (sn(before, column) ?? text(own(before, column), 'sys_id'));
	const to = sn(row, column) ?? text(own(row, column), 'sys_id');
	const named = [...list(own(body, 'changed_fields')), ...list(own(body, 'changes'))].some(
		(entry) => str(entry) === column || text(entry, 'field') === column,
	);
	return named || (known && from !== to) ? { from: from ?? null, to: to ?? null } : undefined;
}

function updateFacts(body: unknown, row: unknown, table: string): Fact[] {
	const facts: Fact[] = [];
	const column =
		own(row, 'state') === undefined && own(row, 'incident_state') !== undefined
			? 'incident_state'
			: 'state';
	const state = moved(body, row, column) ?? moved(body, row, 'state');
	const known = [body, row].some(
		(candidate) => sn(candidate, 'previous_state') ?? sn(own(candidate, 'previous'), 'state'),
	);
	const status = serviceNowStatus(table, sn(row, column));
	if (state) {
		facts.push(statusFact(serviceNowStatus(table, state.from ?? undefined), status, state));
		if (table === 'change_request' && state.to === '-2')
			facts.push({ type: 'change_scheduled', field: 'state', ...state });
	} else if (!known && isDone(status)) {
		facts.push(statusFact(undefined, status));
	} else if (!known && table === 'change_request' && sn(row, 'state') === '-2') {
		facts.push({ type: 'change_scheduled' });
	}
	const assigned = moved(body, row, 'assigned_to');
	if (assigned) {
		facts.push({
			type: assigned.to === null ? 'ticket_updated' : 'ticket_assigned',
			field: 'assigned_to',
			...assigned,
		});
	}
	const priority = moved(body, row, 'priority');
	if (priority) {
		const raised = isRaised('serviceNow', priority.from, priority.to);
		facts.push({
			type: raised ? 'ticket_escalated' : 'ticket_updated',
			field: 'priority',
			...priority,
		});
	}
	const escalation = moved(body, row, 'escalation');
	if (escalation && Number(escalation.to) > Number(escalation.from)) {
		facts.push({ type: 'ticket_escalated', field: 'escalation', ...escalation });
	}
	return facts;
}

/** What a table says by itself: an SLA row, an approval row, a security incident, a monitoring alert. */
function tableFacts(row: unknown, table: string, facts: Fact[]): Fact[] {
	if (table === 'task_sla') {
		if (truthy(sn(row, 'has_breached'))) return [{ type: 'sla_breached' }];
		const used = Number(sn(row, 'percentage') ?? sn(row, 'business_percentage'));
		const stage = sn(row, 'stage')?.toLowerCase().replace(/\s+/g, '_');
		return used >= 75 && (stage === undefined || stage === 'in_progress')
			? [{ type: 'sla_breaching' }]
			: [];
	}
	if (table === 'sysapproval_approver') {
		return sn(row, 'state')?.toLowerCase() === 'requested' ? [{ type: 'approval_requested' }] : [];
	}
	// The end of an alarm is no alarm: it must not wake people the way its beginning does.
	const over = facts.some(
		(fact) => fact.type === 'ticket_resolved' || fact.type === 'ticket_closed',
	);
	if (over) return [];
	if (table === 'sn_si_incident') return [{ type: 'security_alert' }];
	return table === 'em_alert' ? [{ type: 'system_failure' }] : [];
}

/** Every fact of one ServiceNow record with the template's `event` word. */
export function serviceNowFacts(
	body: unknown,
	row: unknown,
	table: string,
	commented: boolean,
): Fact[] {
	const verb = text(body, 'event', 'operation') ?? text(row, 'event', 'operation');
	const type = verbType(verb) ?? 'ticket_updated';
	const isRow = table === 'task_sla' || table === 'sysapproval_approver';
	const facts: Fact[] = isRow ? [] : [{ type }];
	if (!isRow && type !== 'ticket_created') facts.push(...updateFacts(body, row, table));
	if (
		isRow &&
		(type === 'sla_breached' || type === 'sla_breaching' || type === 'approval_requested')
	)
		facts.push({ type });
	if (commented && type !== 'ticket_created') facts.push({ type: 'ticket_comment' });
	return [...facts, ...tableFacts(row, table, facts)];
}
