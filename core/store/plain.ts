/**
 * A copy of plain data as a database would give it back: `undefined` and functions are dropped,
 * dates become ISO text. Several times faster than structuredClone.
 */
export function plainCopy<T>(value: T): T {
	return copy(value) as T;
}

function copy(value: unknown): unknown {
	// JSON knows no negative zero, which + 0 removes.
	if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map((entry) => (isKept(entry) ? copy(entry) : null));
	if (value instanceof Date) return value.toJSON();
	const result: Record<string, unknown> = {};
	for (const key of Object.keys(value)) {
		const entry = (value as Record<string, unknown>)[key];
		if (!isKept(entry)) continue;
		if (key === '__proto__') define(result, key, copy(entry));
		else result[key] = copy(entry);
	}
	return result;
}

const isKept = (value: unknown): boolean => value !== undefined && typeof value !== 'function';

// Assigning to __proto__ would change the prototype instead of keeping the value.
function define(target: object, key: string, value: unknown): void {
	Object.defineProperty(target, key, {
		value,
		enumerable: true,
		writable: true,
		configurable: true,
	});
}

/** Freezes plain data all the way down, for what is shared and never changes. */
export function deepFreeze<T>(value: T): T {
	if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
	Object.values(value).forEach(deepFreeze);
	return Object.freeze(value);
}

/** The values of a list, each once, in the order of their text: rows are always locked in this order. */
export const sortedUnique = (values: readonly string[]): string[] => [...new Set(values)].sort();
