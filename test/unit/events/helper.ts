import { toEvents, type NotificationEvent, type SourceId } from '../../../core/events';
import { ItsmNotifyError } from '../../../core/errors';

export const NOW = new Date('2026-03-01T12:00:00Z');

type Headers = Record<string, string | undefined>;

/** A request as n8n hands it over: parsed body and the bytes that it came as. */
export const request = (
	body: unknown,
	headers: Headers = {},
	query: Record<string, string> = {},
) => ({
	body,
	rawBody: Buffer.from(JSON.stringify(body)),
	headers: { 'content-type': 'application/json', ...headers },
	query,
});

interface Options {
	headers?: Headers;
	query?: Record<string, string>;
	baseUrl?: string;
	fieldMap?: object;
}

export const all = (
	source: SourceId | 'auto',
	body: unknown,
	options: Options = {},
): NotificationEvent[] =>
	toEvents(source, request(body, options.headers, options.query), { now: NOW, ...options });

/** The only event of a body. */
export function one(
	source: SourceId | 'auto',
	body: unknown,
	options: Options = {},
): NotificationEvent {
	const events = all(source, body, options);
	if (events.length !== 1) throw new Error(`${events.length} events instead of one`);
	return events[0];
}

/** The domain error that a call throws; fails if it throws none or another kind. */
export function refusal(run: () => unknown): ItsmNotifyError {
	try {
		run();
	} catch (error) {
		if (error instanceof ItsmNotifyError) return error;
		throw error;
	}
	throw new Error('nothing was refused');
}
