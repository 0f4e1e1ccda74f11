import { deepFreeze } from '../plain';

/** Documents of one generation; the one before it is kept too. */
const KEPT = 2_000;
const MAX_TEXT = 64 * 1024;

let young = new Map<string, Record<string, unknown>>();
let old = new Map<string, Record<string, unknown>>();

/**
 * The document of a JSON text, frozen: equal texts give one object, so that what is worked out from it (parsed,
 * merged with a policy) is worked out once. Keyed by the text itself, so that it cannot go stale.
 */
export function sharedDocument(text: string): Record<string, unknown> {
	let document = young.get(text);
	if (document !== undefined) return document;
	document = old.get(text) ?? deepFreeze(JSON.parse(text) as Record<string, unknown>);
	if (text.length > MAX_TEXT) return document;
	if (young.size >= KEPT) {
		old = young;
		young = new Map();
	}
	young.set(text, document);
	return document;
}
