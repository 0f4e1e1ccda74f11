import { ItsmNotifyError, messageOf } from '../errors';
import { bytesOf, readBody, type EventRequest } from './body';
import { buildEvents } from './build';
import type { NotificationEvent } from './model';
import type { Source, SourceInput } from './source';
import { isSourceId, sourceNamed, type SourceId } from './source-ids';
import { BY_LIKENESS, BY_SHAPE, SOURCES } from './sources';
import { own } from './read/paths';

export interface ToEventsOptions {
	/** The time of arrival, for events that carry none; default: the clock. */
	now?: Date;
	/** `https://host` of the system, for links where it sends none. */
	baseUrl?: string;
	/** Only `generic`: event field (`ticket_id`, `content.ticket_id`, `context.sla_deadline`) → dotted path. */
	fieldMap?: object;
	/** Adds the parsed body to each event as `raw`. */
	includeRaw?: boolean;
}

/** Sources that `toEvents` reads: all of them. */
export const IMPLEMENTED_SOURCES = Object.keys(SOURCES) as SourceId[];

/** The source that a request comes from, by header, shape and `source` member; `generic` if none is sure. */
export const detectSource = (request: EventRequest): SourceId => detect(inputOf(request, {})).id;

function detect(input: SourceInput): Source {
	const isIt = (source: Source) => source.detect(input);
	const named = sourceNamed(own(input.body, 'source'));
	return (
		BY_SHAPE.find(isIt) ?? (named ? SOURCES[named] : BY_LIKENESS.find(isIt)) ?? SOURCES.generic
	);
}

function inputOf(request: EventRequest, options: ToEventsOptions): SourceInput {
	return {
		body: readBody(request),
		headers: request.headers ?? {},
		query: request.query ?? {},
		now: options.now ?? new Date(),
		baseUrl: options.baseUrl?.trim().replace(/\/+$/, '') || undefined,
		fieldMap: options.fieldMap,
	};
}

/** A hostile body (10,000 levels deep) may exhaust the stack: the sender gets a 400, never a crash. */
function asItsmError(error: unknown, source: string): ItsmNotifyError {
	if (error instanceof ItsmNotifyError) return error;
	const message = `The ${source} event cannot be read: ${messageOf(error)}`;
	return new ItsmNotifyError('unreadable_event', message, { status: 400, cause: error });
}

/**
 * The notification events of one webhook request: none where it is a message but no news (a PagerDuty ping),
 * several where it holds several (Alertmanager alerts, an array of generic documents).
 * Throws ItsmNotifyError with status 400: `unknown_source`, `unreadable_body`, `not_an_event` (names the paths
 * tried), `invalid_event`, `too_many_events`.
 */
export function toEvents(
	source: SourceId | 'auto',
	request: EventRequest,
	options: ToEventsOptions = {},
): NotificationEvent[] {
	if (source !== 'auto' && !isSourceId(source)) {
		throw new ItsmNotifyError('unknown_source', `Unknown source "${String(source)}"`, {
			field: 'source',
			status: 400,
		});
	}
	try {
		const input = inputOf(request, options);
		const adapter = source === 'auto' ? detect(input) : SOURCES[source];
		const events = buildEvents(adapter.id, adapter.toDrafts(input), {
			bytes: () => bytesOf(request),
			now: input.now,
		});
		return options.includeRaw ? events.map((event) => ({ ...event, raw: input.body })) : events;
	} catch (error) {
		throw asItsmError(error, source);
	}
}
