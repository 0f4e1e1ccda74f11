import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'node:querystring';

export type FormParameters = Record<string, string[]>;

/** Takes the same time wherever two texts differ. */
export function isSame(given: string, expected: string): boolean {
	const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(given), digest(expected));
}

/** base64(HMAC-SHA1(token, URL + sorted names and values)); a name's values once each, sorted. */
export function twilioSignature(token: string, url: string, parameters: FormParameters): string {
	const text = Object.keys(parameters)
		.sort()
		.flatMap((name) => [...new Set(parameters[name])].sort().map((value) => name + value))
		.join('');
	return createHmac('sha1', token)
		.update(url + text, 'utf8')
		.digest('base64');
}

/** With and without its port: Twilio signs either. */
function withPorts(url: string): string[] {
	const [, origin, host, port, rest] =
		/^([a-z]+:\/\/(?:[^/?#@]*@)?)(\[[^\]]*\]|[^/?#:]*)(:\d*)?(.*)$/is.exec(url) ?? [];
	if (origin === undefined) return [url];
	const standard = /^https:/i.test(origin) ? ':443' : ':80';
	return [origin + host + rest, origin + host + (port ?? standard) + rest];
}

const requoted = (url: string): string => {
	const at = url.indexOf('?');
	return at < 0 ? url : `${url.slice(0, at)}?${stringify(parse(url.slice(at + 1)))}`;
};

/** The URL in the ways in which Twilio's own libraries look for it: as it came, normalised, with its query requoted. */
export function urlVariants(url: string): string[] {
	if (!URL.canParse(url)) return [url];
	const normalised = withPorts(new URL(url).href);
	return [...new Set([...withPorts(url), ...normalised, ...normalised.map(requoted)])];
}

/**
 * Whether Twilio made this call. A JSON post carries `bodySHA256` in its query: the URL alone is signed, and the hash
 * must be the body's.
 */
export function verifyTwilio(
	token: string,
	signature: string,
	url: string,
	rawBody: Uint8Array,
	parameters: FormParameters,
): boolean {
	const hash = URL.canParse(url) ? new URL(url).searchParams.get('bodySHA256') : null;
	if (hash !== null) {
		const actual = createHash('sha256').update(rawBody).digest('hex');
		if (!isSame(hash.toLowerCase(), actual)) return false;
	}
	const signed = hash === null ? parameters : {};
	return urlVariants(url)
		.map((variant) => isSame(signature, twilioSignature(token, variant, signed)))
		.some(Boolean);
}
