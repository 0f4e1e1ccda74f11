import { ItsmNotifyError, messageOf } from '../errors';
import { decodeEntities } from './read/entities';
import { nestForm, withoutRoot } from './read/form';
import { header } from './read/headers';
import { isRecord, own } from './read/paths';
import { parseJson } from './json';

export interface EventRequest {
	body: unknown;
	rawBody?: Buffer;
	headers: Record<string, string | undefined>;
	query?: Record<string, string>;
}

/** Members in which PHP-like senders wrap their JSON text (ServiceDesk Plus, iTop, form webhooks). */
const WRAPPERS = ['input_data', 'json_data', 'payload'];

const isBlank = (body: unknown): boolean =>
	body === undefined ||
	body === null ||
	body === '' ||
	(isRecord(body) && Object.keys(body).length === 0);

function unreadable(cause: unknown): ItsmNotifyError {
	return new ItsmNotifyError('unreadable_body', `The body is no JSON: ${messageOf(cause)}`, {
		field: 'body',
		fix: 'Send JSON; in a template that an admin writes, escape quotes and line breaks of free text.',
		status: 400,
		cause,
	});
}

/** JSON, else once more after decoding entities (GLPI templates), else a form. */
function parseText(source: string): unknown {
	const text = source.replace(/^\uFEFF/, '').trim();
	try {
		return parseJson(text);
	} catch (error) {
		if (text.includes('&quot;') || text.includes('&#34;')) {
			try {
				return parseJson(decodeEntities(text));
			} catch {
				// The first error is the one that helps.
			}
		}
		const isForm =
			/^[\w.%+-]{1,100}=/.test(text) && WRAPPERS.some((name) => text.includes(`${name}=`));
		if (isForm) return Object.fromEntries(new URLSearchParams(text));
		throw unreadable(error);
	}
}

/** The inner document of form-wrapped JSON, or the body itself. */
function unwrap(body: unknown): unknown {
	for (const name of WRAPPERS) {
		const inner = own(body, name);
		if (typeof inner !== 'string' || !/^\s*[[{]/.test(inner)) continue;
		const parsed = parseText(inner);
		// What stood beside it in the form (event name, token) stays reachable.
		return isRecord(parsed) && isRecord(body) ? { ...body, [name]: undefined, ...parsed } : parsed;
	}
	return body;
}

/** What n8n made of a form or of XML, in the shape that the same body has as JSON. */
function reshape(body: unknown, request: EventRequest): unknown {
	if (!isRecord(body)) return body;
	const type = header(request.headers, 'content-type')?.toLowerCase() ?? '';
	if (/^[\w.-]+\/(?:[\w.-]+\+)?xml\b/.test(type)) return withoutRoot(body);
	return type.startsWith('application/x-www-form-urlencoded') ? nestForm(body) : body;
}

/** Integers that a JSON number cannot hold; their text is still in the raw body. */
const LONG_NUMBER = /[:[,\s]-?\d{16}/;

/**
 * The body as data. n8n gives `{}` where the Content-Type is missing or unknown: then the raw body is parsed.
 * Throws `unreadable_body` (400).
 */
export function readBody(request: EventRequest): unknown {
	const { body, rawBody } = request;
	if (typeof body === 'string' && body.trim()) return unwrap(parseText(body));
	const raw = rawBody && rawBody.length > 0 ? Buffer.from(rawBody).toString('utf8') : undefined;
	if (isBlank(body)) {
		if (raw === undefined) throw unreadable('it is empty');
		return unwrap(parseText(raw));
	}
	if (raw !== undefined && LONG_NUMBER.test(raw) && /^\s*[[{]/.test(raw)) {
		try {
			return unwrap(parseJson(raw));
		} catch {
			// Not JSON after all: what the platform parsed counts.
		}
	}
	return unwrap(reshape(body, request));
}

/** The bytes that stand for the body in a hash: as received, else its JSON. */
export function bytesOf(request: EventRequest): Uint8Array | string {
	if (request.rawBody && request.rawBody.length > 0) return request.rawBody;
	return typeof request.body === 'string' ? request.body : (JSON.stringify(request.body) ?? '');
}
