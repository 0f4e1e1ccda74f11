import { decodeEntities } from './entities';
import { hasHtml, stripHtml } from './html';
import { adfToText, isAdf } from './adf';
import { str, wellFormed } from './paths';

/** Longest title and body that an event carries, in code points. */
export const TITLE_LIMIT = 255;
export const TEXT_LIMIT = 16_000;

/** No more than this is read of a text, in UTF-16 units: markup of 10 MB must not cost seconds. */
const READ_LIMIT = 200_000;

// eslint-disable-next-line no-control-regex -- these are what is removed
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/g;

/** At most `limit` code points, the last one an ellipsis where something was cut. */
export function cap(value: string, limit: number): string {
	if (value.length <= limit) return value;
	const points = Array.from(value.slice(0, limit * 2 + 2));
	if (points.length <= limit && value.length <= limit * 2) return value;
	return `${points
		.slice(0, limit - 1)
		.join('')
		.trimEnd()}…`;
}

const clean = (value: string): string =>
	wellFormed(value)
		.replace(/\r\n?/g, '\n')
		.replace(CONTROL, '')
		.split('\n')
		.map((line) => line.trimEnd())
		.join('\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim();

/** Markup of a Jira v2 text that would be noise in a message; the words stay. */
const unwiki = (value: string): string =>
	value
		.replace(/\{(?:code|noformat|quote|panel|color)(?::[^}\n]{0,200})?\}/g, '')
		.replace(/\[~(?:accountid:)?([^\]\n]{1,128})\]/g, '@$1')
		.replace(/\[([^[\]|\n]{1,500})\|([^[\]|\n]{1,2000})(?:\|[^[\]\n]{0,100})?\]/g, '$1 ($2)')
		.replace(/^h[1-6]\. /gm, '')
		.replace(/!([^!\s|]{1,200}\.\w{2,5})(?:\|[^!\n]{0,200})?!/g, '[$1]');

/**
 * A body as plain text: HTML, Atlassian document JSON and (asked for) wiki markup become text, entities are
 * decoded once; `none` is for a text whose sender calls it text/plain. Undefined for anything without text.
 */
export function plain(
	value: unknown,
	markup: 'auto' | 'wiki' | 'none' = 'auto',
): string | undefined {
	if (isAdf(value)) return cap(clean(adfToText(value)), TEXT_LIMIT) || undefined;
	const source = str(value)?.slice(0, READ_LIMIT);
	if (source === undefined) return undefined;
	if (markup === 'none') return cap(clean(source), TEXT_LIMIT) || undefined;
	const unmarked = markup === 'wiki' ? unwiki(source) : source;
	const words = hasHtml(unmarked) ? stripHtml(unmarked) : decodeEntities(unmarked);
	return cap(clean(words), TEXT_LIMIT) || undefined;
}

/** How a text is to be read that its sender calls `text/plain`, `text/html` or nothing. */
export const markupOf = (contentType: unknown): 'auto' | 'none' =>
	/^text\/plain\b/i.test(str(contentType) ?? '') ? 'none' : 'auto';

/** A title: one line of plain text, capped by code points. Undefined when nothing is left. */
export function title(value: unknown): string | undefined {
	const line = plain(str(value)?.slice(0, TITLE_LIMIT * 40))?.replace(/\s+/g, ' ');
	return line ? cap(line, TITLE_LIMIT) : undefined;
}
