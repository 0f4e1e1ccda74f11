import { ItsmNotifyError } from '../../errors';
import { httpUrl, required } from '../credential';
import { httpFailure } from '../http-outcome';
import { clean, isObject, textIn, type Json } from '../text';
import type {
	BatchRequest,
	ChannelRate,
	Credential,
	HttpRequest,
	HttpResponse,
	Outcome,
	SendContext,
} from '../types';
import { numberOf } from './number';

const NAME = 'SMS';
const METHODS = ['GET', 'POST', 'PUT'] as const;

const invalid = (field: string, why: string): never => {
	throw new ItsmNotifyError('invalid_credential', `${why} in the SMS credential.`, { field });
};

function headersOf(credential: Credential): Record<string, string> {
	const text = textIn(credential, 'headersSecret');
	if (!text) return {};
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch {
		return invalid('headersSecret', 'Headers are no JSON object');
	}
	if (!isObject(parsed)) return invalid('headersSecret', 'Headers are no JSON object');
	return Object.fromEntries(
		Object.entries(parsed).map(([name, value]) => [
			name.toLowerCase(),
			/^[\w-]+$/.test(name) && !/[\r\n]/.test(String(value))
				? String(value)
				: invalid('headersSecret', 'A header cannot be sent as it stands'),
		]),
	);
}

/** `{{to}}` and `{{text}}` put in, each in the quoting of its place. */
const fill = (
	template: string,
	values: Record<'to' | 'text', string>,
	quote: (text: string) => string,
): string =>
	template.replace(/\{\{\s*(to|text)\s*\}\}/g, (_all, name: 'to' | 'text') => quote(values[name]));

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

function bodyOf(
	template: string,
	values: Record<'to' | 'text', string>,
	contentType: string | undefined,
): { body: string; type: string } {
	const isJson = contentType ? /json/i.test(contentType) : /^\s*[[{]/.test(template);
	if (isJson) {
		const body = fill(template, values, inJson);
		try {
			JSON.parse(body);
		} catch {
			return invalid('bodyTemplate', 'Body is no valid JSON once filled in');
		}
		return { body: body.trim(), type: contentType ?? 'application/json; charset=utf-8' };
	}
	const isForm = !contentType || /urlencoded/i.test(contentType);
	return {
		body: fill(template, values, isForm ? encodeURIComponent : (text) => text),
		type: contentType ?? 'application/x-www-form-urlencoded',
	};
}

function call(credential: Credential, to: string, text: string): HttpRequest {
	const method = METHODS.find((name) => name === credential.method) ?? 'POST';
	const values = { to, text: clean(text) };
	const url = fill(
		required(credential, 'gatewaySecretUrl', 'URL', NAME),
		values,
		encodeURIComponent,
	);
	const headers = headersOf(credential);
	const base = {
		kind: 'http' as const,
		method,
		url: httpUrl(url, 'gatewaySecretUrl', 'URL', NAME),
	};
	const template = textIn(credential, 'bodyTemplate');
	if (method === 'GET' || !template) return { ...base, headers };
	const { body, type } = bodyOf(template, values, headers['content-type']);
	return { ...base, headers: { ...headers, 'content-type': type }, body };
}

/** The value at a dotted path, as text. */
function at(body: unknown, path: string): string | undefined {
	const value = path
		.split('.')
		.reduce<unknown>(
			(inner, key) =>
				typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
					? (inner as Json)[key]
					: undefined,
			body,
		);
	return value === undefined || value === null || typeof value === 'object'
		? undefined
		: String(value);
}

/** What tells a success, and where the message's id stands; it goes along with the call. */
const judgedBy = (credential: Credential): Json => ({
	successPath: textIn(credential, 'successPath'),
	successValue: textIn(credential, 'successValue') ?? 'true',
	messageIdPath: textIn(credential, 'messageIdPath'),
});

/** `about` is what `judgedBy` gave. */
export function gatewayOutcome(response: HttpResponse, about: Json): Outcome {
	if (response.status < 200 || response.status >= 300)
		return httpFailure(response, 'The SMS gateway');
	const path = textIn(about, 'successPath');
	const said = path && at(response.body, path);
	if (path && said !== about.successValue) {
		return {
			ok: false,
			class: 'payload',
			code: said === undefined ? 'unexpected_answer' : `gateway_${said}`.slice(0, 60),
			message: `The SMS gateway answered ${path} = ${said ?? 'nothing'}.`.slice(0, 300),
			onlyHere: true,
		};
	}
	const id = at(response.body, textIn(about, 'messageIdPath') ?? '');
	return { ok: true, status: 'sent', ...(id ? { providerMessageId: id, ref: { id } } : {}) };
}

const judged = (credential: Credential, request: HttpRequest): BatchRequest => ({
	kind: 'batch',
	calls: [{ request, about: judgedBy(credential) }],
});

/** Any service that takes a number and a text by one HTTP call. */
export const gateway = {
	rate: {} as ChannelRate,
	request(payload: Json, { delivery, credential }: SendContext): BatchRequest {
		const text = textIn(payload, 'text');
		if (!text)
			throw new ItsmNotifyError('invalid_payload', 'The SMS gateway needs a text.', {
				field: 'text',
			});
		return judged(credential, call(credential, numberOf(delivery.address), text));
	},
	reply: (text: string, to: string, credential: Credential): BatchRequest =>
		judged(credential, call(credential, to, text)),
};
