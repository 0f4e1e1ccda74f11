// Our windows against the original: the same alerts at the same instants, with the same group settings.
//
// What is compared, and what is not:
// - A notification of Alertmanager repeats every alert of the group that still fires; a message of ours shows what is
//   news. So each notification is reduced to its change: the alerts whose state the group's last one did not have.
//   Every notification counts. One without a change is a repeat, and is compared whole.
// - Instants: ours are exact, Alertmanager's are arrivals over HTTP; ±1 s. The timeline that we simulate has the
//   instants at which the alerts were really posted, so that a slow machine moves both sides alike.
//
// Where we differ on purpose (DIFFERENT, proved for both sides):
// - RA2: an alert that fires and ends between two notifications of a living group is not told by us. Alertmanager
//   sends its "resolved", although nobody was told that it fired.
// - A group that ended (all resolved, and told) starts anew with us: its next alert waits `group_wait`. Alertmanager
//   means the same, but cleans empty groups every 30 s only (0.25); until then the next alert waits for the old grid.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { simulate } from '../../../core/simulation';
import { person } from '../../unit/semantics/timetable';
import {
	ALERTMANAGER,
	hasAlertmanager,
	type Notification,
	type RunningAlertmanager,
	startAlertmanager,
	type Times,
} from './alertmanager';

const TOLERANCE_S = 1;

/** Second, `team/alert`, what is posted. */
type Post = [second: number, alert: string, what: 'fires' | 'fires on' | 'resolved'];
/** Second, group, the changed alerts. */
type Told = [second: number, team: string, changes: string];

interface Timetable {
	times: Times;
	posts: Post[];
	/** Second. */
	end: number;
}

// Alerts come soon after a notification or shortly before one: there the grid of `group_interval` and another
// `group_wait` (or an interval from the alert on) are further apart than the tolerance.
const POSTS: Post[] = [
	[0, 'net/a', 'fires'],
	[0.5, 'late/p', 'fires'],
	[0.5, 'ended/e', 'fires'],
	[1, 'net/b', 'fires'], // inside the wait: joins
	[2.7, 'net/c', 'fires'], // after the first flush: waits for the interval
	[3.2, 'ended/e', 'resolved'],
	[3.5, 'late/q', 'fires'],
	[4, 'quiet/k', 'fires'],
	[4.5, 'late/q', 'resolved'], // fired and ended between two notifications
	[5, 'db/x', 'fires'], // another group has its own clock
	[5, 'quiet/k', 'resolved'], // before anybody was told: never told
	[7, 'ended/f', 'fires'], // the group had ended at 6.5
	[7.5, 'net/a', 'fires on'], // Prometheus sends what fires again and again: no news
	[9.3, 'net/b', 'resolved'], // between flushes
	[11.5, 'db/x', 'fires on'],
	[11.7, 'db/y', 'fires'], // after a tick without news, at 11: the grid goes on from the first flush
	[17.2, 'net/d', 'fires'],
	[17.3, 'net/c', 'resolved'], // news and a resolve in one
	[18.2, 'db/x', 'resolved'],
];
const TIMETABLE: Timetable = {
	times: { group_wait: '2s', group_interval: '4s', repeat_interval: '24h' },
	posts: POSTS,
	end: 20.5,
};

const SAME: Told[] = [
	[2, 'net', 'a=firing b=firing'],
	[2.5, 'late', 'p=firing'],
	[2.5, 'ended', 'e=firing'],
	[6, 'net', 'c=firing'],
	[6.5, 'ended', 'e=resolved'],
	[7, 'db', 'x=firing'],
	[10, 'net', 'b=resolved'],
	[15, 'db', 'y=firing'],
	[18, 'net', 'c=resolved d=firing'],
	[19, 'db', 'x=resolved'],
];
const DIFFERENT = {
	alertmanager: [
		[6.5, 'late', 'q=resolved'],
		[10.5, 'ended', 'f=firing'],
	] as Told[],
	ours: [[9, 'ended', 'f=firing']] as Told[],
};

const REPEATS: Timetable = {
	// No multiple of group_interval: Alertmanager repeats what is older than that, and milliseconds would decide.
	times: { group_wait: '2s', group_interval: '4s', repeat_interval: '7s' },
	posts: [
		[0, 'net/a', 'fires'],
		[1, 'one/x', 'fires'],
		[2.7, 'net/b', 'fires'], // told at 6: both count from there
		[15, 'net/b', 'resolved'],
	],
	end: 28,
};
const REPEATED: Told[] = [
	[2, 'net', 'a=firing'],
	[6, 'net', 'b=firing'],
	[14, 'net', 'a=firing b=firing'],
	[18, 'net', 'b=resolved'],
	[26, 'net', 'a=firing'],
	[3, 'one', 'x=firing'],
	[11, 'one', 'x=firing'],
	[19, 'one', 'x=firing'],
	[27, 'one', 'x=firing'],
];

interface Posted {
	at: number;
	team: string;
	name: string;
	what: Post[2];
}

interface Play {
	start: number;
	log: Posted[];
	/** Milliseconds by which the latest post was late. */
	late: number;
	notifications: Notification[];
}

/** Later than this, and an alert may meet another window than the timetable means. */
const LATE_MS = 300;

/** A machine that was too busy to keep the timetable says nothing of the windows: then it is played again. */
async function play(timetable: Timetable, tries = 3): Promise<Play> {
	const alertmanager = await startAlertmanager(timetable.times);
	try {
		const played = await playTo(alertmanager, timetable);
		if (played.late <= LATE_MS || tries === 1) return played;
	} finally {
		await alertmanager.stop();
	}
	return play(timetable, tries - 1);
}

async function playTo(alertmanager: RunningAlertmanager, { posts, end }: Timetable): Promise<Play> {
	const start = Date.now();
	const log: Posted[] = [];
	let late = 0;
	const firedAt = new Map<string, number>();
	for (const [second, alert, what] of posts) {
		await sleep(Math.max(0, start + second * 1000 - Date.now()));
		const at = Date.now();
		const [team, name] = alert.split('/');
		if (what === 'fires') firedAt.set(alert, at);
		const startsAt = firedAt.get(alert) as number;
		await alertmanager.post({ team, name, startsAt, endsAt: what === 'resolved' ? at : undefined });
		log.push({ at, team, name, what });
		late = Math.max(late, Date.now() - start - second * 1000);
	}
	await sleep(Math.max(0, start + end * 1000 - Date.now()));
	return { start, log, late, notifications: [...alertmanager.notifications] };
}

/** What Alertmanager told, as changes; a repeat is whole. */
function changesOf(notifications: readonly Notification[], start: number): Told[] {
	const last = new Map<string, Map<string, string>>();
	return notifications.map(({ at, team, alerts }) => {
		const before = last.get(team);
		const changed = alerts.filter(({ name, status }) => before?.get(name) !== status);
		last.set(team, new Map(alerts.map(({ name, status }) => [name, status])));
		return [(at - start) / 1000, team, inWords(changed.length > 0 ? changed : alerts)];
	});
}

async function ours({ log, start }: Play, { times, end }: Timetable): Promise<Told[]> {
	const iso = (ms: number): string => new Date(ms).toISOString();
	const result = await simulate({
		start: iso(start),
		end: iso(start + end * 1000),
		preferences: [person('ann')],
		policy: {
			aggregation: {
				types: ['system_failure', 'ticket_resolved'],
				group_by: ['recipient', 'channel', 'content.team'],
				...times,
			},
			silence: { urgent: { priorities: [], types: [] } },
			priority: { thresholds: { escalation: 1e9, immediate: 1e8, standard: 0 } },
		},
		timeline: log.map(({ at, team, name, what }) => ({
			at: iso(at),
			event: {
				// What fires on is the same event again, as the fingerprint and start of an alert say.
				event_id: `${team}/${name} ${what === 'resolved' ? 'resolved' : 'fires'}`,
				event_type: what === 'resolved' ? 'ticket_resolved' : 'system_failure',
				source: 'alertmanager',
				target_users: ['ann'],
				content: {
					ticket_id: `${team}/${name}`,
					ticket_title: name,
					team,
					status: what === 'resolved' ? 'resolved' : 'new',
				},
			},
		})),
	});
	expect(result.warnings).toEqual([]);
	expect(result.unrouted).toEqual([]);
	return result.messages.map((message) => {
		const teams = new Set(message.ticket_ids.map((id) => id.split('/')[0]));
		const shown = message.entries.map(({ ticket_id: id, status }) => ({
			name: id.split('/')[1],
			status: status === 'resolved' ? 'resolved' : 'firing',
		}));
		return [(Date.parse(message.at) - start) / 1000, [...teams].join('+'), inWords(shown)];
	});
}

const inWords = (alerts: ReadonlyArray<{ name: string; status: string }>): string =>
	alerts
		.map(({ name, status }) => `${name}=${status}`)
		.sort()
		.join(' ');

/** By group, and inside a group by time: two groups of one instant may come in either order. */
const sorted = (told: readonly Told[]): Told[] =>
	[...told].sort((a, b) => (a[1] === b[1] ? a[0] - b[0] : a[1] < b[1] ? -1 : 1));

/** The same groups and changes in the same order, and each within the tolerance. */
function expectAlike(told: readonly Told[], wanted: readonly Told[]): void {
	const [got, want] = [sorted(told), sorted(wanted)];
	expect(got.map(([, ...what]) => what)).toEqual(want.map(([, ...what]) => what));
	const far = got.filter(([second], i) => Math.abs(second - want[i][0]) > TOLERANCE_S);
	expect({ far, got }).toEqual({ far: [], got });
}

async function both(timetable: Timetable): Promise<[theirs: Told[], ours: Told[]]> {
	const played = await play(timetable);
	return [changesOf(played.notifications, played.start), await ours(played, timetable)];
}

const without = (told: readonly Told[], more: readonly Told[]): Told[] =>
	told.filter(([, team, changes]) => !more.some((m) => m[1] === team && m[2] === changes));

const title = 'the windows of Alertmanager (needs prometheus-alertmanager)';
if (!hasAlertmanager) {
	describe(title, () => {
		test.skip(`skipped: there is no ${ALERTMANAGER} (needs prometheus-alertmanager)`, () => {});
	});
} else {
	describe(title, () => {
		let theirs: Told[];
		let mine: Told[];

		beforeAll(async () => {
			[theirs, mine] = await both(TIMETABLE);
		}, 180_000);

		test('RA1 RA2 RA3 same alerts, same settings: the same groups at the same instants', () => {
			const comparable = without(mine, DIFFERENT.ours);
			expect(comparable).toHaveLength(SAME.length);
			expectAlike(without(theirs, DIFFERENT.alertmanager), comparable);
		});

		test('RA1 RA2 both tell what the timetable says, with the two differences that are ours on purpose', () => {
			expectAlike(mine, [...SAME, ...DIFFERENT.ours]);
			expectAlike(theirs, [...SAME, ...DIFFERENT.alertmanager]);
		});

		test('RA1 repeats: all that is open, at the same instants', async () => {
			const [repeated, byUs] = await both(REPEATS);
			expectAlike(repeated, REPEATED);
			expectAlike(byUs, REPEATED);
		}, 180_000);
	});
}
