import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachePath, hashOf, withLock } from './cache.mjs';
import { ROOT, childEnv, npmCli, step } from './run.mjs';

const STAMP = join(ROOT, 'node_modules', '.itsm-notify-lock-hash');

/** The clone's own node_modules, as its lockfile says. */
export async function ensureDependencies(node) {
	const hash = hashOf([join(ROOT, 'package-lock.json')]);
	const current = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === hash;
	if (current()) return;
	await withLock(`dependencies-${hashOf([], ROOT)}`, async () => {
		if (current()) return;
		await step(
			'Installing the dependencies of this clone (about 2 minutes)',
			node.bin,
			[npmCli(), 'ci', '--ignore-scripts', '--include=dev', '--loglevel=error'],
			{
				cwd: ROOT,
				env: childEnv(node),
				log: cachePath('logs', 'dependencies.log'),
				hint: 'Check that npm reaches its registry (npm ping), then run the command again.',
			},
		);
		writeFileSync(STAMP, `${hash}\n`);
	});
}
