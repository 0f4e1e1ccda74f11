import { clean, linkParts } from '../text';

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Outside text for HTML, attributes too. */
export const escape = (text: string): string =>
	clean(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);

/** Outside text of several lines, its web links to press. */
export const escapeWithLinks = (text: string): string =>
	linkParts(clean(text))
		.map((part) =>
			part.url
				? `<a class="l" href="${escape(part.url)}">${escape(part.text)}</a>`
				: escape(part.text),
		)
		.join('')
		.replace(/\n/g, '<br>\n');

/** The words of an HTML mail, for its plain text part. */
export const htmlToText = (html: string): string =>
	html
		.replace(/<(style|script|head|title)\b[\s\S]*?<\/\1\s*>/gi, '')
		.replace(/<a\b[^>]*?href\s*=\s*["']([^"']*)["'][^>]*>([\s\S]*?)<\/a\s*>/gi, '$2 ($1)')
		.replace(/<br\s*\/?>|<\/(?:p|div|tr|li|h[1-6]|table)\s*>/gi, '\n')
		.replace(/<[^>]*>/g, '')
		.replace(/&nbsp;/g, ' ')
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/&quot;/g, '"')
		.replace(/&#39;/g, "'")
		.replace(/&amp;/g, '&')
		.replace(/[ \t]+\n/g, '\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim();
