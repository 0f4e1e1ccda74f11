import { ItsmNotifyError } from '../../errors';
import { isObject, textIn, type Json } from '../text';
import { fitted, SHOWN_KEY } from './typed';

/** What a message can be mapped from: `title`, `number`, `keyword3`, a field's label, … */
export type Names = Record<string, string>;

const refuse = (message: string, field: string, code = 'invalid_credential'): never => {
	throw new ItsmNotifyError(code, message, { field });
};

/** The mapping as an object; it may be JSON text, as in the credential. Undefined where it is empty. Throws `invalid_credential`. */
export function readMapping(given: unknown): Record<string, string> | undefined {
	let read = given;
	if (typeof given === 'string') {
		if (given.trim() === '') return undefined;
		try {
			read = JSON.parse(given);
		} catch {
			return refuse('The Template Mapping of WeChat is no readable JSON.', 'templateMapping');
		}
	}
	if (read === undefined || read === null) return undefined;
	if (!isObject(read))
		return refuse('The Template Mapping of WeChat is no object.', 'templateMapping');
	const entries = Object.entries(read).filter(([, value]) => textIn({ value }, 'value'));
	for (const [key] of entries)
		if (!SHOWN_KEY.test(key))
			refuse(
				`The Template Mapping of WeChat has a key that no template has: "${key}".`,
				`templateMapping.${key}`,
			);
	return entries.length === 0
		? undefined
		: Object.fromEntries(entries.map(([key, value]) => [key, String(value).trim()]));
}

/** `a|b`: the first that says something. */
const lookup = (names: Names, expression: string): string =>
	expression
		.split('|')
		.map((name) => names[name.trim()] ?? '')
		.find((value) => value.trim() !== '') ?? '';

/** `=text` is literal, with `{name}` it is a sentence, else it is a name. */
function valueOf(names: Names, expression: string): string {
	if (expression.startsWith('=')) return expression.slice(1);
	if (/\{[^{}]+\}/.test(expression))
		return expression.replace(/\{([^{}]+)\}/g, (_all, inner: string) => lookup(names, inner));
	return lookup(names, expression);
}

/**
 * `data` of the template message. With a mapping exactly its keys; without one the keys that WeChat shows, under their own
 * names: `first` and `remark` are filtered by WeChat since 2023. Throws `invalid_payload` where nothing is left.
 */
export function dataOf(
	names: Names,
	mapping: Record<string, string> | undefined,
): Record<string, { value: string }> {
	const pairs = mapping
		? Object.entries(mapping).map(([key, expression]) => [key, valueOf(names, expression)] as const)
		: Object.entries(names).filter(([key, value]) => SHOWN_KEY.test(key) && value.trim() !== '');
	if (pairs.length === 0)
		return refuse(
			'WeChat shows nothing of this message: it has no keyword1…n, and the credential has no Template Mapping.',
			'template_data',
			'invalid_payload',
		);
	return Object.fromEntries(pairs.map(([key, value]) => [key, { value: fitted(key, value) }]));
}

/** Every text of a document's data, `{value}` or bare. */
export const namesOf = (data: Json): Names =>
	Object.fromEntries(
		Object.entries(data).flatMap(([name, given]) => {
			const text = textIn(isObject(given) ? given : { value: given }, 'value');
			return text === undefined ? [] : [[name, text] as const];
		}),
	);
