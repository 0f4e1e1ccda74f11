import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process fixes its zone when it starts, so each zone needs its own. Instants with and without a zone are mixed. */
const script = `
import { simulate } from './core/simulation/index';

const event = (id: string, type: string, status: string, timestamp: string, deadline?: string) => ({
	event_id: id, event_type: type, target_users: ['ann'], timestamp,
	content: { ticket_id: 'T1', status }, context: { sla_deadline: deadline },
});
simulate({
	start: '2027-03-10T00:00:00', end: '2027-03-10T18:00',
	preferences: [{
		user_id: 'ann', timezone: 'Europe/Berlin',
		notification_preferences: { channels: ['email'], email: { address: 'ann@example.com' } },
	}],
	timeline: [
		{ at: '2027-03-10T09:00:00', presence: { user_id: 'ann', status: 'dnd', until: '2027-03-10T12:00:00' } },
		{ at: '2027-03-10T10:00:00', event: event('e1', 'ticket_assigned', 'assigned', '2027-03-10T10:00:00') },
		{ at: '2027-03-10T10:30:00Z', event: event('e2', 'ticket_updated', 'pending', '2027-03-10T10:30:00Z') },
		{ at: '2027-03-10T12:30:00.5', silence: {
			id: 's1', matchers: ['event_type="sla_breached"'], ends_at: '2027-03-10T15:00:00', author: '', comment: '',
		} },
		{ at: '2027-03-10T13:00:00Z', event: event('e3', 'sla_breached', 'pending', '2027-03-10T13:00:00Z', '2027-03-10T12:59:00') },
		{ at: '2027-03-10T16:00:00Z', event: event('e4', 'ticket_assigned', 'pending', '2027-03-10 16:00:00', '2027-03-10 15:59:00') },
		{ at: '2027-03-10T16:30:00Z', event: event('e5', 'ticket_assigned', 'pending', '2027-03-10T16:30:00Z', 'Mar 10, 2027 16:00') },
	],
}).then(({ messages, decisions }) => {
	console.log(new Date(2027, 0, 1).getTimezoneOffset());
	console.log(JSON.stringify([
		messages.map((m) => [m.at, m.event_ids.join(), m.entries[0].status]),
		decisions.map((d) => [d.at, d.event_id, d.action, d.until ?? d.reason]),
	]));
});
`;

describe('the zone of the server', () => {
	const folder = mkdtempSync(join(tmpdir(), 'simulation-'));
	const bundle = join(folder, 'bundle.cjs');
	afterAll(() => rmSync(folder, { recursive: true }));

	it('makes no difference, also for an instant without a zone: that is UTC (RT4)', () => {
		const flags = [
			'--bundle',
			'--platform=node',
			'--loader=ts',
			'--packages=external',
			`--outfile=${bundle}`,
		];
		const esbuild = join(process.cwd(), 'node_modules', '.bin', 'esbuild');
		execFileSync(esbuild, flags, { input: script });
		const run = (zone: string): string[] =>
			execFileSync(process.execPath, [bundle], {
				env: { TZ: zone, NODE_PATH: join(process.cwd(), 'node_modules') },
				encoding: 'utf8',
			})
				.trim()
				.split('\n');
		const zones = ['UTC', 'Asia/Shanghai', 'America/New_York'].map(run);
		expect(new Set(zones.map(([offset]) => offset)).size).toBe(3);
		for (const [, answers] of zones)
			expect(JSON.parse(answers)).toMatchObject([
				[
					['2027-03-10T12:00:00.000Z', 'e1,e2', 'pending'],
					['2027-03-10T15:00:00.000Z', 'e3', 'pending'],
					['2027-03-10T16:00:00.000Z', 'e4', 'pending'],
					['2027-03-10T16:30:00.000Z', 'e5', 'pending'],
				],
				[
					['2027-03-10T10:00:00.000Z', 'e1', 'hold', '2027-03-10T12:00:00.000Z'],
					['2027-03-10T10:30:00.000Z', 'e2', 'hold', '2027-03-10T12:00:00.000Z'],
					['2027-03-10T13:00:00.000Z', 'e3', 'hold', '2027-03-10T15:00:00.000Z'],
					// A minute past its deadline, which a blank parts: 5 × 2. A spelling that names no zone says nothing.
					['2027-03-10T16:00:00.000Z', 'e4', 'send', 'strategy_immediate'],
					['2027-03-10T16:30:00.000Z', 'e5', 'send', 'send_now'],
				],
			]);
	});
});
