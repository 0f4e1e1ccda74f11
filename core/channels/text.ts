/** Control characters but tab and line feed; they break JSON of strict providers and mail alike. */
// eslint-disable-next-line no-control-regex -- they are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** What makes a closer look worth while; most texts have none of it. Whole pairs (emoji) are looked at too. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const SUSPECT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff]/;

/** Text as every provider takes it: line feeds only, no control characters, no half of a surrogate pair. */
export const clean = (text: string): string =>
	SUSPECT.test(text)
		? text
				.replace(/\r\n?/g, '\n')
				.replace(CONTROL, '')
				.replace(/\p{Surrogate}/gu, '\ufffd')
		: text;

/** White space but a lone space between words. */
const UNEVEN = /[^\S ]|\s\s|^\s|\s$/;

/** The same on one line. */
export const oneLine = (text: string): string => {
	const cleaned = clean(text);
	return UNEVEN.test(cleaned) ? cleaned.replace(/\s+/g, ' ').trim() : cleaned;
};

/** Every string of a JSON value through `change`; keys stay. */
export function mapStrings<T>(value: T, change: (text: string) => string): T {
	if (typeof value === 'string') return change(value) as T;
	if (Array.isArray(value)) return value.map((entry: unknown) => mapStrings(entry, change)) as T;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, entry]) => [key, mapStrings(entry, change)]),
	) as T;
}

/** Outside words as text; what is none, such as an object with a `toString` of its own, is empty. */
export const wordsOf = (value: unknown): string =>
	typeof value === 'string'
		? value
		: typeof value === 'number' || typeof value === 'boolean'
			? String(value)
			: '';

/** A text of a loose document: numbers become text, blank is undefined. */
export function textIn(
	document: Readonly<Record<string, unknown>>,
	...names: string[]
): string | undefined {
	for (const name of names) {
		const value = document[name];
		if (typeof value === 'number' && Number.isFinite(value)) return String(value);
		if (typeof value === 'string' && value.trim() !== '') return value.trim();
	}
	return undefined;
}

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const URL_MAX = 2048;
const PLAIN_URL = /^[\w\-./:?=&%#@+~,;!$]+$/;

/** A link that an app may open, safe inside every markup; undefined where it is none (other schemes, too long). */
export function webUrl(url: string | undefined | null): string | undefined {
	const given = url?.trim();
	if (!given || given.length > URL_MAX) return undefined;
	let safe = safeUrls.get(given);
	if (safe === undefined) {
		safe = safeUrl(given) ?? '';
		if (safeUrls.size >= URLS_KEPT) safeUrls.clear();
		safeUrls.set(given, safe);
	}
	return safe || undefined;
}

/** One address stands in a message several times and goes to many people: it is looked at once. */
const safeUrls = new Map<string, string>();
const URLS_KEPT = 1000;

function safeUrl(given: string): string | undefined {
	if (!URL.canParse(given)) return undefined;
	const parsed = new URL(given);
	if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return undefined;
	if (PLAIN_URL.test(given)) return given;
	const coded = parsed.href.replace(
		/[\s<>"'`|\\^{}[\]()*]/g,
		(c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
	);
	return coded.length <= URL_MAX ? coded : undefined;
}

const LINK = /https?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uffef]+/gi;

/** Text in parts, its web links apart. Punctuation after a link is not part of it. */
export function linkParts(text: string): Array<{ text: string; url?: string }> {
	const parts: Array<{ text: string; url?: string }> = [];
	let at = 0;
	for (const found of text.matchAll(LINK)) {
		const shown = found[0].replace(/[.,;:!?)\]}]+$/, '');
		const url = webUrl(shown);
		if (!url) continue;
		if (found.index > at) parts.push({ text: text.slice(at, found.index) });
		parts.push({ text: shown, url });
		at = found.index + shown.length;
	}
	if (at < text.length) parts.push({ text: text.slice(at) });
	return parts;
}
