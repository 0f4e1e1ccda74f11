import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { ROOT } from './tree.mjs';

/** esbuild only strips types; this is where they are checked. */
export default async function types() {
	const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
	const args = ['--noEmit', '--incremental', '--tsBuildInfoFile', '.cache/tsconfig.tsbuildinfo'];
	const { status } = spawnSync(process.execPath, [tsc, ...args], { cwd: ROOT, stdio: 'inherit' });
	if (status !== 0) throw new Error('The type check failed, see above');
}
