/**
 * The address that a provider names for its socket, with what is added to the query. Undefined where it is none, or where
 * it would carry the ticket in clear although the provider itself is called by https.
 */
export function socketUrl(
	given: string | undefined,
	asked: string,
	query: Record<string, string> = {},
): string | undefined {
	if (!given || !URL.canParse(given)) return undefined;
	const url = new URL(given);
	const isClear = url.protocol === 'ws:' && new URL(asked).protocol === 'http:';
	if (url.protocol !== 'wss:' && !isClear) return undefined;
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
	return url.href;
}
