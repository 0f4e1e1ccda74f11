// A real n8n is killed at each point and started again, on two instances side by side.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPackage } from '../../sandbox/lib/package.ts';
import { IN_USE } from './points';
import { Providers } from './providers';
import { RealN8n } from './real';

/** Repetitions per point and instance; ITSM_NOTIFY_CRASH_N8N_TIMES=50 for the long drill. */
const TIMES = Number(process.env.ITSM_NOTIFY_CRASH_N8N_TIMES ?? 1);
const LIMIT = 30_000 + TIMES * 150_000;
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
	test.each(IN_USE.map((point) => [point.name, point] as const))(
		'%s',
		async (_name, point) => {
			const number = IN_USE.indexOf(point) * 100;
			const faults = await Promise.all(
				instances.map(async (instance) => {
					const found: string[] = [];
					for (let time = 0; time < TIMES; time++)
						found.push(...(await instance.run(point, number + time)));
					return found.length > 0 ? [...found, instance.logTail()] : [];
				}),
			);
			expect(faults.flat()).toEqual([]);
		},
		LIMIT,
	);
});
