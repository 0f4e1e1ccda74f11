// npm run bench: three workflows on one n8n, as ratios. npm run bench -- engine: the engine alone; -- storm and
// -- urgent: many events at once, and a critical one among them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../sandbox/lib/package.ts';
import { openQueue } from '../../sandbox/lib/queue.ts';
import { benchEngine } from './engine.ts';
import { machine } from './machine.ts';
import { benchN8n } from './n8n.ts';
import { say } from './report.ts';
import { announce, benchStorm, benchUrgent } from './storm.ts';
import type { StormOptions } from './storm.ts';

const { values, positionals } = parseArgs({
	allowPositionals: true,
	allowNegative: true,
	options: {
		/** --no-build takes dist/ as it is. */
		build: { type: 'boolean', default: true },
		/** Once more with n8n's older, quicker expression engine; storm, urgent: with it alone. */
		legacy: { type: 'boolean', default: false },
		/** storm, urgent: main, a webhook process and two workers, on PostgreSQL and Redis. */
		queue: { type: 'boolean', default: false },
		/** A setting of n8n more: --set EXECUTIONS_DATA_SAVE_ON_SUCCESS=none. */
		set: { type: 'string', multiple: true, default: [] },
		events: { type: 'string' },
		rounds: { type: 'string', default: '4' },
		/** storm, urgent: calls at the same time. */
		connections: { type: 'string', default: '20' },
		/** Events under way at once. */
		flight: { type: 'string', default: '10' },
	},
});

const settings = Object.fromEntries(
	values.set.map((text): [string, string] => {
		const [name, ...value] = text.split('=');
		return [name, value.join('=')];
	}),
);
/** One run of n8n with these settings and those of --set. */
const under = (env: Record<string, string>): { title: string; env: Record<string, string> } => {
	const all = { ...env, ...settings };
	const words = Object.entries(all).map((pair) => pair.join('='));
	return { title: words.join(' ') || "n8n's default settings", env: all };
};

/** In queue mode: n8n's own and the store's. */
const DATABASE = 'itsm_notify_bench';

function build(): void {
	const gulp = join(ROOT, 'node_modules', 'gulp', 'bin', 'gulp.js');
	const { status } = spawnSync(process.execPath, [gulp, '--silent', 'bundle'], {
		cwd: ROOT,
		stdio: 'inherit',
	});
	if (status !== 0) throw new Error('The package could not be built; see above.');
}

async function n8n(): Promise<void> {
	const [events, rounds, inFlight] = [values.events ?? '20', values.rounds, values.flight].map(
		Number,
	);
	const common = { events, rounds, inFlight, delays: [0, 50] };
	say(machine(true));
	say(`${rounds} rounds of ${events} events each, ${inFlight} in flight; median (lowest–highest)`);
	let ok = await benchN8n({ ...common, ...under({}) });
	if (values.legacy)
		ok = (await benchN8n({ ...common, ...under({ N8N_EXPRESSION_ENGINE: 'legacy' }) })) && ok;
	if (!ok) process.exitCode = 1;
}

/** With the quicker expression engine 10,000 events, with n8n's default 2,000; `--events` sets both. */
async function storms(bench: (options: StormOptions) => Promise<boolean>): Promise<void> {
	const connections = Number(values.connections);
	const wanted = Number(values.events ?? 0);
	say(machine(true));
	const all: StormOptions[] = [
		{ ...under({ N8N_EXPRESSION_ENGINE: 'legacy' }), events: wanted || 10_000, connections },
		{ ...under({}), events: wanted || 2_000, connections },
	];
	for (const options of values.legacy ? all.slice(0, 1) : all) {
		const queue = values.queue ? await openQueue(DATABASE, { reset: true }) : undefined;
		announce(options);
		const ok = await bench({ ...options, queue }).finally(() => queue?.close({ remove: true }));
		if (!ok) process.exitCode = 1;
	}
}

if (values.build) build();
if (positionals[0] === 'engine') await benchEngine();
else if (positionals[0] === 'storm') await storms(benchStorm);
else if (positionals[0] === 'urgent') await storms(benchUrgent);
else await n8n();
