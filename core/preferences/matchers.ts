import { z } from 'zod';

import { ItsmNotifyError } from '../errors';
import { EVENT_TYPES, PRIORITIES } from '../events/model';

/** `path op "value"`, as in Alertmanager: `= != =~ !~`; a regular expression is anchored at both ends. */
export interface Matcher {
	path: string;
	op: '=' | '!=' | '=~' | '!~';
	value: string;
	test(event: unknown): boolean;
}

const FORM = /^\s*([A-Za-z_][\w.\-[\]]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))\s*$/s;
const MAX_REGEX = 1_000;

/** Reads one matcher; throws `invalid_matcher`. */
export function parseMatcher(text: string): Matcher {
	const match = FORM.exec(text);
	if (!match) return refuse(text, 'is not of the form path op "value"');
	const path = match[1];
	const op = match[2] as Matcher['op'];
	const value = match[3] === undefined ? match[4] : unescape(match[3]);
	const negative = op.startsWith('!');
	const holds = op.endsWith('~')
		? regex(text, value)
		: (candidate: string): boolean => candidate === value;
	return { path, op, value, test: (event) => textAt(event, path).some(holds) !== negative };
}

export const parseMatchers = (texts: readonly string[]): Matcher[] => texts.map(parseMatcher);

/** Matchers as a parameter may hold them: a list of texts, or one text (as an expression gives it). */
export function matcherTexts(value: unknown): string[] {
	const texts: unknown[] = Array.isArray(value) ? value : [value];
	return texts.map((text) =>
		typeof text === 'string' ? text : refuse(JSON.stringify(text), 'is not a text'),
	);
}

/** All must hold. */
export const matchesAll = (matchers: readonly Matcher[], event: unknown): boolean =>
	matchers.every((m) => m.test(event));

const refuse = (text: string, why: string): never => {
	throw new ItsmNotifyError('invalid_matcher', `Matcher ${JSON.stringify(text)}: ${why}`, {
		field: 'matchers',
		fix: 'Write path, operator and value, such as content.priority="Low" or event_type=~"ticket_.*".',
		status: 400,
	});
};

/** `\"`, `\\` and `\n` are escapes; any other backslash belongs to the regular expression. */
const unescape = (quoted: string): string =>
	quoted.replace(/\\(.)/gs, (_, c: string) =>
		c === 'n' ? '\n' : c === '"' || c === '\\' ? c : `\\${c}`,
	);

function regex(text: string, source: string): (candidate: string) => boolean {
	if (source.length > MAX_REGEX) return refuse(text, 'the regular expression is too long');
	let problem: unknown;
	// Unicode mode refuses harmless escapes such as `\-`, which other engines take.
	for (const flags of ['su', 's']) {
		try {
			const compiled = new RegExp(`^(?:${source})$`, flags);
			return (candidate) => compiled.test(candidate);
		} catch (error) {
			problem ??= error;
		}
	}
	return refuse(text, `the regular expression cannot be read (${(problem as Error).message})`);
}

/** Values that an event can have at a path: the whole set where it is closed, samples (with "", missing) where it is open. */
function samplesOf(path: string): readonly string[] {
	if (path === 'event_type') return EVENT_TYPES;
	if (path === 'content.priority') return PRIORITIES;
	const open = ['x', 'Any 值\n2', '42', 'INC-001234', 'web-server-01', 'a.b@example.org'];
	return ALWAYS_THERE.has(path) ? open : ['', ...open];
}

const ALWAYS_THERE = new Set([
	'event_id',
	'timestamp',
	'source',
	'content.ticket_id',
	'content.ticket_title',
]);
/** Regular expressions that hold for no text at all: `!~` of one holds for every text. */
const IMPOSSIBLE = /^(?:\(\?!\)|\[\]|\[\^\\s\\S\]|\[\^\\d\\D\]|\[\^\\w\\W\])$/;

/**
 * None, or only ones that hold for every event: such a silence stops everything (RS5). Sound for `=`, `!=` and the
 * closed fields (event_type, content.priority); for other regular expressions it goes by samples.
 */
export function matchesEverything(matchers: readonly Matcher[]): boolean {
	return matchers.every((matcher) => {
		const { path, op, value } = matcher;
		const closed = path === 'event_type' || path === 'content.priority';
		if (op === '!~' && !closed && value !== '') return IMPOSSIBLE.test(value);
		// What a matcher names may occur, unless the field cannot be empty.
		const meant = op === '!=' && value.trim() !== '' ? [value] : [];
		return [...samplesOf(path), ...meant].every((sample) => matcher.test(at(path, sample)));
	});
}

/** An object that holds `sample` at a path. */
const at = (path: string, sample: string): unknown =>
	keysOf(path).reduceRight<unknown>((inner, key) => ({ [key]: inner }), sample);

const keysOf = (path: string): string[] => path.split(/[.[\]]+/).filter((key) => key !== '');

/**
 * The values at a dotted path (own properties only) as texts: a list gives each member (or `[0]`, `.0` one of them), a
 * person each of id, login, email and name; what is missing gives "".
 */
export function textAt(document: unknown, path: string): string[] {
	let values: unknown[] = [document];
	for (const key of keysOf(path)) {
		values = values.flatMap((value) => {
			if (Array.isArray(value) && !/^\d+$/.test(key))
				return value.map((member) => own(member, key));
			return [own(value, key)];
		});
	}
	const texts = values.flatMap((value) =>
		Array.isArray(value) ? value.flatMap(scalars) : scalars(value),
	);
	return texts.length === 0 ? [''] : texts;
}

const own = (value: unknown, key: string): unknown =>
	typeof value === 'object' && value !== null && Object.hasOwn(value, key)
		? (value as Record<string, unknown>)[key]
		: undefined;

function scalars(value: unknown): string[] {
	if (value === null || value === undefined) return [''];
	if (typeof value !== 'object') return [String(value)];
	const named = ['id', 'login', 'email', 'name']
		.map((key) => own(value, key))
		.filter((part) => typeof part === 'string' && part !== '');
	return named.length > 0 ? (named as string[]) : [JSON.stringify(value)];
}

/** A list of matchers that can be read and does not match everything. */
export const matcherListSchema = z.array(z.string()).superRefine((texts, context) => {
	try {
		const matchers = parseMatchers(texts);
		if (matchesEverything(matchers))
			context.addIssue({ code: 'custom', message: 'would match every event' });
	} catch (error) {
		context.addIssue({ code: 'custom', message: (error as Error).message });
	}
});
