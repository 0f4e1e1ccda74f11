// npm run bench: three workflows on one n8n, as ratios. npm run bench -- engine: the engine alone.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../sandbox/lib/package.ts';
import { benchEngine } from './engine.ts';
import { machine } from './machine.ts';
import { benchN8n } from './n8n.ts';
import { say } from './report.ts';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	allowNegative: true,
	options: {
		/** --no-build takes dist/ as it is. */
		build: { type: 'boolean', default: true },
		/** Once more with n8n's older, quicker expression engine. */
		legacy: { type: 'boolean', default: false },
		events: { type: 'string', default: '20' },
		rounds: { type: 'string', default: '4' },
		/** Events under way at once. */
		flight: { type: 'string', default: '10' },
	},
});

function build(): void {
	const gulp = join(ROOT, 'node_modules', 'gulp', 'bin', 'gulp.js');
	const { status } = spawnSync(process.execPath, [gulp, '--silent', 'bundle'], {
		cwd: ROOT,
		stdio: 'inherit',
	});
	if (status !== 0) throw new Error('The package could not be built; see above.');
}

async function n8n(): Promise<void> {
	const [events, rounds, inFlight] = [values.events, values.rounds, values.flight].map(Number);
	const common = { events, rounds, inFlight, delays: [0, 50] };
	say(machine(true));
	say(`${rounds} rounds of ${events} events each, ${inFlight} in flight; median (lowest–highest)`);
	let ok = await benchN8n({ ...common, title: "n8n's default settings", env: {} });
	if (values.legacy) {
		const env = { N8N_EXPRESSION_ENGINE: 'legacy' };
		ok = (await benchN8n({ ...common, title: 'N8N_EXPRESSION_ENGINE=legacy', env })) && ok;
	}
	if (!ok) process.exitCode = 1;
}

if (values.build) build();
if (positionals[0] === 'engine') await benchEngine();
else await n8n();
