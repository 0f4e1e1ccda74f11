import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, filesBelow } from './tree.mjs';

/** Icons, codex files and data that no bundle took in. */
export function copyAssets(dist, bundled) {
	const files = ['nodes', 'credentials', 'core']
		.flatMap((folder) => ['.svg', '.png', '.json'].flatMap((end) => filesBelow(folder, end)))
		.filter((file) => !bundled.has(file));
	for (const file of files) cpSync(join(ROOT, file), join(dist, file));
}
