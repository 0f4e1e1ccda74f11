import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ItsmNotifyError } from '../../../core/errors';
import {
	EVENT_TYPES,
	parseEvent,
	PRIORITIES,
	SOURCE_IDS,
	TICKET_STATUSES,
	toEvents,
	type SourceId,
} from '../../../core/events';
import { alert, grafana, group, opsgenie, pagerDuty, zabbix } from '../../fixtures/events/alarms';
import { bmc, freshdesk, sdp, zendesk } from '../../fixtures/events/cloud-desks';
import { changelog, comment, webhook } from '../../fixtures/events/jira';
import { glpiPart, itop, rt, zammad, znuny } from '../../fixtures/events/open-desks';
import { seed } from '../../fixtures/events/seed';
import { tableRecord, template } from '../../fixtures/events/service-now';
import { cpuMs } from '../../harness/cpu';
import { NOW, request } from './helper';

/** A body of every source with as many of its members as there are. */
const RICH: Record<SourceId, unknown> = {
	generic: {
		...seed,
		content: {
			...seed.content,
			comment: { author: 'x', text: 'y', public: true },
			watchers: ['a'],
			group: { id: 1 },
		},
	},
	serviceNow: {
		...template('update', { previous: { state: '1' }, changed_fields: ['priority'] }),
		result: tableRecord(),
	},
	jira: webhook('jira:issue_updated', {
		...changelog({ field: 'status', fromString: 'Done', toString: 'To Do' }),
		comment: comment(),
	}),
	zendesk: zendesk('comment_added', {
		current: '1',
		previous: '2',
		comment: { body: 'x', author: { id: 1 } },
	}),
	freshservice: freshdesk('{status:{from:4,to:6}},{note_type:public}', {
		ticket_latest_public_comment: 'x',
	}),
	manageEngine: sdp('edited', {}, { previous: { technician: null, status: { name: 'Open' } } }),
	bmcHelix: bmc('update', {}, { previous: { Status: '4', Assignee: 'x' } }),
	glpi: glpiPart({ is_private: true }),
	zammad: zammad(),
	itop: itop('log', { log: 'x' }),
	requestTracker: rt({ type: 'Set', field: 'Owner', old: '6', new: '7' }),
	znuny: znuny(
		{ Article: [{ Body: 'x', From: 'A <a@b.example>' }] },
		{ Event: 'ArticleCreate', OldTicketData: { State: 'new' } },
	),
	pagerDuty: pagerDuty('incident.annotated', { incident: { id: 'Q1' }, content: 'x' }),
	opsgenie: opsgenie('AddNote', { note: 'x', owner: 'y' }),
	alertmanager: group([alert(), alert({ status: 'resolved' })]),
	zabbix: zabbix({ event_update_status: '1', event_update_action: 'acknowledged' }),
	grafana: grafana([alert()]),
};

/** What may stand where a source expects something else. */
const junk = fc.oneof(
	fc.constantFrom<unknown>(
		null,
		'',
		' ',
		'-',
		'0',
		0,
		-1,
		1e300,
		true,
		[],
		{},
		[[]],
		[null],
		'\ud800',
		'\u0000',
		'{}',
		'[',
		'<b>',
		'&#x110000;',
		'__proto__',
	),
	fc.jsonValue({ maxDepth: 3 }),
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc
		.constantFrom('__proto__', 'constructor', 'toString')
		.map((key) => JSON.parse(`{"${key}":{"id":"1","value":"x","name":"y"}}`) as unknown),
);

type Path = Array<string | number>;
const pathsOf = (value: unknown, path: Path = []): Path[] =>
	typeof value === 'object' && value !== null
		? [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
		: [path];

function replaced(value: unknown, path: Path, by: unknown): unknown {
	if (path.length === 0) return by;
	const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
		string | number,
		unknown
	>;
	copy[path[0]] = replaced(copy[path[0]], path.slice(1), by);
	return copy;
}

/** Reads a body; returns the events, or the error's code. Anything but a named refusal fails the test. */
function read(source: SourceId | 'auto', body: unknown) {
	try {
		const events = toEvents(source, request(body), { now: NOW, baseUrl: 'https://itsm.example' });
		for (const event of events) {
			expect(parseEvent(event)).toEqual(event);
			expect(EVENT_TYPES).toContain(event.event_type);
			expect(PRIORITIES).toContain(event.content.priority);
			if (event.content.status != null) expect(TICKET_STATUSES).toContain(event.content.status);
			expect(Number.isNaN(Date.parse(event.timestamp))).toBe(false);
			expect(Array.from(event.content.ticket_title).length).toBeLessThanOrEqual(255);
		}
		expect(new Set(events.map((event) => event.event_id)).size).toBeLessThanOrEqual(events.length);
		return events;
	} catch (error) {
		if (!(error instanceof ItsmNotifyError)) throw error;
		expect(['not_an_event', 'unreadable_body', 'too_many_events', 'invalid_event']).toContain(
			error.code,
		);
		expect(error.status).toBe(400);
		// What we built ourselves must satisfy our own contract; only a generic document may break it.
		if (error.code === 'invalid_event') expect(source).toMatch(/^(generic|auto)$/);
		return error.code;
	}
}

describe('whatever arrives', () => {
	it.each(SOURCE_IDS)(
		'%s: a real body with anything anywhere is events or a named refusal',
		(source) => {
			expect(read(source, RICH[source])).not.toEqual(expect.any(String));
			const paths = pathsOf(RICH[source]);
			const edit = fc.tuple(fc.constantFrom(...paths), junk);
			fc.assert(
				fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
					let body = RICH[source];
					for (const [path, by] of edits) {
						// An earlier edit may have taken the place away.
						if (pathsOf(body).some((known) => known.join('\n') === path.join('\n')))
							body = replaced(body, path, by);
					}
					read(source, body);
					read('auto', body);
				}),
				{ numRuns: 150 },
			);
		},
	);

	it.each([...SOURCE_IDS, 'auto'] as const)('%s: any JSON at all', (source) => {
		fc.assert(
			fc.property(fc.jsonValue({ maxDepth: 4 }), (body) => {
				read(source, body);
			}),
			{ numRuns: 200 },
		);
	});

	it('leaves the prototypes of the process alone', () => {
		for (const source of SOURCE_IDS) {
			read(
				source,
				JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
			);
			read(
				source,
				JSON.parse(JSON.stringify(RICH[source]).replace(/"(id|name|content)":/g, '"__proto__":')),
			);
		}
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	});
});

describe('size and depth', () => {
	const MB10 = 10 * 1024 * 1024;
	const within = (ms: number, run: () => void) => expect(cpuMs(run)).toBeLessThan(ms);

	it.each([
		['plain', 'a'.repeat(MB10)],
		['spaces', `a${' '.repeat(MB10)}b`],
		['open angle brackets', '<'.repeat(MB10)],
		['unclosed tags', '<b '.repeat(MB10 / 3)],
		['tags', '<td></td>'.repeat(MB10 / 9)],
		['open scripts', '<script></script>'.repeat(MB10 / 17)],
		['comments', '<!--'.repeat(MB10 / 4)],
		['ampersands', '&'.repeat(MB10)],
		['entities', '&#160;'.repeat(MB10 / 6)],
		['line breaks', '\r\n'.repeat(MB10 / 2)],
		['brackets', '['.repeat(MB10)],
		['wiki links', '[a|'.repeat(MB10 / 3)],
		['exclamation marks', '!'.repeat(MB10)],
		['braces', '{status:'.repeat(MB10 / 8)],
		['digits', '1'.repeat(MB10)],
		['emoji', '😀'.repeat(MB10 / 4)],
	])('10 MB of %s in every text of a ticket take no seconds', (_name, text) => {
		const bodies: Array<[SourceId, unknown]> = [
			[
				'jira',
				webhook(
					'jira:issue_updated',
					{ comment: comment({ body: text }) },
					{ summary: text, description: text },
				),
			],
			[
				'freshservice',
				freshdesk(text, { ticket_subject: text, ticket_description: text, ticket_status: text }),
			],
			[
				'generic',
				{
					...seed,
					event_type: text,
					content: { ...seed.content, ticket_title: text, assignee: text, priority: text },
				},
			],
		];
		for (const [source, body] of bodies) {
			within(1_500, () => {
				const [event] = toEvents(
					source,
					{ body, headers: {}, rawBody: Buffer.from('x') },
					{ now: NOW },
				);
				expect(JSON.stringify(event).length).toBeLessThan(200_000);
			});
		}
	});

	it('10 MB that must be parsed first take no seconds', () => {
		const raw = Buffer.from(
			JSON.stringify({
				...seed,
				content: {
					...seed.content,
					ticket_id: 1,
					description: '\\"1234567890123456 '.repeat(MB10 / 20),
				},
			}),
		);
		within(3_000, () =>
			expect(toEvents('auto', { body: {}, rawBody: raw, headers: {} })).toHaveLength(1),
		);
	});

	it('a body 5,000 levels deep is read or refused, not a crash', () => {
		let deep: unknown = 'x';
		for (let level = 0; level < 5_000; level++) deep = { deep, content: [deep].slice(1) };
		const body = { ...seed, content: { ...seed.content, deep } };
		expect(toEvents('generic', { body, headers: {} })[0].content.ticket_id).toBe('INC-001234');
		const issue = webhook(
			'jira:issue_created',
			{},
			{ description: { type: 'doc', content: [deep] } },
		);
		expect(
			toEvents('jira', { body: issue, rawBody: Buffer.from('{}'), headers: {} })[0].event_type,
		).toBe('ticket_created');
	});
});
