// Keeps the lists of package.json equal to the files: node scripts/build/registration.mjs --write
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, credentialFiles, nodeFiles, readPackage } from './tree.mjs';

const compiled = (file) => `dist/${file.replace(/\.ts$/, '.js')}`;
const expected = () => ({
	credentials: credentialFiles().map(compiled),
	nodes: nodeFiles().map(compiled),
});

/** n8n loads only what package.json lists. */
export default async function registration() {
	const listed = readPackage().n8n;
	const problems = Object.entries(expected()).flatMap(([kind, files]) => [
		...files.filter((file) => !listed[kind].includes(file)).map((file) => `missing: ${file}`),
		...listed[kind].filter((file) => !files.includes(file)).map((file) => `no source: ${file}`),
	]);
	if (problems.length > 0) {
		throw new Error(
			`package.json "n8n" does not list what is there:\n  ${problems.join('\n  ')}\n` +
				'Run: node scripts/build/registration.mjs --write',
		);
	}
}

function write() {
	const json = readPackage();
	Object.assign(json.n8n, expected());
	writeFileSync(join(ROOT, 'package.json'), `${JSON.stringify(json, null, '\t')}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	if (process.argv.includes('--write')) write();
	else await registration();
}
