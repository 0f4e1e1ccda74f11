import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process fixes its zone when it starts, so each zone needs its own. */
const script = `
import { renderCard } from './core/templates/index';
import { parseDelivery } from './core/events/validate';

const card = (due: string) => renderCard(parseDelivery({
	delivery_id: 'd', channel: 'sms',
	event: {
		event_id: 'e', event_type: 'sla_breaching', timestamp: '2027-03-14T06:00:00Z',
		content: { ticket_id: '1', ticket_title: 'T' }, context: { sla_deadline: due },
	},
	recipient: { user_id: 'u', language: 'en', timezone: 'America/New_York' },
}), { now: new Date('2027-03-14T06:30:00Z') });
console.log(new Date(2027, 0, 1).getTimezoneOffset());
console.log(JSON.stringify([card('2027-03-14T07:30:00'), card('2027-03-14T07:30:00Z')]));
`;

describe('the zone of the server', () => {
	const folder = mkdtempSync(join(tmpdir(), 'templates-'));
	const bundle = join(folder, 'bundle.cjs');
	afterAll(() => rmSync(folder, { recursive: true }));

	it('makes no difference, also for a deadline without an offset', () => {
		const flags = ['--bundle', '--platform=node', '--loader=ts', `--outfile=${bundle}`];
		const esbuild = join(process.cwd(), 'node_modules', '.bin', 'esbuild');
		execFileSync(esbuild, [...flags, '--log-level=error'], { input: script });
		const runs = ['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC'].map((TZ) =>
			execFileSync(process.execPath, [bundle], { env: { ...process.env, TZ }, encoding: 'utf8' }),
		);
		const lines = runs.map((run) => run.trim().split('\n'));
		expect(lines.map(([offset]) => Number(offset))).toEqual([-840, 480, 0]);
		expect(new Set(lines.map(([, cards]) => cards)).size).toBe(1);
		const [naive, exact] = JSON.parse(lines[0][1]);
		expect(naive).toEqual(exact);
		expect(exact.card.title).toBe('1 hour left: 1 T');
		expect(exact.card.fields[0].value).toBe('14 Mar, 03:30 (in 1 hour)');
	});
});
