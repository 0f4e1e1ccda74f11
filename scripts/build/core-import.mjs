import { join, relative, resolve, sep } from 'node:path';
import { ROOT, coreFolders } from './tree.mjs';

const CORE = join(ROOT, 'core');

/** esbuild plugin: what nodes import of core stays outside, so that there is one copy of core. */
export const coreFromOutside = {
	name: 'core-from-outside',
	setup(build) {
		build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, importer }) => {
			const target = resolve(resolveDir, path);
			const below = relative(CORE, target);
			if (below.startsWith('..')) return undefined;
			const [folder, ...rest] = below.split(sep);
			if (!folder || !/^(index(\.ts)?)?$/.test(rest.join('/'))) {
				const text = `Import from the folder's index (core/${folder}), not from "${path}"`;
				return { errors: [{ text, notes: [{ text: `in ${relative(ROOT, importer)}` }] }] };
			}
			if (!coreFolders().includes(folder)) {
				return { errors: [{ text: `core/${folder} has no index.ts` }] };
			}
			return { path: folder, namespace: 'core' };
		});
		build.onResolve({ filter: /^\.\/core\.js$/, namespace: 'core' }, ({ path }) => ({
			path,
			external: true,
		}));
		build.onLoad({ filter: /.*/, namespace: 'core' }, ({ path }) => ({
			contents: `module.exports = require('./core.js').${path};`,
		}));
	},
};
