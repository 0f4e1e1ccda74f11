// A real n8n is killed at each point and started again, on two instances side by side.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPackage } from '../../sandbox/lib/package.ts';
import { IN_USE, pointNamed } from './points';
import { Providers } from './providers';
import { report } from './report';
import { RealN8n } from './real';

/** Repetitions on each of the two; ITSM_NOTIFY_CRASH_N8N_TIMES=50 for the long drill, at every point then. */
const LONG = process.env.ITSM_NOTIFY_CRASH_N8N_TIMES;
const TIMES = Number(LONG ?? 1);
/** ITSM_NOTIFY_CRASH_SEED=<n> shows one failed repetition again, with -t '<point>'. */
const SEED = process.env.ITSM_NOTIFY_CRASH_SEED;
const LIMIT = 30_000 + TIMES * 300_000;
/** A start of n8n costs seconds: those at which n8n itself has something in hand. */
const CHOSEN = [
	'before the commit of the intake',
	'after the commit, before the 2xx',
	'after the lease, before the run begins',
	'while the gate decides',
	'after the decision, before it is rendered',
	'after it was held',
	'after the claim, before the send',
	'in the send, before it was accepted',
	'after it was accepted, before the answer',
	'while the outcome is recorded',
	'before the lease is completed',
	'while a digest is released',
	'after the lease of what is due, before its run',
	'after an escalation step fired',
].map(pointNamed);
/** One run after the other, so that one message can be in doubt; and as n8n does it by itself. */
const WIDTHS = [{ runs: 1, messages: 1 }, { messages: 6 }];

let providers: Providers;
let folder: string;
const instances: RealN8n[] = [];

beforeAll(async () => {
	providers = await Providers.open();
	folder = mkdtempSync(join(tmpdir(), 'itsm-crash-pack-'));
	const tarball = await packPackage(folder);
	instances.push(
		...(await Promise.all(
			WIDTHS.map((width, index) => RealN8n.open(String(index + 1), providers, width, tarball)),
		)),
	);
}, 300_000);

afterAll(async () => {
	await Promise.all(instances.map((instance) => instance.close()));
	await providers?.close();
	if (folder) rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('a real n8n, killed and started again', () => {
	test.each((LONG ? IN_USE : CHOSEN).map((point) => [point.name, point] as const))(
		'%s',
		async (name, point) => {
			const first = IN_USE.indexOf(point) * 1_000;
			const seeds = SEED
				? [Number(SEED)]
				: Array.from({ length: TIMES }, (_, time) => first + time);
			const faults = await Promise.all(
				instances.map(async (instance) => {
					const found: string[] = [];
					for (const seed of seeds) found.push(...(await instance.run(point, seed)));
					return found.length > 0 ? [...found, instance.logTail()] : [];
				}),
			);
			report(name, faults.flat());
			expect(faults.flat()).toEqual([]);
		},
		LIMIT,
	);
});
