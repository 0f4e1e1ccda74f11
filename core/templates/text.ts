/** A longer single value is cut: a huge description must not make a ticket undeliverable. */
export const MAX_VALUE = 16 * 1024;

// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f\ud800-\udfff]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Outside text as it may stand in a message: well-formed, no control characters, bounded. */
export function cleanText(text: string): string {
	let clean = text;
	// Not in the middle of a character.
	if (clean.length > MAX_VALUE) {
		clean = `${clean.slice(0, MAX_VALUE - 1).replace(/[\ud800-\udbff]$/, '')}…`;
	}
	if (!UNPRINTABLE.test(clean)) return clean;
	return clean.replace(LONE_SURROGATE, '\ufffd').replace(/\r\n?/g, '\n').replace(CONTROL, '');
}
