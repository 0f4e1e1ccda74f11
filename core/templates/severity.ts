import type { Severity } from '../channels/card';

export const SEVERITIES = ['critical', 'high', 'normal', 'success', 'info'] as const;

const LOUDNESS: Record<Severity, number> = { info: 0, success: 1, normal: 2, high: 3, critical: 4 };

const byPriority: Record<string, Severity> = { critical: 'critical', high: 'high' };
const byType: Record<string, Severity> = {
	ticket_resolved: 'success',
	ticket_closed: 'info',
	security_alert: 'critical',
	system_failure: 'critical',
	sla_breached: 'critical',
};
const atLeastHigh = new Set(['sla_breaching', 'ticket_escalated']);
const quiet = new Set(['ticket_comment', 'status_update', 'ticket_updated', 'change_scheduled']);

/** How loud one event looks: good news first, then what the type means, then the ticket's priority. */
export function severityOf(about: {
	event_type?: string | null;
	priority?: string | null;
	status?: string | null;
}): Severity {
	const type = about.event_type ?? '';
	if (Object.hasOwn(byType, type)) return byType[type];
	if (about.status === 'resolved') return 'success';
	if (about.status === 'closed') return 'info';
	const priority = (about.priority ?? '').toLowerCase();
	const fromPriority = Object.hasOwn(byPriority, priority) ? byPriority[priority] : undefined;
	if (fromPriority === 'critical') return fromPriority;
	if (fromPriority || atLeastHigh.has(type)) return 'high';
	return quiet.has(type) ? 'info' : 'normal';
}

/** A digest looks as loud as its loudest entry. */
export const loudest = (severities: Severity[]): Severity =>
	severities.reduce<Severity>((a, b) => (LOUDNESS[b] > LOUDNESS[a] ? b : a), 'info');

export const isSeverity = (value: string): value is Severity =>
	(SEVERITIES as readonly string[]).includes(value);
