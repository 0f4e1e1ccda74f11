export type Headers = Record<string, string | undefined>;

/** A header's trimmed value, whatever the case of its name; undefined when absent or blank. */
export function header(headers: Headers | undefined, name: string): string | undefined {
	const wanted = name.toLowerCase();
	for (const [key, value] of Object.entries(headers ?? {})) {
		if (key.toLowerCase() !== wanted) continue;
		const first: unknown = Array.isArray(value) ? value[0] : value;
		if (typeof first === 'string' && first.trim()) return first.trim();
	}
	return undefined;
}

/** The names of the headers that match, in the order in which they came. */
export const headersLike = (headers: Headers | undefined, pattern: RegExp): string[] =>
	Object.keys(headers ?? {}).filter(
		(name) => pattern.test(name) && header(headers, name) !== undefined,
	);
