import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cachePath } from './cache.mjs';
import { ensureLocked } from './locked.mjs';
import { ROOT, npmCli, step } from './run.mjs';

const SOURCE = join(ROOT, 'sandbox', 'n8n');
const MODULE = join('node_modules', 'n8n');

/** The pinned n8n in the cache; gives the folder of its package. */
export async function ensureN8n(node) {
	const { packages } = JSON.parse(readFileSync(join(SOURCE, 'package-lock.json'), 'utf8'));
	const home = await ensureLocked(node, {
		id: 'n8n',
		source: SOURCE,
		title: `Installing n8n ${packages['node_modules/n8n'].version} (once, 5 to 8 minutes, 2.6 GB)`,
		hint: 'Check that npm reaches its registry (npm ping) and that the disk has 4 GB free.',
		build: (cwd, env) => build(node, cwd, env),
	});
	return join(home, MODULE);
}

async function build(node, cwd, env) {
	const proof = join(cwd, 'proof');
	await step(
		'Building the SQLite driver of n8n (1 to 4 minutes)',
		node.bin,
		[npmCli(), 'rebuild', 'sqlite3', '--loglevel=error'],
		{
			cwd,
			env,
			log: cachePath('logs', 'n8n-sqlite3.log'),
			hint: 'It needs make, a C++ compiler and Python 3 (Debian: apt-get install build-essential python3).',
		},
	);
	await step(
		'Checking that n8n loads',
		node.bin,
		[join(cwd, MODULE, 'bin', 'n8n'), 'export:nodes', `--output=${join(proof, 'nodes.json')}`],
		{
			cwd,
			env: { ...env, N8N_USER_FOLDER: proof, N8N_DIAGNOSTICS_ENABLED: 'false' },
			log: cachePath('logs', 'n8n-check.log'),
			hint: 'Remove the cache folder (see above) and run the command again.',
		},
	);
	rmSync(proof, { recursive: true, force: true });
}
