import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ROOT } from './imports.ts';

/** Where codex files and credentials say that the documentation is. */
const SELF = 'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/';

const below = (folder: string): string[] =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.map((path) => `${folder}/${path}`)
		.filter((path) => path.endsWith('.md'));

const pages = [...readdirSync(ROOT).filter((path) => path.endsWith('.md')), ...below('docs')];

const withoutCode = (text: string): string =>
	text
		.replace(/^[ \t]*```[\s\S]*?^[ \t]*```/gm, '')
		.replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ''));

/** GitHub's names of headings. */
function anchorsOf(path: string): Set<string> {
	const text = readFileSync(path, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
	const seen = new Map<string, number>();
	const names = [...text.matchAll(/^#{1,6} +(.+)$/gm)].map(([, title]) => {
		const name = title
			.replace(/[`*]/g, '')
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.trim()
			.replace(/\s/g, '-');
		const times = seen.get(name) ?? 0;
		seen.set(name, times + 1);
		return times === 0 ? name : `${name}-${times}`;
	});
	return new Set(names);
}

/** Why a link leads nowhere; undefined where it is well. */
function broken(page: string, link: string): string | undefined {
	if (/^(https?:|mailto:)/.test(link)) return undefined;
	const [path, anchor] = link.split('#');
	const target = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), decodeURI(path));
	if (!existsSync(target)) return `${page}: ${link}`;
	if (relative(ROOT, target).startsWith('..')) return `${page}: ${link} leaves the repository`;
	if (anchor && !anchorsOf(target).has(decodeURIComponent(anchor)))
		return `${page}: ${link} has no such heading`;
	return undefined;
}

test('every relative link of README and docs leads somewhere', () => {
	const links = pages.flatMap((page) =>
		[...withoutCode(readFileSync(join(ROOT, page), 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)].map(
			([, link]) => ({ page, link }),
		),
	);
	expect(links.length).toBeGreaterThan(50);
	expect(links.map(({ page, link }) => broken(page, link)).filter(Boolean)).toEqual([]);
});

test('what nodes and credentials name as their documentation exists', () => {
	const files = ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((path) => /\.node\.json$|\.credentials\.ts$/.test(path))
			.map((path) => `${folder}/${path}`),
	);
	const named = files.flatMap((file) =>
		[...readFileSync(join(ROOT, file), 'utf8').matchAll(/https:\/\/github\.com\/[^'"\s]+/g)].map(
			([url]) => ({ file, url }),
		),
	);
	expect(named.length).toBeGreaterThanOrEqual(files.length);
	const missing = named.filter(
		({ url }) => !url.startsWith(SELF) || !existsSync(join(ROOT, url.slice(SELF.length))),
	);
	expect(missing).toEqual([]);
});

test('a broken link is found', () => {
	expect(broken('README.md', 'docs/nothing.md')).toBeDefined();
	expect(broken('README.md', 'README.md#no-such-heading')).toBeDefined();
	expect(broken('README.md', 'LICENSE')).toBeUndefined();
});
