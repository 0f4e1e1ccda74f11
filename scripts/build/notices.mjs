import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tree.mjs';

const PACKAGE_DIR = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const RULE = '-'.repeat(80);

function notice(dir) {
	const { name, version, license } = JSON.parse(
		readFileSync(join(ROOT, dir, 'package.json'), 'utf8'),
	);
	const files = readdirSync(join(ROOT, dir)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
	const texts = files.sort().map((file) => readFileSync(join(ROOT, dir, file), 'utf8').trim());
	return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/** The licences of every package whose code is inside dist/. */
export function writeNotices(inputs) {
	const dirs = new Set();
	for (const input of inputs) {
		const dir = PACKAGE_DIR.exec(input)?.[1];
		if (dir && existsSync(join(ROOT, dir, 'package.json'))) dirs.add(dir);
	}
	const parts = [...dirs].sort().map(notice);
	const head = 'This package contains code of the following packages.';
	const text = [head, ...parts].join(`\n\n${RULE}\n\n`).replaceAll('\r\n', '\n');
	writeFileSync(join(ROOT, 'THIRD-PARTY-NOTICES'), `${text}\n`);
}
