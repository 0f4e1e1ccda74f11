import { isInstant } from '../time/instant';
import { formatDate } from '../time/format';
import { cleanText } from '../text';
import { TemplateError } from './errors';
import { spendOutput, type RenderState } from './state';

const listSeparator = (language: string): string => (/^zh|^ja/i.test(language) ? '、' : ', ');

/** A value as text; undefined where it has no printable form. */
export function printable(value: unknown, state: RenderState): string | undefined {
	switch (typeof value) {
		case 'string':
			return cleanText(value);
		case 'number':
		case 'boolean':
		case 'bigint':
			return String(value);
		case 'object':
			break;
		default:
			return undefined;
	}
	if (value === null) return undefined;
	if (isInstant(value)) return formatDate(value, 'medium', state.clock) ?? undefined;
	if (Array.isArray(value)) {
		const parts = value.map((item) => printable(item, state)).filter((part) => part !== undefined);
		return parts.length === value.length
			? cleanText(parts.join(listSeparator(state.clock.language)))
			: undefined;
	}
	const { name, title } = value as { name?: unknown; title?: unknown };
	if (typeof name === 'string') return cleanText(name);
	return typeof title === 'string' ? cleanText(title) : undefined;
}

/** True where the path ends at a known field without a value (null), not at an unknown name (undefined). */
function isAbsent(base: unknown, name: string): boolean {
	let current = base;
	for (const part of name.split(/[./]/)) {
		if (part === 'this' || part === '..' || part === '@root') continue;
		if (current === null) return true;
		if (typeof current !== 'object' || !Object.hasOwn(current as object, part)) return false;
		current = (current as Record<string, unknown>)[part];
	}
	return current === null;
}

/**
 * One `{{…}}`: the value as escaped text. A known field without a value gives `state.absent`;
 * an unknown variable gives an error or a visible marker.
 */
export function writeValue(
	value: unknown,
	name: string,
	state: RenderState,
	scopes: readonly unknown[],
): string {
	const empty = Array.isArray(value) && value.length === 0;
	const text = empty ? undefined : printable(value, state);
	if (text !== undefined) return write(text, state);
	if (
		empty ||
		value === null ||
		(value === undefined && scopes.some((scope) => isAbsent(scope, name)))
	) {
		return write(state.absent, state);
	}
	if (state.missing === 'marker') return write(`⟨${name}?⟩`, state);
	const why =
		value === undefined
			? `the variable "${name}" does not exist or is not set`
			: `the variable "${name}" is no text: name one of its fields`;
	throw new TemplateError('variable_missing', why, { variable: name });
}

function write(text: string, state: RenderState): string {
	const escaped = state.escape(text);
	spendOutput(state, escaped.length);
	return escaped;
}
