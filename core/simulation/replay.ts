import type { Delivery } from '../events/delivery';
import { ticketKey } from '../events/ids';
import type { NotificationEvent } from '../events/model';
import { ItsmNotifyError } from '../errors';
import { compareText } from '../store/rules';
import type { Store } from '../store/types';
import { instantMs } from '../time/instant';
import { currentRules } from './as-it-is';
import type { SimulatedMessage, SimulationResult } from './result';
import { simulate } from './simulate';

export interface ReplayRequest {
	/** Span of the recorded events, ISO 8601; the end is not in it. */
	start: string;
	end: string;
	/** What would be different: a whole policy, documents in place of those of the same people. */
	policy?: Record<string, unknown>;
	preferences?: ReadonlyArray<Record<string, unknown>>;
}

export interface PersonDifference {
	recipient: string;
	before: { messages: number; digests: number };
	after: { messages: number; digests: number };
	/** Messages that only one of the two has, or that come at another instant. */
	no_longer: SimulatedMessage[];
	newly: SimulatedMessage[];
}

export interface Replay {
	events: number;
	people: PersonDifference[];
	before: SimulationResult;
	after: SimulationResult;
}

const PAGE = 500;
/** What is still held at the end of the span is let out in the time after it. */
const AFTERMATH_MS = 24 * 3_600_000;

/**
 * Takes the recorded events of a span through today's rules and through changed ones, and says per person what is
 * different. Presence and administrators' silences are not recorded and so not replayed; of a ticket's acknowledgements
 * the one that counts now is.
 */
export async function replay(store: Store, request: ReplayRequest): Promise<Replay> {
	const start = boundOf(request, 'start');
	const end = boundOf(request, 'end');
	if (end <= start) throw refusal('end', 'must be after start');
	const events = await recordedEvents(store, start, end);
	const timeline = [
		...events,
		...(await acknowledgements(store, events, iso(start), iso(end + AFTERMATH_MS))),
	].sort((a, b) => compareText(a.at, b.at));
	const today = await currentRules(store);
	const changed = new Map(
		(request.preferences ?? []).map((document) => [String(document.user_id), document]),
	);
	const known = new Set(today.preferences.map((document) => String(document.user_id)));
	const preferences = [
		...today.preferences.map((document) => changed.get(String(document.user_id)) ?? document),
		...[...changed].filter(([id]) => !known.has(id)).map(([, document]) => document),
	];
	const span = {
		start: iso(start),
		end: iso(end + AFTERMATH_MS),
		timeline,
	};
	const before = await simulate({ ...span, ...today });
	const after = await simulate({ ...span, preferences, policy: request.policy ?? today.policy });
	return { events: events.length, people: differences(before, after), before, after };
}

const iso = (ms: number): string => new Date(ms).toISOString();

const refusal = (field: string, why: string): ItsmNotifyError =>
	new ItsmNotifyError('invalid_scenario', `Replay: ${field}: ${why}`, {
		field,
		fix: 'Choose two instants, the second after the first.',
		status: 400,
	});

/** An instant without a zone is UTC, as in a scenario (RT4). */
function boundOf(request: ReplayRequest, field: 'start' | 'end'): number {
	const at = instantMs(request[field]);
	if (at === undefined) throw refusal(field, 'must be an ISO 8601 instant');
	return at;
}

/** Each event once, at the instant at which it was first decided. */
async function recordedEvents(store: Store, start: number, end: number): Promise<Recorded[]> {
	const found = new Map<string, Recorded>();
	const since = iso(start);
	const until = iso(end);
	for (let offset = 0; ; offset += PAGE) {
		const rows = await store.deliveries.list({ since, until, limit: PAGE, offset });
		for (const row of rows) {
			// Steps, reminders and digests follow from the events; they are not events themselves.
			if (!row.item || row.purpose !== 'first') continue;
			const known = found.get(row.event_id);
			if (!known || row.created_at < known.at)
				found.set(row.event_id, { at: row.created_at, event: asItCame(row.item) });
		}
		if (rows.length < PAGE) break;
	}
	return [...found.values()].sort(byOrder);
}

type Acknowledgement = { at: string; acknowledge: { ticket_id: string; user_id: string } };

/** Who took these events' tickets in the span: an escalation went no further then. */
async function acknowledgements(
	store: Store,
	events: readonly Recorded[],
	since: string,
	until: string,
): Promise<Acknowledgement[]> {
	const ticketOf = new Map(events.map(({ event }) => [ticketKey(event), event.content.ticket_id]));
	const states = await store.tickets.get([...ticketOf.keys()]);
	return states.flatMap(({ ticket_key: key, acknowledged_by: by, acknowledged_at: at }) => {
		const isInSpan = by && at && at >= since && at < until;
		const ticketId = ticketOf.get(key) as string;
		return isInSpan ? [{ at, acknowledge: { ticket_id: ticketId, user_id: by } }] : [];
	});
}

type Recorded = { at: string; event: NotificationEvent };

/** What was decided together came in the order in which it happened. */
const byOrder = (a: Recorded, b: Recorded): number =>
	compareText(a.at, b.at) ||
	Date.parse(a.event.timestamp) - Date.parse(b.event.timestamp) ||
	compareText(a.event.event_id, b.event.event_id);

/** What was held shows its ticket as it was when it went. */
const asItCame = ({ event, first_content: content }: Delivery): NotificationEvent =>
	content ? { ...event, content } : event;

const keyOf = (m: SimulatedMessage): string =>
	JSON.stringify([m.at, m.channel, m.kind, m.event_ids]);

function differences(before: SimulationResult, after: SimulationResult): PersonDifference[] {
	const people = [
		...new Set([...before.messages, ...after.messages].map((m) => m.recipient)),
	].sort();
	return people.map((recipient) => {
		const old = before.messages.filter((m) => m.recipient === recipient);
		const now = after.messages.filter((m) => m.recipient === recipient);
		const oldKeys = new Set(old.map(keyOf));
		const nowKeys = new Set(now.map(keyOf));
		return {
			recipient,
			before: countsOf(old),
			after: countsOf(now),
			no_longer: old.filter((m) => !nowKeys.has(keyOf(m))),
			newly: now.filter((m) => !oldKeys.has(keyOf(m))),
		};
	});
}

const countsOf = (
	messages: readonly SimulatedMessage[],
): { messages: number; digests: number } => ({
	messages: messages.length,
	digests: messages.filter((m) => m.kind === 'digest').length,
});
