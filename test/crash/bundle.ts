import { join } from 'node:path';
import { build } from 'esbuild';

/** A child process of the drills as one file that plain Node runs. */
export async function bundle(entry: string, outfile: string): Promise<void> {
	await build({
		entryPoints: [join(import.meta.dirname, entry)],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		external: ['pg-native'],
		logLevel: 'error',
	});
}
