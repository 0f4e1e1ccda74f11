import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

import { answers, DAILY_ROWS, OPEN_ROWS, ZONE_ROWS } from './table';
import { nextDaily, openAt, resolveZone } from '../../../core/time';

const here = join(process.cwd(), 'test', 'unit', 'time');

describe('timetable', () => {
	it.each(OPEN_ROWS)('$rule openAt: $what', ({ schedule, at, zone, open, until, why }) => {
		const answer = openAt(schedule, Date.parse(at), zone);
		expect({
			...answer,
			until: answer.until === null ? null : new Date(answer.until).toISOString(),
		}).toEqual({ open, until, why });
	});

	it.each(DAILY_ROWS)('$rule nextDaily: $what', ({ times, at, zone, strictlyAfter, next }) => {
		expect(new Date(nextDaily(times, Date.parse(at), zone, { strictlyAfter })).toISOString()).toBe(
			next,
		);
	});

	it.each(ZONE_ROWS)('RT5 resolveZone: $what', ({ candidates, zone, warning }) => {
		const resolved = resolveZone(candidates);
		expect([resolved.zone, resolved.warning?.code]).toEqual([zone, warning]);
	});
});

describe('RT4 the same table under other server zones', () => {
	let folder: string;
	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), 'itsm-time-'));
		await build({
			stdin: {
				contents: `import { answers } from './table'; process.stdout.write(JSON.stringify({ offset: new Date(0).getTimezoneOffset(), answers: answers() }));`,
				resolveDir: here,
				loader: 'ts',
			},
			bundle: true,
			platform: 'node',
			format: 'cjs',
			outfile: join(folder, 'table.cjs'),
		});
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it.each([
		['America/New_York', 300],
		['Asia/Shanghai', -480],
		['Australia/Lord_Howe', -600],
	])('TZ=%s', (zone, offset) => {
		const out = execFileSync(process.execPath, [join(folder, 'table.cjs')], {
			env: { ...process.env, TZ: zone },
			encoding: 'utf8',
		});
		const told = JSON.parse(out) as { offset: number; answers: unknown };
		expect(told.offset).toBe(offset);
		expect(told.answers).toEqual(answers());
	});
});
