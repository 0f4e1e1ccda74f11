// The leading main changes: one is killed, stops, or has not noticed yet, and another begins, on one PostgreSQL.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshDatabase } from '../harness/postgres';
import { Providers } from './providers';
import { report } from './report';
import { Takeover, type Change } from './takeover';

/** Repetitions of each change; ITSM_NOTIFY_CRASH_TIMES scales them. */
const TIMES = Math.ceil(Number(process.env.ITSM_NOTIFY_CRASH_TIMES ?? 25) / 20);
const SEED = process.env.ITSM_NOTIFY_CRASH_SEED;
const SEEDS = SEED ? [Number(SEED)] : Array.from({ length: TIMES }, (_, i) => i + 1);
const LIMIT = 60_000 + TIMES * 30_000;

const SHORT_MS = 1_500;
/** Longer than a repetition may last: who waits for it is found out. */
const LONG_MS = 10 * 60_000;

const CHANGES: Change[] = [
	{ name: 'killed, the same main comes back: at once', end: 'kill', same: true, leaseMs: LONG_MS },
	{ name: 'killed, another takes over: when the leases end', end: 'kill', leaseMs: SHORT_MS },
	{ name: 'killed with its runs, another takes over', end: 'kill', leaseMs: SHORT_MS, own: true },
	{
		name: 'stopped while runs go on, the same comes back',
		end: 'stop',
		same: true,
		leaseMs: LONG_MS,
	},
	{ name: 'stopped while runs go on, another takes over', end: 'stop', leaseMs: SHORT_MS },
	{ name: 'both lead for a while', end: 'overlap', leaseMs: LONG_MS },
	{ name: 'both lead for a while, under one name', end: 'overlap', same: true, leaseMs: LONG_MS },
];

const database = await freshDatabase();
let providers: Providers;
let takeover: Takeover;
let folder: string;

beforeAll(async () => {
	if (!database) return;
	folder = mkdtempSync(join(tmpdir(), 'itsm-takeover-'));
	providers = await Providers.open();
	takeover = new Takeover(providers, database.config, folder);
	await takeover.prepare();
}, 60_000);

afterAll(async () => {
	await providers?.close();
	await database?.drop();
	if (folder) rmSync(folder, { recursive: true, force: true });
}, 30_000);

(database ? describe : describe.skip)('the leading main changes (needs PostgreSQL)', () => {
	test.each(CHANGES.map((change) => [change.name, change] as const))(
		'%s',
		async (name, change) => {
			const faults = (
				await Promise.all(SEEDS.map((seed) => takeover.play(change, seed)))
			).flat();
			report(name, faults);
			expect(faults).toEqual([]);
		},
		LIMIT,
	);
});
