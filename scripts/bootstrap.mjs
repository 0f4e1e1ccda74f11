// Prepares what a command needs, then runs it: node scripts/bootstrap.mjs <command> [args]
// Plain Node 20, no packages: this runs on a fresh clone.
import { join } from 'node:path';
import { ROOT, StepError, childEnv, npmCli, say, takeOver } from './lib/run.mjs';
import { ensureNode } from './lib/node.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureN8n } from './lib/n8n.mjs';
import { ensureSdks } from './lib/sdks.mjs';

const LIGHT = ['unit', 'nodes', 'differential'];
const REAL_N8N = ['integration', 'e2e', 'crash'];
const SDKS = ['differential'];
const names = (args, projects) => args.some((arg) => projects.includes(arg));
// Without a project named, all of them run.
const namesNone = (args) => !names(args.slice(0, 1), [...LIGHT, ...REAL_N8N]);
const namesRealN8n = (args) => names(args, REAL_N8N);
const namesSdks = (args) => names(args, SDKS);
const testNeedsN8n = (args) => namesNone(args) || namesRealN8n(args);
const testNeedsSdks = (args) => namesNone(args) || namesSdks(args);

// TypeScript is run directly; the root package cannot be "type": "module" for n8n's sake.
const FLAGS = [
	'--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
	'--disable-warning=ExperimentalWarning',
];

const COMMANDS = {
	start: { file: 'sandbox/start.ts', n8n: () => true },
	'start:queue': { file: 'sandbox/start.ts', args: ['--queue'], n8n: () => true },
	test: { file: 'scripts/test.mjs', n8n: testNeedsN8n, sdks: testNeedsSdks },
	'test:e2e': { file: 'scripts/test.mjs', args: ['e2e'], n8n: () => true },
	'test:crash': { file: 'scripts/test.mjs', args: ['crash'], n8n: () => true },
	bench: { file: 'test/bench/run.ts', n8n: () => true },
	jest: { file: 'scripts/jest.mjs', n8n: namesRealN8n, sdks: namesSdks },
	n8n: { file: 'scripts/n8n.mjs', n8n: () => true },
	/** Only prepares. */
	setup: { n8n: () => true, sdks: () => true },
};

async function main([name, ...args]) {
	const command = COMMANDS[name];
	if (!command) {
		throw new StepError(
			`Unknown command ${name ?? '(none)'}`,
			`Choose one of: ${Object.keys(COMMANDS).join(', ')}`,
		);
	}
	const node = await ensureNode();
	await ensureDependencies(node);
	const env = { ...childEnv(node), ITSM_NOTIFY_NODE: node.bin, ITSM_NOTIFY_NPM: npmCli() };
	if (command.n8n(args)) env.ITSM_NOTIFY_N8N = await ensureN8n(node);
	if (command.sdks?.(args)) env.ITSM_NOTIFY_SDKS = await ensureSdks(node);
	if (!command.file) return;
	const file = join(ROOT, command.file);
	await takeOver(node.bin, [...FLAGS, file, ...(command.args ?? []), ...args], env);
}

main(process.argv.slice(2)).catch((error) => {
	if (!(error instanceof StepError)) throw error;
	say(`FAILED: ${error.message}`);
	if (error.hint) say(error.hint);
	process.exitCode = 1;
});
