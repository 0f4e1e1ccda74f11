import { caught } from '../errors';
import { isObject, mapStrings } from './text';
import type { ChannelRequest, Credential, HttpRequest } from './types';

export const REDACTED = '***';

/** Field names whose values never leave the process in a message, an error or a log. */
const SECRET_NAME =
	/token|secret|password|passwd|^pass$|webhook|apikey|api_key|privatekey|private_key|^key$|aeskey|authorization/i;

/** Secrets by their shape, wherever they came from. */
const SHAPES: Array<[RegExp, string]> = [
	[
		/((?:access_token|corpsecret|secret|key|sig|sign|token|password|appsecret)=)[^&\s"'<>]+/gi,
		`$1${REDACTED}`,
	],
	[/\b(Bearer|Basic)\s+[\w\-.~+/=]+/gi, `$1 ${REDACTED}`],
	[/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[^\s"'<>]+/gi, `$1${REDACTED}`],
	[/(\/open-apis\/bot\/v2\/hook\/)[^\s"'<>?]+/gi, `$1${REDACTED}`],
	[/\bxox[a-z]-[\w-]+/gi, REDACTED],
	[/(\w+:\/\/)[^/\s:@]+:[^/\s@]+@/g, `$1${REDACTED}@`],
];

/** Shorter values would blot out ordinary words. */
const MIN = 4;

/** A secret as it may come back: whole, the values where it is JSON (headers), and of `Scheme value` the value. */
function textsIn(secret: string): string[] {
	const whole = secret.trim();
	const read = whole.startsWith('{') ? caught((): unknown => JSON.parse(whole)) : undefined;
	const values = read?.ok && isObject(read.value) ? Object.values(read.value).map(String) : [];
	return [
		whole,
		...values.flatMap((value) => [value.trim(), value.trim().split(/\s+/).pop() ?? '']),
	].filter((text) => text.length >= MIN);
}

/** The secret values of a credential and of what `prepare` gave, longest first, also as they stand in a URL. */
export function secretsOf(...sources: Array<Credential | undefined>): string[] {
	const found = new Set<string>();
	const visit = (value: unknown, name: string): void => {
		if (typeof value === 'object' && value !== null) {
			for (const [key, entry] of Object.entries(value))
				visit(entry, Array.isArray(value) ? name : key);
		} else if (typeof value === 'string' && SECRET_NAME.test(name)) {
			for (const text of textsIn(value)) {
				found.add(text);
				found.add(encodeURIComponent(text));
				found.add(new URLSearchParams({ v: text }).toString().slice(2));
			}
		}
	};
	for (const source of sources) visit(source, '');
	return [...found].sort((a, b) => b.length - a.length);
}

/** Shorter beginnings tell nothing, and may be ordinary words. */
const CUT_MIN = 6;

/** A provider's long answer was cut, perhaps in the middle of a secret: its beginning at the end goes too. */
function withoutCutSecret(text: string, secrets: readonly string[]): string {
	let end = text.length;
	while (end > 0 && ')…" '.includes(text[end - 1])) end--;
	for (const secret of secrets) {
		for (let length = Math.min(secret.length - 1, end); length >= CUT_MIN; length--) {
			if (text.endsWith(secret.slice(0, length), end))
				return text.slice(0, end - length) + REDACTED + text.slice(end);
		}
	}
	return text;
}

/** The text without any of the secrets, known or recognised by their shape. */
export function redact(text: string, secrets: readonly string[] = []): string {
	let safe = text;
	for (const secret of secrets) safe = safe.replaceAll(secret, REDACTED);
	safe = withoutCutSecret(safe, secrets);
	for (const [shape, replacement] of SHAPES) safe = safe.replace(shape, replacement);
	return safe;
}

/** A request as it may be shown: no secrets in URL, headers, body or transport. */
export function redactRequest(request: ChannelRequest, secrets: readonly string[]): ChannelRequest {
	if (request.kind === 'smtp') {
		const { host, port, secure } = request.transport;
		return {
			...request,
			transport: { host, port, secure },
			mail: mapStrings(request.mail, (text) => redact(text, secrets)),
		};
	}
	if (request.kind === 'store') return mapStrings(request, (text) => redact(text, secrets));
	if (request.kind === 'batch') {
		return {
			...request,
			calls: request.calls.map((call) => ({
				...call,
				request: redactRequest(call.request, secrets) as HttpRequest,
			})),
		};
	}
	const { body } = request;
	return {
		...request,
		url: redact(request.url, secrets),
		...(request.headers
			? { headers: mapStrings(request.headers, (text) => redact(text, secrets)) }
			: {}),
		...(body === undefined
			? {}
			: {
					body:
						body instanceof Uint8Array
							? REDACTED
							: mapStrings(body, (text) => redact(text, secrets)),
				}),
	};
}
