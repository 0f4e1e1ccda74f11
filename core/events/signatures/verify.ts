import { header, headersLike, type Headers } from '../read/headers';
import { instant } from '../read/time';
import { isSourceId, type SourceId } from '../source-ids';
import { anyMatch, decodeDigest, hmac, secretsOf } from './hmac';
import { SCHEMES, type Scheme } from './schemes';

export type VerifyCode =
	| 'signature_unsupported'
	| 'missing_secret'
	| 'missing_raw_body'
	| 'missing_signature'
	| 'malformed_signature'
	| 'missing_timestamp'
	| 'malformed_timestamp'
	| 'bad_signature'
	| 'stale_timestamp';

export type Verification = { ok: true } | { ok: false; code: VerifyCode };

export interface VerifyOptions {
	/** The signature header, where the sender's admin chose another name (Grafana, generic, ServiceNow). */
	signatureHeader?: string;
	/** The timestamp header; named here it must be present and is always part of what is signed. */
	timestampHeader?: string;
	/** How old a request may be, in ms, instead of the source's own limit. */
	toleranceMs?: number;
}

export interface SignedRequest {
	headers: Headers;
	rawBody?: Uint8Array | string;
}

const refuse = (code: VerifyCode): Verification => ({ ok: false, code });

/** A clock that is ahead is trusted for this long. */
const MAX_AHEAD = 5 * 60_000;

/** Sources whose requests `verifySource` can check. */
export const isVerifiable = (source: unknown): source is SourceId =>
	isSourceId(source) && SCHEMES[source] !== undefined;
export const VERIFIABLE_SOURCES = Object.keys(SCHEMES) as SourceId[];

/** The header's signatures as bytes; undefined if there is no header, empty if none is well-formed. */
function signaturesOf(scheme: Scheme, headers: Headers, name?: string): Buffer[] | undefined {
	const wanted = name ?? scheme.signature;
	const names = typeof wanted === 'string' ? [wanted] : headersLike(headers, wanted);
	const values = names.map((one) => header(headers, one)).filter((value) => value !== undefined);
	if (values.length === 0) return undefined;
	const { prefix = '', bare, list, encodings, digest } = scheme;
	const entries = values.flatMap((value) =>
		(list ? value.slice(0, 4_000).split(',') : [value]).map((one) => one.trim()),
	);
	return entries.slice(0, 20).flatMap((entry) => {
		const isPrefixed = entry.slice(0, prefix.length).toLowerCase() === prefix;
		if (!isPrefixed && !bare) return [];
		const digits = isPrefixed ? entry.slice(prefix.length) : entry;
		return encodings
			.map((encoding) => decodeDigest(digits, encoding, digest))
			.filter((bytes) => bytes !== undefined);
	});
}

/** Timestamps that the request carries, as text: they are signed as sent. */
function timestampsOf(scheme: Scheme, headers: Headers, name?: string): string[] {
	const wanted = name ?? scheme.timestamp?.header;
	if (wanted === undefined) return [];
	const names = typeof wanted === 'string' ? [wanted] : headersLike(headers, wanted).slice(0, 5);
	return names.map((one) => header(headers, one)).filter((value) => value !== undefined);
}

function checkTimestamps(values: string[], maxAge: number, now: number): Verification {
	const times = values.map(instant);
	if (times.every((time) => time === undefined)) return refuse('malformed_timestamp');
	const isFresh = times.some(
		(time) => time !== undefined && now - time <= maxAge && time - now <= MAX_AHEAD,
	);
	return isFresh ? { ok: true } : refuse('stale_timestamp');
}

/**
 * Whether a request was signed by its source with one of the secrets (array, or text with one per line or
 * comma). Over the raw bytes, in constant time; anything missing, blank, malformed or stale is refused.
 * A signature that comes a second time is the caller's to refuse: that needs a store.
 */
export function verifySource(
	source: SourceId,
	secret: string | readonly string[],
	request: SignedRequest,
	now: Date | number = new Date(),
	options: VerifyOptions = {},
): Verification {
	const scheme = isSourceId(source) ? SCHEMES[source] : undefined;
	if (scheme === undefined) return refuse('signature_unsupported');
	const secrets = secretsOf(secret);
	if (secrets.length === 0) return refuse('missing_secret');
	if (request.rawBody === undefined || request.rawBody === null) return refuse('missing_raw_body');
	const body = typeof request.rawBody === 'string' ? Buffer.from(request.rawBody) : request.rawBody;
	const signatures = signaturesOf(scheme, request.headers, options.signatureHeader);
	if (signatures === undefined) return refuse('missing_signature');
	if (signatures.length === 0) return refuse('malformed_signature');

	const mac = (...parts: Array<string | Uint8Array>) =>
		secrets.map((key) => hmac(scheme.digest, key, ...parts));
	const { timestamp } = scheme;
	const stamps = timestampsOf(scheme, request.headers, options.timestampHeader);
	const isRequired = options.timestampHeader !== undefined || timestamp?.required === true;
	if (isRequired && stamps.length === 0) return refuse('missing_timestamp');
	// A timestamp that is there must be signed: the body alone would be the weaker path.
	if (timestamp !== undefined && stamps.length > 0) {
		const signed = stamps.filter((stamp) =>
			anyMatch(signatures, mac(...timestamp.join(stamp, body))),
		);
		const limit = options.toleranceMs ?? timestamp.maxAge;
		return signed.length > 0
			? checkTimestamps(signed, limit, typeof now === 'number' ? now : now.getTime())
			: refuse('bad_signature');
	}
	return anyMatch(signatures, mac(body)) ? { ok: true } : refuse('bad_signature');
}
