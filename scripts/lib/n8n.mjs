import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cachePath, hashOf, withLock } from './cache.mjs';
import { ROOT, childEnv, npmCli, step } from './run.mjs';

const SOURCE = join(ROOT, 'sandbox', 'n8n');
const FILES = ['package.json', 'package-lock.json'];
const MODULE = join('node_modules', 'n8n');

/** The pinned n8n in the cache; gives the folder of its package. */
export async function ensureN8n(node) {
	const files = FILES.map((file) => join(SOURCE, file));
	const name = `n8n-${hashOf(files, node.version, process.platform, process.arch)}`;
	const home = cachePath(name);
	if (existsSync(join(home, MODULE))) return join(home, MODULE);
	return await withLock(name, async () => {
		if (existsSync(join(home, MODULE))) return join(home, MODULE);
		const staging = `${home}.tmp`;
		rmSync(staging, { recursive: true, force: true });
		mkdirSync(staging, { recursive: true });
		for (const file of FILES) copyFileSync(join(SOURCE, file), join(staging, file));
		await build(node, staging);
		// Only a whole and proven installation gets the final name.
		renameSync(staging, home);
		return join(home, MODULE);
	});
}

async function build(node, cwd) {
	const { version } = JSON.parse(readFileSync(join(cwd, 'package-lock.json'), 'utf8')).packages[
		'node_modules/n8n'
	];
	const env = { ...childEnv(node), npm_config_nodedir: node.dir };
	const proof = join(cwd, 'proof');
	await step(
		`Installing n8n ${version} (once, 5 to 8 minutes, 2.6 GB)`,
		node.bin,
		[npmCli(), 'ci', '--ignore-scripts', '--loglevel=error'],
		{
			cwd,
			env,
			log: cachePath('logs', 'n8n-install.log'),
			hint: 'Check that npm reaches its registry (npm ping) and that the disk has 4 GB free.',
		},
	);
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
