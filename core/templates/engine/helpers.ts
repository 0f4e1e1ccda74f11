import Handlebars from 'handlebars';

import { DATE_FORMATS, formatDate, type DateFormat } from '../time/format';
import { formatDuration, formatRelative } from '../time/relative';
import { TemplateError } from './errors';
import { printable, writeValue } from './output';
import { spendOutput, spendRound, type RenderState } from './state';

type Options = Handlebars.HelperOptions & { data: { render: RenderState; root: unknown } };
type Helper = (this: unknown, ...args: never[]) => unknown;

/** The helper that every `{{…}}` goes through; its name cannot be written in a template. */
export const WRITE = '⟦write⟧';

/** Helpers that take values, with the least and most arguments; `{{#…}}` cannot be used with them. */
export const VALUE_HELPERS: Record<string, readonly [number, number]> = {
	date: [1, 2],
	time: [1, 1],
	relative: [1, 1],
	duration: [1, 1],
	default: [2, 2],
	eq: [2, 2],
	ne: [2, 2],
	not: [1, 1],
	and: [2, 8],
	or: [2, 8],
	join: [1, 2],
	truncate: [2, 2],
	lookup: [2, 2],
};

/** Helpers that enclose text: `{{#if x}}…{{/if}}`. */
export const BLOCK_HELPERS = ['if', 'unless', 'each', 'with'] as const;

const isEmpty = (value: unknown): boolean =>
	value === undefined ||
	value === null ||
	value === false ||
	value === '' ||
	(Array.isArray(value) && value.length === 0);

const isBlank = (value: unknown): boolean =>
	isEmpty(value) || (typeof value === 'string' && value.trim() === '');

/** Formats a date; an unknown variable stays unknown, text that is no date stays as it is. */
function dated(value: unknown, format: (value: unknown) => string | null | undefined): unknown {
	if (value === undefined) return undefined;
	const text = format(value);
	return text === undefined ? value : text;
}

const values: Record<string, Helper> = {
	date(value: unknown, ...rest: unknown[]) {
		const options = rest.at(-1) as Options;
		const format = rest.length > 1 ? String(rest[0]) : 'medium';
		if (!DATE_FORMATS.includes(format as DateFormat)) {
			throw new TemplateError(
				'template_failed',
				`"${format}" is no date format: use ${DATE_FORMATS.join(', ')}`,
			);
		}
		return dated(value, (v) => formatDate(v, format as DateFormat, options.data.render.clock));
	},
	time: (value: unknown, { data }: Options) =>
		dated(value, (v) => formatDate(v, 'time', data.render.clock)),
	relative: (value: unknown, { data }: Options) =>
		dated(value, (v) => formatRelative(v, data.render.clock)),
	duration: (value: unknown, { data }: Options) =>
		dated(value, (v) => formatDuration(v, data.render.clock)),
	default: (value: unknown, fallback: unknown) => (isBlank(value) ? fallback : value),
	eq: (a: unknown, b: unknown) => same(a, b),
	ne: (a: unknown, b: unknown) => !same(a, b),
	not: (value: unknown) => isEmpty(value),
	and: (...args: unknown[]) => args.slice(0, -1).every((value) => !isEmpty(value)),
	or: (...args: unknown[]) => args.slice(0, -1).find((value) => !isEmpty(value)) ?? '',
	join(list: unknown, ...rest: unknown[]) {
		if (!Array.isArray(list)) return list;
		const { data } = rest.at(-1) as Options;
		const parts = list.map((item) => printable(item, data.render) ?? '');
		return rest.length > 1 ? parts.join(String(rest[0])) : list;
	},
	truncate(value: unknown, length: unknown, { data }: Options) {
		if (value === undefined || value === null) return value;
		const text = printable(value, data.render) ?? '';
		const most = Number(length);
		const characters = Array.from(text);
		return characters.length > most
			? `${characters.slice(0, Math.max(0, most - 1)).join('')}…`
			: text;
	},
	lookup: (value: unknown, key: unknown) => ownField(value, key),
};

/** `42` and `"42"` are the same to the author of a template. */
function same(a: unknown, b: unknown): boolean {
	const scalar = (value: unknown) => (typeof value === 'number' ? String(value) : (value ?? ''));
	return scalar(a) === scalar(b);
}

function ownField(value: unknown, key: unknown): unknown {
	if (typeof value !== 'object' || value === null) return undefined;
	const name = typeof key === 'number' ? String(key) : key;
	if (typeof name !== 'string' || !Object.hasOwn(value, name)) return undefined;
	return (value as Record<string, unknown>)[name];
}

/** Handlebars' `each` with a bound on rounds and output, over own fields only. */
function each(this: unknown, list: unknown, options: Options): string {
	const { render } = options.data;
	const rows: Array<[string | number, unknown]> = Array.isArray(list)
		? list.map((item, index) => [index, item])
		: Object.entries(typeof list === 'object' && list !== null ? list : {});
	if (rows.length === 0) return options.inverse(this);
	let output = '';
	rows.forEach(([key, item], index) => {
		spendRound(render);
		const data = Handlebars.createFrame(options.data);
		Object.assign(data, { key, index, first: index === 0, last: index === rows.length - 1 });
		const text = options.fn(item, { data, blockParams: [item, key] } as never);
		spendOutput(render, text.length);
		output += text;
	});
	return output;
}

function write(this: unknown, value: unknown, name: string, { data }: Options): string {
	return writeValue(value, name, data.render, [this, data.root]);
}

/** Registers exactly our helpers on a fresh Handlebars: no `log`, no partials. */
export function registerHelpers(env: typeof Handlebars): void {
	env.unregisterHelper('log');
	for (const [name, helper] of Object.entries(values)) env.registerHelper(name, helper as never);
	env.registerHelper('each', each as never);
	env.registerHelper(WRITE, write as never);
}
