import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './imports.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json'));

function packedFiles(): string[] {
	const script = process.env.ITSM_NOTIFY_NPM;
	const [bin, ...args] = script ? [process.execPath, script] : ['npm'];
	const flags = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
	const output = execFileSync(bin, [...args, ...flags], { cwd: ROOT, encoding: 'utf8' });
	const parsed = JSON.parse(output);
	const [pack] = Array.isArray(parsed) ? parsed : Object.values(parsed);
	return (pack as { files: Array<{ path: string }> }).files.map(({ path }) => path);
}

test('the published package holds the build, the workflows and its papers, nothing else', () => {
	const papers = /^(package\.json|README(\.zh-CN)?\.md|LICENSE|CHANGELOG\.md|THIRD-PARTY-NOTICES)$/;
	const files = packedFiles();
	const others = files.filter((path) => !/^(dist|workflows)\//.test(path) && !papers.test(path));
	expect(others).toEqual([]);
	expect(files).toEqual(expect.arrayContaining(['dist/core.js', 'dist/nodes.js', 'LICENSE']));
	expect(files.filter((path) => /\.test\.|\.ts$|(^|\/)test\//.test(path))).toEqual([]);
});

test('everything the manifest lists is in the build', () => {
	const { nodes, credentials } = manifest.n8n as Record<string, string[]>;
	expect([...nodes, ...credentials].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('nothing is installed with the package but what n8n brings', () => {
	expect(manifest.dependencies).toBeUndefined();
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
});

test('development dependencies are pinned', () => {
	const versions = Object.values(manifest.devDependencies as Record<string, string>);
	expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('the lockfiles name no registry', () => {
	for (const path of ['package-lock.json', 'sandbox/n8n/package-lock.json']) {
		expect(read(path)).not.toContain('"resolved"');
	}
});

test('core runs without n8n, and loads its database drivers only when asked', () => {
	const text = read('dist/core.js');
	expect(text).not.toMatch(/require\("n8n-[^"]*"\)/);
	expect(text).not.toMatch(/require\("node:sqlite"\)/);
});
