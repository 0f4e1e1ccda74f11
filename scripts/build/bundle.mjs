import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { copyAssets } from './assets.mjs';
import { coreFromOutside } from './core-import.mjs';
import { writeNotices } from './notices.mjs';
import { ROOT, className, coreFolders, credentialFiles, nodeFiles } from './tree.mjs';

const COMMON = {
	absWorkingDir: ROOT,
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node20',
	metafile: true,
	logLevel: 'warning',
	legalComments: 'none',
	external: ['n8n-workflow', 'pg-native'],
	// The package's main file registers require.extensions, which a bundle does not have.
	alias: { handlebars: 'handlebars/dist/cjs/handlebars' },
};

const generated = (contents) => ({ contents, resolveDir: ROOT, loader: 'ts' });

function writeTo(dist, path, text) {
	const file = join(dist, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

async function bundleCore(dist) {
	const folders = coreFolders();
	const lines = folders.map((name) => `export * as ${name} from './core/${name}/index.ts';`);
	const result = await build({
		...COMMON,
		stdin: generated(lines.join('\n')),
		outfile: join(dist, 'core.js'),
	});
	for (const name of folders) {
		writeTo(dist, `core/${name}/index.js`, `module.exports = require('../../core.js').${name};\n`);
	}
	return result.metafile;
}

async function bundleNodes(dist) {
	const files = nodeFiles();
	const lines = files.map((file) => `export { ${className(file)} } from './${file}';`);
	const result = await build({
		...COMMON,
		stdin: generated(lines.join('\n')),
		outfile: join(dist, 'nodes.js'),
		plugins: [coreFromOutside],
	});
	for (const file of files) {
		const name = className(file);
		const up = '../'.repeat(file.split('/').length - 1);
		const line = `exports.${name} = require('${up}nodes.js').${name};\n`;
		writeTo(dist, file.replace(/\.ts$/, '.js'), line);
	}
	return result.metafile;
}

async function bundleCredentials(dist) {
	const entryPoints = credentialFiles();
	if (entryPoints.length === 0) return { inputs: {} };
	const outdir = join(dist, 'credentials');
	const result = await build({ ...COMMON, entryPoints, outbase: 'credentials', outdir });
	return result.metafile;
}

/** Writes dist/ as a whole: a failed build leaves the former one in place. */
export default async function bundle() {
	const staging = join(ROOT, '.cache', `dist-${process.pid}`);
	rmSync(staging, { recursive: true, force: true });
	try {
		const metafiles = [
			await bundleCore(staging),
			await bundleNodes(staging),
			await bundleCredentials(staging),
		];
		const inputs = new Set(metafiles.flatMap((metafile) => Object.keys(metafile.inputs)));
		copyAssets(staging, inputs);
		writeNotices(inputs);
		rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
		renameSync(staging, join(ROOT, 'dist'));
	} finally {
		rmSync(staging, { recursive: true, force: true });
	}
}
