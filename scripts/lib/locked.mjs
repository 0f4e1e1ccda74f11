import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cachePath, hashOf, withLock } from './cache.mjs';
import { childEnv, npmCli, step } from './run.mjs';

const PINNED = ['package.json', 'package-lock.json'];
const SETTINGS = '.npmrc';

/**
 * The packages that the lockfile in `source` pins, once in the cache; gives their folder. `build` proves or completes
 * them before they count.
 */
export async function ensureLocked(node, { id, source, title, hint, build = async () => {} }) {
	const pinned = PINNED.map((file) => join(source, file));
	const name = `${id}-${hashOf(pinned, node.version, process.platform, process.arch)}`;
	const home = cachePath(name);
	if (existsSync(home)) return home;
	return await withLock(name, async () => {
		if (existsSync(home)) return home;
		const staging = `${home}.tmp`;
		rmSync(staging, { recursive: true, force: true });
		mkdirSync(staging, { recursive: true });
		for (const file of [...PINNED, SETTINGS]) {
			const from = join(source, file);
			if (existsSync(from)) copyFileSync(from, join(staging, file));
		}
		const env = { ...childEnv(node), npm_config_nodedir: node.dir };
		const args = [npmCli(), 'ci', '--ignore-scripts', '--loglevel=error'];
		const log = cachePath('logs', `${id}-install.log`);
		await step(title, node.bin, args, { cwd: staging, env, log, hint });
		await build(staging, env);
		// Only a whole and proven installation gets the final name.
		renameSync(staging, home);
		return home;
	});
}
