import type { GroupRef, PersonRef } from './model';
import { at, isRecord, list, str } from './read/paths';
import { cap } from './read/text';

/** The many spellings of "nobody": all of them mean unassigned. */
const NOBODY = new Set([
	'',
	'-',
	'0',
	'nobody',
	'none',
	'null',
	'undefined',
	'unassigned',
	'*unknown*',
	'root@localhost',
	'n/a',
	'no agent',
	'no group',
]);

/** A name, login or mail as text; undefined for blank and for every spelling of "nobody". */
export function who(value: unknown): string | undefined {
	const label = str(value);
	if (label === undefined || NOBODY.has(label.toLowerCase())) return undefined;
	// A macro or placeholder that the sender did not fill in names nobody either.
	return /^(\{.*\}|\$\w+\$|##.*##)$/.test(label) ? undefined : cap(label, 320);
}

const isMail = (value: string | undefined): boolean =>
	value !== undefined && /^[^\s@]+@[^\s@]+$/.test(value);

/** `Emily Adams <emily@example.com>` as its parts. */
function fromText(value: string): PersonRef {
	const named = /^([^<>]{1,200})<([^<>\s]{1,200})>$/.exec(value);
	if (named && isMail(named[2]))
		return { email: named[2], name: named[1].trim().replace(/^"|"$/g, '') };
	return isMail(value) ? { email: value } : value;
}

export interface PersonParts {
	id?: unknown;
	login?: unknown;
	email?: unknown;
	name?: unknown;
}

/** Somebody from the parts that a source gives; undefined if none of them names anybody. */
export function person(parts: PersonParts): PersonRef | undefined {
	const [id, login, email, name] = [
		who(parts.id),
		who(parts.login),
		who(parts.email),
		who(parts.name),
	];
	if (!id && !login && !email && !name) return undefined;
	const found = { id, login, email: email ?? (isMail(login) ? login : undefined), name };
	return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** Paths, in order of preference, at which one source keeps the parts of a person. */
export type PersonPaths = Partial<Record<keyof PersonParts, string[]>>;

const COMMON: PersonPaths = {
	id: ['id', 'user_id', 'accountId', 'sys_id'],
	login: ['login', 'username', 'user_name', 'userName'],
	email: ['email', 'mail', 'emailAddress', 'email_id', 'email_address'],
	name: ['name', 'displayName', 'display_name', 'real_name', 'summary', 'friendlyname'],
};

/** Somebody as an object or a plain text; undefined for nobody. */
export function personOf(value: unknown, paths: PersonPaths = COMMON): PersonRef | undefined {
	if (!isRecord(value)) {
		const label = who(value);
		return label === undefined ? undefined : fromText(label);
	}
	const part = (names: string[] = []) => names.map((name) => who(at(value, name))).find(Boolean);
	return person({
		id: part(paths.id),
		login: part(paths.login),
		email: part(paths.email),
		name: part(paths.name),
	});
}

/** Several people from an array, one person, or mails separated by commas; at most 200. */
export function peopleOf(value: unknown, paths?: PersonPaths): PersonRef[] | undefined {
	const separated = typeof value === 'string' ? value.slice(0, 20_000).split(/[,;\n]/) : value;
	const entries = Array.isArray(separated) ? list(separated).slice(0, 200) : [separated];
	const found = entries
		.map((entry) => personOf(entry, paths))
		.filter((entry) => entry !== undefined);
	return found.length ? found : undefined;
}

/** A group or team: plain text, or `{id, name}`. */
export function groupOf(value: unknown): GroupRef | undefined {
	if (!isRecord(value)) return who(value);
	const id = who(at(value, 'id')) ?? who(at(value, 'sys_id')) ?? who(at(value, 'value'));
	const name =
		who(at(value, 'name')) ?? who(at(value, 'display_value')) ?? who(at(value, 'summary'));
	if (id === undefined && name === undefined) return undefined;
	return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
}
