import { describe, expect, it } from '@jest/globals';

import { contentEventId, parseEvent } from '../../../core/events';
import { flat, seed } from '../../fixtures/events/seed';
import { all, one, refusal, request } from './helper';

describe('generic: the event document', () => {
	it('passes the seed document to the letter', () => {
		expect(one('generic', seed)).toEqual(seed);
		expect(one('auto', seed)).toEqual(seed);
	});

	it('stays generic whatever its source is called', () => {
		expect(one('auto', { ...seed, source: 'jira' })).toEqual({ ...seed, source: 'jira' });
	});

	it('takes its flat form', () => {
		expect(one('auto', flat)).toMatchObject({
			event_id: contentEventId('generic', request(flat).rawBody),
			event_type: 'ticket_assigned',
			source: 'Helpdesk',
			timestamp: '2026-03-01T12:00:00Z',
			content: {
				ticket_id: '1234',
				ticket_title: 'Printer on fire',
				priority: 'Critical',
				status: 'in_progress',
				assignee: { login: 'mia', email: 'mia@acme.example' },
			},
			context: { sla_deadline: '2023-09-06T12:00:00Z', related_cis: ['web-01', 'web-02'] },
		});
	});

	it('lets further members of content and context go along', () => {
		const event = one('generic', {
			...seed,
			content: { ...seed.content, floor: 3 },
			context: { ...seed.context, region: 'EU' },
		});
		expect(event).toMatchObject({ content: { floor: 3 }, context: { region: 'EU' } });
	});

	it.each([
		['Ticket Assigned', 'ticket_assigned'],
		['ticket.resolved', 'ticket_resolved'],
		['SLA_BREACHED', 'sla_breached'],
		['created', 'ticket_created'],
		['invoice_paid', 'ticket_updated'],
		[42, 'ticket_updated'],
		[undefined, 'ticket_updated'],
	])('event type %j is %s', (event_type, expected) => {
		expect(one('generic', { ...flat, event_type }).event_type).toBe(expected);
	});

	it('keeps what an unknown kind was called', () => {
		expect(one('generic', { ...flat, event_type: 'invoice_paid' }).original_event_type).toBe(
			'invoice_paid',
		);
	});

	it('keeps names short that become keys, whole letters only', () => {
		const long = '😀'.repeat(5_000);
		const event = one('generic', {
			...flat,
			event_id: long,
			source: long,
			ticket_id: long,
			event_type: long,
		});
		const key = `${event.source}|${event.event_id}|${event.content.ticket_id}`;
		expect(Array.from(key).length).toBeLessThan(900);
		expect(JSON.stringify(event)).not.toMatch(/\\ud[89a-f]/);
	});

	it.each([
		['High', 'High', undefined],
		['1 - Critical', 'Critical', undefined],
		[' p2 ', 'High', undefined],
		[4, 'Low', undefined],
		['紧急', 'Critical', undefined],
		['whatever', 'Medium', true],
		[undefined, 'Medium', true],
		[{}, 'Medium', true],
	])('priority %j is %s', (priority, expected, inferred) => {
		const { content } = one('generic', { ...flat, priority });
		expect([content.priority, content.priority_inferred]).toEqual([expected, inferred]);
	});

	it('titles an untitled ticket', () => {
		expect(
			one('generic', { event_type: 'ticket_created', ticket_id: 'A' }).content.ticket_title,
		).toBe('(no title)');
	});
});

describe('generic: several events in one body', () => {
	it('makes one event each; those without an id get a stable suffix', () => {
		const body = [flat, { ...flat, ticket_id: 2 }, seed];
		const ids = all('generic', body).map((event) => event.event_id);
		const hash = contentEventId('generic', request(body).rawBody);
		expect(ids).toEqual([`${hash}.0`, `${hash}.1`, seed.event_id]);
		expect(all('generic', body).map((event) => event.event_id)).toEqual(ids);
	});

	it('takes 100 and refuses 101', () => {
		expect(
			all(
				'generic',
				Array.from({ length: 100 }, () => flat),
			),
		).toHaveLength(100);
		const error = refusal(() =>
			all(
				'generic',
				Array.from({ length: 101 }, () => flat),
			),
		);
		expect(error).toMatchObject({ code: 'too_many_events', status: 400 });
	});

	it('takes an empty array as no news', () => {
		expect(all('generic', [])).toEqual([]);
	});
});

describe('generic: field mapping', () => {
	const body = {
		data: {
			key: 77,
			head: { line: 'Lift stuck' },
			sev: 'high',
			people: [{ mail: 'mia@acme.example' }],
		},
		'a.b': 'dotted',
		due: '2026-03-02 08:00:00',
	};

	it('reads dotted paths, array indices and keys that hold dots; targets nested or flat', () => {
		const fieldMap = {
			ticket_id: 'data.key',
			'content.ticket_title': 'data.head.line',
			content: { priority: 'data.sev', assignee: 'data.people.0.mail' },
			sla_deadline: 'due',
			number: 'a.b',
		};
		expect(one('generic', body, { fieldMap })).toMatchObject({
			event_type: 'ticket_updated',
			content: {
				ticket_id: '77',
				ticket_title: 'Lift stuck',
				priority: 'High',
				assignee: { email: 'mia@acme.example' },
				number: 'dotted',
			},
			context: { sla_deadline: '2026-03-02T08:00:00Z' },
		});
	});

	it('names the mapped path where the id is missing', () => {
		const error = refusal(() => all('generic', body, { fieldMap: { ticket_id: 'data.nope' } }));
		expect(error).toMatchObject({ code: 'not_an_event', status: 400, field: 'data.nope' });
	});

	it.each(['__proto__.id', 'constructor.id', 'prototype.id'])(
		'finds nothing at %s, although the body has it',
		(path) => {
			const trap = JSON.parse(
				'{"__proto__":{"id":"1"},"constructor":{"id":"1"},"prototype":{"id":"1"}}',
			) as unknown;
			const run = () => all('generic', trap, { fieldMap: { ticket_id: path } });
			expect(refusal(run).code).toBe('not_an_event');
		},
	);

	it.each(['__proto__', 'constructor.name', 'data.constructor', 'data.__proto__.x'])(
		'finds nothing at %s',
		(path) => {
			expect(refusal(() => all('generic', body, { fieldMap: { ticket_id: path } })).code).toBe(
				'not_an_event',
			);
		},
	);

	it.each(['__proto__', 'content.__proto__', 'constructor', 'content.a-b'])(
		'refuses the target %s',
		(target) => {
			const fieldMap = JSON.parse(`{"ticket_id":"data.key","${target}":"data.sev"}`) as object;
			expect(refusal(() => all('generic', body, { fieldMap })).code).toBe('invalid_field_map');
		},
	);
});

describe('generic: what is refused', () => {
	it.each([
		[
			'no id',
			{ event_type: 'ticket_created', ticket_title: 'x' },
			'"content.ticket_id", "ticket_id"',
		],
		['a blank id', { event_type: 'ticket_created', ticket_id: '  ' }, '"ticket_id"'],
		['an id that is no text', { event_type: 'ticket_created', ticket_id: true }, '"ticket_id"'],
		['an id of nothing printable', { ticket_id: '\u0000 \u0007' }, '"ticket_id"'],
		[
			'an inherited id',
			JSON.parse('{"content":{"__proto__":{"ticket_id":"1"}}}'),
			'"content.ticket_id"',
		],
		['a number', [7], '"0"'],
	])('%s', (_name, body, named) => {
		const error = refusal(() => all('generic', body));
		expect(error).toMatchObject({ code: 'not_an_event', status: 400 });
		expect(error.message).toContain(named);
	});

	it('does not pass a prototype on', () => {
		const body = JSON.parse(
			'{"event_type":"ticket_created","content":{"ticket_id":"1","__proto__":{"admin":true},"deep":{"constructor":{"x":1},"ok":1}}}',
		) as unknown;
		const event = one('generic', body);
		expect((event.content as Record<string, unknown>).admin).toBeUndefined();
		expect(event.content.deep).toEqual({ ok: 1 });
		expect(({} as Record<string, unknown>).admin).toBeUndefined();
	});

	it('gives events that the contract accepts again', () => {
		expect(parseEvent(one('generic', flat))).toEqual(one('generic', flat));
	});
});
