/**
 * Looks a text up in a table of words: the whole first, then its longest run of words
 * (`"1 - Very High (auto)"` finds `very high` before `high`). Keys are lower case, words separated by one space.
 */
export function lookupWords<T>(table: ReadonlyMap<string, T>, value: string): T | undefined {
	const words = value
		.slice(0, 200)
		.toLowerCase()
		.split(/[^\p{L}\p{N}]+/u)
		.filter(Boolean)
		.slice(0, 12);
	for (let length = words.length; length > 0; length--) {
		for (let start = 0; start + length <= words.length; start++) {
			const found = table.get(words.slice(start, start + length).join(' '));
			if (found !== undefined) return found;
		}
	}
	return undefined;
}

/** `{ High: 'high major' }`-style rows to a lookup table; `_` inside a word is a space. */
export function wordTable<T extends string>(
	rows: ReadonlyArray<readonly [T, string]>,
): Map<string, T> {
	const table = new Map<string, T>();
	for (const [target, words] of rows) {
		for (const word of words.split(' ')) table.set(word.replace(/_/g, ' '), target);
	}
	return table;
}
