import { simulate, type SimulationResult } from '../../../core/simulation';

/** What is pushed at an instant, in the words of a scenario's timeline; times are `HH:MM[:SS]` of the day, UTC. */
export type Push = [at: string, entry: Record<string, unknown>];
/** What arrives: instant, channel, recipient, tickets as `T1=resolved` or `T1`, and the kind. */
export type Want = [at: string, channel: string, recipient: string, tickets: string, kind?: string];

export interface Timetable {
	day?: string;
	until?: string;
	people: Array<Record<string, unknown>>;
	policy?: Record<string, unknown>;
	push: Push[];
	want: Want[];
}

const DAY = '2027-03-10';

/** `14:00:30` of the day, or `+1 09:00` of the next. */
export function instant(text: string, day = DAY): string {
	const match = /^(?:\+(\d+) )?(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
	if (!match) throw new Error(`not a time of the timetable: ${text}`);
	const [, plus, hour, minute, second] = match;
	return new Date(
		Date.parse(`${day}T${hour}:${minute}:${second ?? '00'}Z`) + Number(plus ?? 0) * 86_400_000,
	).toISOString();
}

/** Runs a timetable: exactly these messages at these instants, and nothing else. */
export async function runTimetable(table: Timetable): Promise<SimulationResult> {
	const result = await simulate({
		start: instant('00:00', table.day),
		end: instant(table.until ?? '+1 23:59', table.day),
		preferences: table.people,
		policy: table.policy ?? {},
		timeline: table.push.map(([at, entry]) => ({ at: instant(at, table.day), ...entry })),
	});
	const got = result.messages.map((m) => [
		m.at,
		m.channel,
		m.recipient,
		m.entries.map((e) => (e.status ? `${e.ticket_id}=${e.status}` : e.ticket_id)).join(' '),
		m.kind,
	]);
	const wanted = table.want.map(([at, channel, recipient, tickets, kind]) => [
		instant(at, table.day),
		channel,
		recipient,
		tickets,
		kind ?? 'single',
	]);
	expect(got).toEqual(wanted);
	return result;
}

/** Somebody with these channels, all categories, at once. */
export function person(
	id: string,
	more: Record<string, unknown> = {},
	channels: string[] = ['slack'],
): Record<string, unknown> {
	const parts: Record<string, Record<string, unknown>> = {
		slack: { userid: `S-${id}` },
		email: { address: `${id}@example.com` },
		wecom: { userid: `W-${id}` },
	};
	const { channel = {}, ...document } = more as {
		channel?: Record<string, Record<string, unknown>>;
	};
	return {
		user_id: id,
		username: id,
		timezone: 'UTC',
		language: 'en',
		notification_preferences: {
			channels,
			...Object.fromEntries(
				channels.map((c) => [
					c,
					{ ...parts[c], frequency: 'immediate', categories: ['all'], ...channel[c] },
				]),
			),
		},
		...document,
	};
}

let serial = 0;

/** An event of ticket `id` for the people `to`. */
export function event(
	type: string,
	id: string,
	to: string[] = ['ann'],
	content: Record<string, unknown> = {},
	more: Record<string, unknown> = {},
): { event: Record<string, unknown> } {
	return {
		event: {
			event_id: `e${++serial}`,
			event_type: type,
			source: 'test',
			target_users: to,
			content: { ticket_id: id, ticket_title: `Ticket ${id}`, priority: 'Medium', ...content },
			...more,
		},
	};
}

export const comment = (
	id: string,
	text = 'hello',
	to?: string[],
): { event: Record<string, unknown> } => event('ticket_comment', id, to, { comment: { text } });
