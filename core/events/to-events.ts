import { ItsmNotifyError, messageOf } from '../errors';
import { bytesOf, readBody, type EventRequest } from './body';
import { buildEvents } from './build';
import type { NotificationEvent } from './model';
import type { Draft, Source, SourceInput } from './source';
import { isSourceId, sourceNamed, type SourceId } from './source-ids';
import { BY_LIKENESS, BY_SHAPE, SOURCES } from './sources';
import { MAX_EVENTS, tooManyEvents } from './sources/generic';
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
	// A batch is what its first part is.
	const body: unknown = Array.isArray(input.body) ? input.body[0] : input.body;
	const isIt = (source: Source) => source.detect({ ...input, body });
	const named = sourceNamed(own(body, 'source'));
	return (
		BY_SHAPE.find(isIt) ?? (named ? SOURCES[named] : BY_LIKENESS.find(isIt)) ?? SOURCES.generic
	);
}

/** Names of headers that hold one delivery's id. */
const DELIVERY_ID = /delivery|invocation-id|webhook-identifier/i;

/** The drafts of a body. A batch, an array of what the source sends, is read one by one; its parts share no delivery id. */
function draftsOf(source: Source, input: SourceInput): Draft[] {
	const parts: unknown = input.body;
	if (source === SOURCES.generic || !Array.isArray(parts) || parts.length === 0)
		return source.toDrafts(input);
	if (parts.length > MAX_EVENTS) throw tooManyEvents(parts.length);
	const names = Object.keys(input.headers).filter((name) => !DELIVERY_ID.test(name));
	const headers = Object.fromEntries(names.map((name) => [name, input.headers[name]]));
	return parts.flatMap((body: unknown) => source.toDrafts({ ...input, headers, body }));
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
		const events = buildEvents(adapter.id, draftsOf(adapter, input), {
			bytes: () => bytesOf(request),
			now: input.now,
		});
		return options.includeRaw ? events.map((event) => ({ ...event, raw: input.body })) : events;
	} catch (error) {
		throw asItsmError(error, source);
	}
}
