export type Json = Record<string, unknown>;

/** Names that lead out of the data into JavaScript's own objects. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

export const isRecord = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** An own member of an object or array; never an inherited one (`toString` of a Jira changelog item). */
export function own(value: unknown, key: string): unknown {
	if (typeof value !== 'object' || value === null || FORBIDDEN.has(key)) return undefined;
	return Object.prototype.hasOwnProperty.call(value, key) ? (value as Json)[key] : undefined;
}

/** What stands at a dotted path (`a.b.0.c`) of own members; a key that itself holds dots wins. */
export function at(value: unknown, path: string): unknown {
	const direct = own(value, path);
	if (direct !== undefined || !path.includes('.')) return direct;
	return path.split('.').reduce<unknown>(own, value);
}

/** Half a surrogate pair makes `encodeURIComponent` throw and databases refuse the text. */
export const wellFormed = (value: string): string =>
	// In every supported Node, not yet in the library of our TypeScript target.
	(value as string & { toWellFormed(): string }).toWellFormed();

// eslint-disable-next-line no-control-regex -- PostgreSQL takes no NUL; the others have no place in an id or a name
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Longer texts are no ids: what else they hold is cleaned where they are read, and 10 MB must not cost seconds. */
const ID_LENGTH = 4_096;

const storable = (value: string): string =>
	wellFormed(
		value.length <= ID_LENGTH ? value.replace(UNPRINTABLE, '') : value.replaceAll('\u0000', ''),
	);

/** A scalar as trimmed text; undefined for blank text and for everything that is no scalar. */
export function str(value: unknown): string | undefined {
	if (typeof value === 'string') return storable(value).trim() || undefined;
	if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
	if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
	return undefined;
}

/** The text at the first of the paths that has any. */
export function text(value: unknown, ...paths: string[]): string | undefined {
	for (const path of paths) {
		const found = str(at(value, path));
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The record at the first of the paths that has one, else an empty one. */
export function record(value: unknown, ...paths: string[]): Json {
	for (const path of paths) {
		const found = at(value, path);
		if (isRecord(found)) return found;
	}
	return {};
}

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const isEmpty = (value: Json): boolean => Object.keys(value).length === 0;

/** `true`, `"true"`, 1, `"1"`, `"yes"`: systems write booleans in all of these ways. */
export const truthy = (value: unknown): boolean =>
	value === true || ['true', '1', 'yes'].includes(str(value)?.toLowerCase() ?? '');

/** A copy without forbidden names, at most `depth` levels deep: what may be passed on from a stranger's body. */
export function sanitize(value: unknown, depth = 12): unknown {
	if (typeof value === 'string') return storable(value);
	if (typeof value !== 'object' || value === null) return value;
	if (depth === 0) return undefined;
	if (Array.isArray(value)) return value.map((entry) => sanitize(entry, depth - 1));
	const entries = Object.entries(value).filter(([key]) => !FORBIDDEN.has(key));
	return Object.fromEntries(
		entries.map(([key, entry]) => [storable(key), sanitize(entry, depth - 1)]),
	);
}
