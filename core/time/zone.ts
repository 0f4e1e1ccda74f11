import { IANAZone } from 'luxon';

import { ItsmNotifyError } from '../errors';

export interface ZoneWarning {
	code: 'unknown_zone' | 'no_zone';
	field: 'timezone';
	message: string;
}

export interface ResolvedZone {
	zone: string;
	warning?: ZoneWarning;
}

const KNOWN_MAX = 2_000;
const known = new Map<string, boolean>();

/** `CST`, `EST5EDT`, `GMT`: one name, several places. `UTC` is the one that means the same everywhere. */
const ABBREVIATION = /^[A-Z]{1,5}(?:\d{1,2}[A-Z]{0,5})?$/i;
/** `+08:00`, `8`, `UTC+8`, `GMT-5`: an offset knows nothing of clock changes. */
const OFFSET = /^(?:UTC|GMT|Z)?\s*[+\-−±]?\s*\d{1,2}(?::?\d{2}){0,2}$/i;
/** Single words of the IANA list are names of places: `Japan`, `Singapore`. */
const PLACE_WORD =
	/^(?:Japan|Singapore|Israel|Turkey|Cuba|Egypt|Eire|Iran|Hongkong|Iceland|Jamaica|Libya|Navajo|Poland|Portugal|Kwajalein|Zulu|Universal)$/i;

/**
 * Whether `name` is an IANA zone id that this machine knows (`Asia/Shanghai`, `UTC`); false for abbreviations and
 * bare offsets, also where Intl would take them (RT5).
 */
export function validZone(name: unknown): name is string {
	if (typeof name !== 'string') return false;
	const cached = known.get(name);
	if (cached !== undefined) return cached;
	const valid =
		refusedZone(name) === undefined && name === name.trim() && IANAZone.isValidZone(name);
	if (known.size >= KNOWN_MAX) known.clear();
	known.set(name, valid);
	return valid;
}

/** Why a zone is refused at save time: abbreviations and bare offsets. Undefined where it may be kept (it may still be unknown). */
export function refusedZone(name: string): string | undefined {
	const text = name.trim();
	if (text === '' || /^utc$/i.test(text) || PLACE_WORD.test(text)) return undefined;
	if (OFFSET.test(text))
		return `"${text}" is an offset, which knows nothing of clock changes: use an IANA zone such as Asia/Shanghai`;
	if (ABBREVIATION.test(text))
		return `"${text}" is an abbreviation, which means several zones: use an IANA zone such as America/Chicago`;
	return undefined;
}

/** Throws `invalid_zone` naming `field` unless `name` is a zone that can be used. */
export function checkZone(name: unknown, field: string): string {
	if (validZone(name)) return name;
	const why =
		typeof name === 'string'
			? (refusedZone(name) ?? `"${name}" is not a known IANA zone`)
			: 'is not a text';
	throw new ItsmNotifyError('invalid_zone', `${field}: ${why}`, {
		field,
		fix: 'Write an IANA zone such as Asia/Shanghai or Europe/Berlin.',
		status: 400,
	});
}

/**
 * The first usable zone of user, team, instance default; `UTC` where there is none (RT5).
 * A warning tells of one that was given but cannot be used (unknown, empty), and of none given at all.
 */
export function resolveZone(candidates: ReadonlyArray<string | null | undefined>): ResolvedZone {
	let unusable: string | undefined;
	for (const candidate of candidates) {
		if (candidate === null || candidate === undefined) continue;
		const name = candidate.trim();
		if (validZone(name))
			return unusable === undefined
				? { zone: name }
				: { zone: name, warning: warn(unusable, name) };
		unusable ??= name;
	}
	return { zone: 'UTC', warning: warn(unusable, 'UTC') };
}

function warn(unusable: string | undefined, used: string): ZoneWarning {
	return unusable
		? {
				code: 'unknown_zone',
				field: 'timezone',
				message: `Zone "${unusable}" is not known; ${used} is used`,
			}
		: { code: 'no_zone', field: 'timezone', message: `No zone is given; ${used} is used` };
}
