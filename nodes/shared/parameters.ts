import { ItsmNotifyError } from '../../core/errors';

const refuse = (field: string, what: string, given: unknown): never => {
	throw new ItsmNotifyError('invalid_parameter', `"${field}" ${what}: ${shown(given)}`, {
		field,
		fix: `Look at what the expression of "${field}" gives for this item.`,
	});
};

function shown(value: unknown): string {
	if (value === undefined || typeof value === 'number') return String(value);
	return JSON.stringify(value).slice(0, 80);
}

/** Text as a parameter or its expression gives it: a number counts as text, nothing at all as empty. */
export function readText(value: unknown, field: string): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	return refuse(field, 'is no text', value);
}

/** As readText, but something must be there. */
export function requireText(value: unknown, field: string): string {
	const text = readText(value, field);
	return text === '' ? refuse(field, 'is empty', value) : text;
}

/** A number of at least `min`, also as text; nothing at all is the default, more than `max` counts as `max`. */
export function readNumber(
	value: unknown,
	field: string,
	range: { fallback: number; min: number; max: number },
): number {
	if (value === undefined || value === null || value === '') return range.fallback;
	const isNumber = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
	const number = isNumber ? Number(value) : NaN;
	if (!(number >= range.min)) return refuse(field, `is no number from ${range.min} on`, value);
	return Math.min(number, range.max);
}

/** One of the values that a list of the editor has. */
export function readChoice<T extends string>(
	value: unknown,
	field: string,
	choices: readonly T[],
): T {
	const text = readText(value, field);
	const found = choices.find((choice) => choice === text);
	return found ?? refuse(field, `is none of ${choices.join(', ')}`, value);
}

/** A switch; the texts `false`, `no` and `0` are off. */
export const readFlag = (value: unknown): boolean =>
	Boolean(value) && !/^\s*(false|no|0)\s*$/i.test(String(value));

/** Texts of a list, or of one text that separates them by commas. */
export function readTexts(value: unknown, field: string): string[] {
	const list = Array.isArray(value) ? value : readText(value, field).split(/[,，]/);
	return list.map((one) => readText(one, field)).filter((text) => text !== '');
}
