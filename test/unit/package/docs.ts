import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './imports.ts';

export const readPage = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** The fenced blocks of a page in these languages, without the indentation of their fence. */
export function blocksOf(text: string, languages: readonly string[]): string[] {
	const fences = text.matchAll(/^([ \t]*)```(\w+)\n([\s\S]+?)^[ \t]*```/gm);
	return [...fences].flatMap(([, indent, language, body]) =>
		languages.includes(language) ? [body.replaceAll(new RegExp(`^${indent}`, 'gm'), '')] : [],
	);
}

/** What stands below a heading, down to the next one of any level. */
export function sectionOf(text: string, heading: string): string {
	const [, rest] = text.split(`\n${heading}\n`);
	if (rest === undefined) throw new Error(`there is no heading "${heading}"`);
	return rest.split(/\n#+ /)[0];
}

/** The cells of every table row, without the heads. */
export function rowsOf(text: string): string[][] {
	const lines = text.split('\n').map((line) => line.trim());
	return lines
		.filter((line, i) => line.startsWith('|') && !/^\|[\s-|]+\|$/.test(line) && !isHead(lines, i))
		.map((line) =>
			line
				.slice(1, -1)
				.split(/(?<!\\)\|/)
				.map((cell) => cell.trim()),
		);
}

const isHead = (lines: readonly string[], i: number): boolean =>
	/^\|[\s-|]+\|$/.test(lines[i + 1] ?? '');

/** What a text names in backticks. */
export const codesIn = (text: string): string[] =>
	[...text.matchAll(/(?<!`)`([^`\n]+)`/g)].map(([, word]) => word);
