import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from './run.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Runs npm by the Node of this process, with the npm that the bootstrap found. */
async function npm(args: string[], cwd: string, log: string): Promise<string> {
	const script = process.env.ITSM_NOTIFY_NPM;
	return await run(script ? process.execPath : 'npm', [...(script ? [script] : []), ...args], {
		cwd,
		env: process.env,
		log,
	});
}

/** Packs the built package as it would be published; gives the path of the tarball. */
export async function packPackage(folder: string): Promise<string> {
	if (!existsSync(join(ROOT, 'dist', 'nodes.js'))) throw new Error('Run npm run build first');
	mkdirSync(folder, { recursive: true });
	const args = ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder];
	const output = await npm(args, ROOT, join(folder, 'pack.log'));
	return join(folder, output.trim().split('\n').at(-1)!);
}

/** Installs the tarball where n8n looks for community packages. Needs no network. */
export async function installPackage(tarball: string, n8nFolder: string): Promise<void> {
	const nodes = join(n8nFolder, 'nodes');
	mkdirSync(nodes, { recursive: true });
	// The peer n8n-workflow is n8n's own; installing it would build a native module.
	const flags = ['--legacy-peer-deps', '--ignore-scripts', '--offline', '--loglevel=error'];
	await npm(
		['install', '--prefix', nodes, ...flags, tarball],
		nodes,
		join(n8nFolder, 'install.log'),
	);
}
