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

/** Ids that `contentEventId` made, with the place in a body of several events. */
const CONTENT_ID = /^e_[0-9a-f]{40}(\.\d+)?$/;

/** How long an event id counts as the same. With the event id the answer is exact, without it the source's rule. */
export function dedupeWindow(source: SourceId, eventId?: string): DedupeRule {
	const isId = eventId === undefined ? WITH_ID.has(source) : !CONTENT_ID.test(eventId);
	return isId ? { kind: 'id' } : { kind: 'hash', windowMs: WINDOW_MS };
}
