export type Path = readonly (string | number)[];

const MAX_DEPTH = 32;

/** Maps every string leaf of a JSON document, depth first; keys and other values stay as they are. */
export function mapLeaves(
	value: unknown,
	map: (leaf: string, path: Path, parent: unknown) => unknown,
	path: Path = [],
	parent: unknown = undefined,
): unknown {
	if (typeof value === 'string') return map(value, path, parent);
	if (typeof value !== 'object' || value === null || path.length > MAX_DEPTH) return value;
	if (Array.isArray(value)) {
		return value.map((item, index) => mapLeaves(item, map, [...path, index], value));
	}
	const copy: Record<string, unknown> = {};
	for (const [key, item] of Object.entries(value)) {
		if (key === '__proto__') continue;
		copy[key] = mapLeaves(item, map, [...path, key], value);
	}
	return copy;
}

/** `["blocks", 0, "text"]` -> `blocks[0].text`. */
export const pathText = (path: Path): string =>
	path.reduce<string>(
		(text, part) =>
			typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part,
		'',
	);
