import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const posix = (path) => path.split(sep).join('/');

/** Paths below `folder` relative to the root, sorted, with forward slashes. */
export function filesBelow(folder, suffix) {
	const dir = join(ROOT, folder);
	if (!existsSync(dir)) return [];
	return readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
		.map((entry) => posix(relative(ROOT, join(entry.parentPath ?? entry.path, entry.name))))
		.sort();
}

export const nodeFiles = () => filesBelow('nodes', '.node.ts');
export const credentialFiles = () => filesBelow('credentials', '.credentials.ts');

/** n8n demands that the class is called as its file. */
export const className = (file) => basename(file).split('.')[0];

/** Folders of core that have a face of their own. */
export function coreFolders() {
	const dir = join(ROOT, 'core');
	if (!existsSync(dir)) return [];
	return readdirSync(dir, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && existsSync(join(dir, entry.name, 'index.ts')))
		.map((entry) => entry.name)
		.sort();
}

export const readPackage = () => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
