import { isRecord, list, own, str, type Json } from './paths';

/** Atlassian document JSON: what Jira's API v3 gives instead of text. */
export const isAdf = (value: unknown): value is Json =>
	isRecord(value) && own(value, 'type') === 'doc' && Array.isArray(own(value, 'content'));

const BLOCKS = new Set([
	'paragraph',
	'heading',
	'codeBlock',
	'blockquote',
	'panel',
	'rule',
	'tableRow',
	'mediaSingle',
	'bulletList',
	'orderedList',
	'listItem',
	'taskItem',
	'decisionItem',
]);

/** The words of an Atlassian document, a line per block; at most 5,000 nodes, 40 levels. */
export function adfToText(document: unknown): string {
	let budget = 5_000;
	const visit = (node: unknown, depth: number): string => {
		if (!isRecord(node) || depth > 40 || budget-- <= 0) return '';
		const attrs = own(node, 'attrs');
		switch (own(node, 'type')) {
			case 'text':
				return str(own(node, 'text')) === undefined ? '' : String(own(node, 'text'));
			case 'hardBreak':
				return '\n';
			case 'mention':
			case 'emoji':
			case 'status':
				return str(own(attrs, 'text')) ?? str(own(attrs, 'shortName')) ?? '';
			case 'inlineCard':
			case 'blockCard':
				return str(own(attrs, 'url')) ?? '';
		}
		const type = str(own(node, 'type')) ?? '';
		const inner = list(own(node, 'content'))
			.map((child) => visit(child, depth + 1))
			.join('');
		if (type === 'listItem') return `- ${inner.trim()}\n`;
		if (type === 'tableCell' || type === 'tableHeader') return `${inner.trim()} `;
		return BLOCKS.has(type) ? `${inner}\n` : inner;
	};
	return visit(document, 0);
}
