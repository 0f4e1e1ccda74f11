// A real n8n with our packed package, in a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { N8n, type N8nOptions } from '../../../sandbox/lib/n8n.ts';

export { N8n } from '../../../sandbox/lib/n8n.ts';
export { outputOf, type Execution } from '../../../sandbox/lib/n8n-api.ts';
export { waitFor } from '../../../sandbox/lib/run.ts';

export interface TestN8n {
	n8n: N8n;
	/** Stops it and removes its folder; KEEP=1 in the environment keeps the folder. */
	remove(): Promise<void>;
}

/** Prepared but not started: import credentials and workflows first, then `n8n.start()`. */
export async function createTestN8n(options: Partial<N8nOptions> = {}): Promise<TestN8n> {
	const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'itsm-notify-e2e-'));
	const n8n = await N8n.create({ ...options, folder });
	return {
		n8n,
		async remove() {
			await n8n.stop();
			if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });
		},
	};
}
