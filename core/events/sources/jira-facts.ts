import { statusFact, type Fact } from '../facts';
import type { TicketStatus } from '../model';
import { isRaised } from '../priority';
import { at, isRecord, list, own, str, text, truthy, type Json } from '../read/paths';
import { close } from '../read/time';
import { isDone, nearestStatus } from '../status';

/** A breach this recent is the news of the event; an older one is a state that every later event carries. */
const FRESH_BREACH_SECONDS = 15 * 60;

/** The status category rules (workflows name their states freely); the name tells closed and pending apart. */
export function jiraStatus(fields: Json): TicketStatus | undefined {
	const named = nearestStatus(at(fields, 'status.name'));
	switch (text(fields, 'status.statusCategory.key')) {
		case 'done':
			return named === 'closed' ? 'closed' : 'resolved';
		case 'new':
			return named === 'pending' || named === 'assigned' ? named : 'new';
		case 'indeterminate':
			return named !== undefined && !isDone(named) ? named : 'in_progress';
		default:
			return named;
	}
}

const itemName = (item: unknown): string =>
	(text(item, 'fieldId') ?? text(item, 'field') ?? '').toLowerCase();
const toText = (item: unknown): string | undefined =>
	str(own(item, 'toString')) ?? str(own(item, 'to'));
const fromText = (item: unknown): string | undefined =>
	str(own(item, 'fromString')) ?? str(own(item, 'from'));

interface Reading {
	facts: Fact[];
	previous?: TicketStatus;
}

function statusFacts(items: Json[], fields: Json, kind: string): Reading {
	const item = items.find((entry) => itemName(entry) === 'status');
	const resolution = items.find((entry) => itemName(entry) === 'resolution');
	const reopened =
		kind === 'issue_reopened' ||
		(resolution !== undefined && !toText(resolution) && Boolean(fromText(resolution)));
	if (!item) {
		const set = resolution && toText(resolution);
		if (set)
			return {
				facts: [
					{ type: 'ticket_resolved', field: 'resolution', from: fromText(resolution), to: set },
				],
			};
		if (kind === 'issue_reopened') return { facts: [{ type: 'ticket_reopened' }] };
		if (kind === 'issue_resolved') return { facts: [{ type: 'ticket_resolved' }] };
		return { facts: kind === 'issue_closed' ? [{ type: 'ticket_closed' }] : [] };
	}
	const labels = { from: fromText(item), to: toText(item) };
	const to = jiraStatus(fields) ?? nearestStatus(labels.to);
	// Only the old state's name is sent; a cleared resolution says that it was a final one.
	const named = nearestStatus(labels.from);
	const previous = reopened && !isDone(to) && !isDone(named) ? 'resolved' : named;
	const facts = [statusFact(previous, to, labels)];
	if (/approval/i.test(labels.to ?? ''))
		facts.push({ type: 'approval_requested', field: 'status', ...labels });
	const isChange = /change/i.test(text(fields, 'issuetype.name') ?? '');
	if (isChange && /scheduled|awaiting implementation/i.test(labels.to ?? '')) {
		facts.push({ type: 'change_scheduled', field: 'status', ...labels });
	}
	return { facts, previous };
}

function itemFact(item: Json): Fact | undefined {
	const field = itemName(item);
	const change = { field, from: fromText(item) ?? null, to: toText(item) ?? null };
	if (field === '' || field === 'status') return undefined;
	if (field === 'assignee')
		return { type: change.to === null ? 'ticket_updated' : 'ticket_assigned', ...change };
	if (field === 'priority' && isRaised('jira', change.from, change.to))
		return { type: 'ticket_escalated', ...change };
	return { type: 'ticket_updated', ...change };
}

function slaFact(body: unknown, cycles: Json[], quiet: boolean): Fact[] {
	const breached = cycles.filter((cycle) => truthy(own(cycle, 'breached')));
	const fresh = breached.some((cycle) =>
		close(
			at(cycle, 'breachTime.epochMillis') ?? at(cycle, 'breachTime.iso8601'),
			own(body, 'timestamp'),
			FRESH_BREACH_SECONDS,
		),
	);
	return fresh || (quiet && breached.length > 0) ? [{ type: 'sla_breached' }] : [];
}

/** Every fact of a Jira body, and the status before it where the changelog names one. */
export function jiraFacts(body: unknown, fields: Json, cycles: Json[]): Reading {
	const event = (text(body, 'webhookEvent') ?? '').replace(/^jira:/, '');
	const kind = text(body, 'issue_event_type_name') ?? '';
	const items = list(at(body, 'changelog.items')).filter(isRecord).slice(0, 200);
	const { facts: moved, previous } = statusFacts(items, fields, kind);
	const facts: Fact[] = [...moved, ...items.map(itemFact).filter((fact) => fact !== undefined)];
	if (event === 'issue_created') facts.push({ type: 'ticket_created' });
	if (event === 'issue_deleted') facts.push({ type: 'ticket_updated', field: 'deleted', to: true });
	const commented =
		event.startsWith('comment_') || kind === 'issue_commented' || isRecord(own(body, 'comment'));
	if (commented) facts.push({ type: 'ticket_comment' });
	if (kind === 'issue_assigned' && !facts.some((fact) => fact.field === 'assignee')) {
		facts.push({ type: own(fields, 'assignee') ? 'ticket_assigned' : 'ticket_updated' });
	}
	const quiet = facts.every((fact) => fact.type === 'ticket_updated');
	facts.push(...slaFact(body, cycles, quiet));
	const waits = [text(fields, 'status.name'), text(fields, 'issuetype.name')].some((name) =>
		/approval/i.test(name ?? ''),
	);
	if (waits && (event === 'issue_created' || facts.length === 0))
		facts.push({ type: 'approval_requested' });
	return { facts, previous };
}
