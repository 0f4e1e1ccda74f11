/** What a search for a person looks through: the values of the preference keys, without their kinds. */
export const searchText = (keys: readonly string[]): string =>
	[...new Set(keys.map((key) => key.slice(key.indexOf(':') + 1)))].join('\n');
