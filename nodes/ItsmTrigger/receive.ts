import { caught } from '../../core/errors';
import {
	dedupeWindow,
	isSourceId,
	takenId,
	toEvents,
	type NotificationEvent,
	type SourceId,
} from '../../core/events';
import type { Store } from '../../core/store';
import type { InboundRequest } from '../shared/inbound';

/** What the webhook answers instead of starting a run, or the events that start one. */
export type Received =
	| { answer: { status: number; body: Record<string, unknown> } }
	| { events: NotificationEvent[]; duplicates: number };

export interface ReceiveSettings {
	source: SourceId | 'auto';
	eventTypes: readonly string[];
	fieldMap?: Record<string, string>;
	baseUrl?: string;
	includeRaw: boolean;
	maxBodyBytes: number;
}

/** Body → events that this trigger wants; a body that cannot be read is answered with 400, naming the paths tried. */
export function receive(request: InboundRequest, settings: ReceiveSettings, now: Date): Received {
	const read = caught(() =>
		toEvents(settings.source, request, {
			now,
			baseUrl: settings.baseUrl,
			fieldMap: settings.fieldMap,
			includeRaw: settings.includeRaw,
		}),
	);
	if (!read.ok) {
		const { code, message, status, details } = read.error;
		return {
			answer: {
				status: status ?? 400,
				body: { error: code, message, ...(details?.tried ? { paths_tried: details.tried } : {}) },
			},
		};
	}
	const wanted = read.value.filter(
		(event) => settings.eventTypes.length === 0 || settings.eventTypes.includes(event.event_type),
	);
	return { events: wanted, duplicates: 0 };
}

const sourceOf = (event: NotificationEvent): SourceId =>
	isSourceId(event.source) ? event.source : 'generic';

/** The event as it goes on: what has no delivery id gets one of its own for each time that it is taken. */
export const asTaken = (event: NotificationEvent, now: Date): NotificationEvent => ({
	...event,
	event_id: takenId(sourceOf(event), event.event_id, now.getTime()),
});

/** Leaves out what this trigger has seen: by the sender's delivery id for ever, by content for ten minutes. */
export async function dropSeen(
	store: Store,
	scope: string,
	events: readonly NotificationEvent[],
	now: Date,
): Promise<NotificationEvent[]> {
	const fresh: NotificationEvent[] = [];
	const byWindow = new Map<number | undefined, NotificationEvent[]>();
	for (const event of events) {
		const rule = dedupeWindow(sourceOf(event), event.event_id);
		const windowMs = rule.kind === 'hash' ? rule.windowMs : undefined;
		byWindow.set(windowMs, [...(byWindow.get(windowMs) ?? []), event]);
	}
	for (const [windowMs, list] of byWindow) {
		const keyOf = (event: NotificationEvent): string =>
			`${scope}|${event.source}|${event.event_id}`;
		const start =
			windowMs === undefined ? undefined : new Date(now.getTime() - windowMs).toISOString();
		const marked = new Set(
			await store.seen.mark([...new Set(list.map(keyOf))], now.toISOString(), start),
		);
		for (const event of list) if (marked.delete(keyOf(event))) fresh.push(event);
	}
	return fresh;
}
