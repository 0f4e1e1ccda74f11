import type { SourceId } from './source-ids';

export interface DedupeRule {
	/** `id`: the sender's delivery id, the same for ever. `hash`: of the body, the same only inside the window. */
	kind: 'id' | 'hash';
	/** Counted from the first event of that id; after it the same bytes are a new event. */
	windowMs?: number;
}

const WINDOW_MS = 10 * 60_000;

/** Senders that name their deliveries, always or as a rule (Jira: Cloud does, Data Center does not). */
const WITH_ID = new Set<SourceId>([
	'jira',
	'zendesk',
	'serviceNow',
	'zammad',
	'requestTracker',
	'pagerDuty',
	'opsgenie',
	'alertmanager',
	'grafana',
	'zabbix',
]);

/** Ids that `contentEventId` made, with the place in a body of several events, and the window in which it was taken. */
const CONTENT_ID = /^e_[0-9a-f]{40}(\.\d+)?(@\d+)?$/;

/** How long an event id counts as the same. With the event id the answer is exact, without it the source's rule. */
export function dedupeWindow(source: SourceId, eventId?: string): DedupeRule {
	const isId = eventId === undefined ? WITH_ID.has(source) : !CONTENT_ID.test(eventId);
	return isId ? { kind: 'id' } : { kind: 'hash', windowMs: WINDOW_MS };
}

/**
 * The id under which an event is taken. The same content after its window is a new event: under the old id the ledger
 * would hold its messages for sent. By the clock, so that several triggers that hear the same give it the same id.
 */
export function takenId(source: SourceId, eventId: string, now: number): string {
	const rule = dedupeWindow(source, eventId);
	if (rule.windowMs === undefined || eventId.includes('@')) return eventId;
	return `${eventId}@${Math.floor(now / rule.windowMs)}`;
}
