import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cachePath, withLock } from './cache.mjs';
import { StepError, childEnv, npmCli, say, step } from './run.mjs';

/** The one place that pins the Node which runs n8n, the tests and the sandbox. */
export const NODE_VERSION = '24.21.0';

// n8n needs Node 24; the platform package holds the binary itself and needs no install script.
const platform = process.platform === 'win32' ? 'win' : process.platform;
const PACKAGE = `node-${platform}-${process.arch}`;
const binary = process.platform === 'win32' ? 'node.exe' : 'node';

const describe = (dir) => ({
	bin: join(dir, 'bin', binary),
	/** Holds include/, for node-gyp. */
	dir,
	version: NODE_VERSION,
});

export async function ensureNode() {
	const home = cachePath(`node-${NODE_VERSION}-${platform}-${process.arch}`);
	const node = describe(join(home, 'node_modules', PACKAGE));
	if (existsSync(node.bin)) return node;
	return await withLock('node', async () => {
		if (existsSync(node.bin)) return node;
		const staging = `${home}.tmp`;
		rmSync(staging, { recursive: true, force: true });
		mkdirSync(staging, { recursive: true });
		writeFileSync(join(staging, 'package.json'), '{"private":true}\n');
		const self = { bin: process.execPath };
		try {
			await step(
				`Installing Node ${NODE_VERSION}`,
				process.execPath,
				[npmCli(), 'install', '--no-save', '--ignore-scripts', `${PACKAGE}@${NODE_VERSION}`],
				{
					cwd: staging,
					env: childEnv(self),
					log: cachePath('logs', 'node.log'),
					hint: 'Check that npm reaches its registry (npm ping), then run the command again.',
				},
			);
		} catch (error) {
			if (!(error instanceof StepError) || Number(process.versions.node.split('.')[0]) < 24) {
				throw error;
			}
			// A platform without such a package can still bring its own Node 24.
			say(`No ${PACKAGE} package; using this Node ${process.versions.node}`);
			return {
				bin: process.execPath,
				dir: dirname(dirname(process.execPath)),
				version: process.versions.node,
			};
		}
		rmSync(home, { recursive: true, force: true });
		renameSync(staging, home);
		return node;
	});
}
