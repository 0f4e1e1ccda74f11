import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

const versionAt = (folder: string): string =>
	(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;

export const n8nVersion = (): string => versionAt(process.env.ITSM_NOTIFY_N8N ?? '');

/** What the figures were taken on. */
export function machine(withN8n: boolean): string {
	const model = cpus()[0]?.model.trim() ?? 'unknown processor';
	const memory = Math.round(totalmem() / 2 ** 30);
	const load = loadavg()[0].toFixed(1);
	const n8n = withN8n ? `, n8n ${n8nVersion()}` : '';
	return `${availableParallelism()} cores (${model}), ${memory} GiB, Node ${process.versions.node}${n8n}, load before the run ${load}`;
}
