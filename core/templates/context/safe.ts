import { cleanText } from '../text';
import { NAMELESS } from './nameless';

/** An object that templates can read: own fields only, nothing inherited has a name. */
export type Bag = Record<string, unknown>;

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 5;
const MAX_NODES = 500;

export function bag<T extends object>(fields: T): T & Bag {
	return { __proto__: NAMELESS, ...fields } as unknown as T & Bag;
}

/** A copy of outside data with own fields only, no functions, bounded in depth and number. */
export function safeCopy(value: unknown, budget = { nodes: MAX_NODES }, depth = 0): unknown {
	budget.nodes -= 1;
	if (budget.nodes < 0 || depth > MAX_DEPTH) return null;
	if (typeof value === 'function' || typeof value === 'symbol') return undefined;
	if (typeof value !== 'object' || value === null) return value;
	if (value instanceof Date) return value.toISOString();
	if (Array.isArray(value)) {
		return value
			.slice(0, Math.max(0, budget.nodes))
			.map((item) => safeCopy(item, budget, depth + 1));
	}
	const copy = bag({});
	for (const [key, item] of Object.entries(value)) {
		if (!FORBIDDEN.has(key)) (copy as Bag)[key] = safeCopy(item, budget, depth + 1);
	}
	return copy;
}

/** A field that may be unset: blank text and undefined are both "no value". */
export const optional = (value: unknown): string | null =>
	typeof value === 'string' && cleanText(value).trim() !== '' ? value : null;

/** Outside links are http(s) only, with nothing that could end a link in any channel's markup. */
export function safeUrl(value: unknown): string | null {
	const text = typeof value === 'string' ? cleanText(value).trim() : '';
	if (!/^https?:\/\/[^/]/i.test(text)) return null;
	// eslint-disable-next-line no-control-regex
	return text.replace(/[\u0000-\u0020<>"`|\\^{}\u007f]/g, (c) => encodeURIComponent(c));
}
