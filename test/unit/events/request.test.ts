import { describe, expect, it } from '@jest/globals';

import {
	contentEventId,
	detectSource,
	SOURCE_IDS,
	IMPLEMENTED_SOURCES,
	toEvents,
	type SourceId,
} from '../../../core/events';
import { alert, grafana, group, opsgenie, pagerDuty, zabbix } from '../../fixtures/events/alarms';
import { bmc, freshdesk, sdp, zendesk } from '../../fixtures/events/cloud-desks';
import { webhook } from '../../fixtures/events/jira';
import { glpi, itop, rt, zammad, znuny } from '../../fixtures/events/open-desks';
import { flat, seed } from '../../fixtures/events/seed';
import { tableRecord, template } from '../../fixtures/events/service-now';
import { NOW, refusal, request } from './helper';

describe('auto: which source a request comes from', () => {
	it.each<[string, unknown, SourceId]>([
		['PagerDuty', pagerDuty('incident.triggered'), 'pagerDuty'],
		['Zendesk event', zendesk('created'), 'zendesk'],
		['Jira', webhook('jira:issue_created'), 'jira'],
		['a bare Jira issue', webhook('jira:issue_created').issue, 'jira'],
		['a batch of Zabbix', [zabbix(), zabbix()], 'zabbix'],
		['a batch of documents', [seed, seed], 'generic'],
		['GLPI', glpi('new'), 'glpi'],
		['Zammad', zammad(), 'zammad'],
		['Grafana', grafana([alert()]), 'grafana'],
		['Alertmanager', group([alert()]), 'alertmanager'],
		['Opsgenie', opsgenie('Create'), 'opsgenie'],
		['Freshservice', freshdesk('{ticket_action:created}'), 'freshservice'],
		[
			'Freshservice without its wrapper',
			freshdesk('{ticket_action:created}').freshdesk_webhook,
			'freshservice',
		],
		['Znuny', znuny(), 'znuny'],
		['ServiceNow template', template('insert'), 'serviceNow'],
		['ServiceNow record', { result: tableRecord() }, 'serviceNow'],
		['Zabbix', zabbix(), 'zabbix'],
		['source member rt', rt({ type: 'Create' }), 'requestTracker'],
		['source member servicedesk_plus', sdp('created'), 'manageEngine'],
		['source member bmc', bmc('create'), 'bmcHelix'],
		['source member itop', itop('created'), 'itop'],
		[
			'source member in other letters',
			{ source: 'Request Tracker', ticket: { id: 1 } },
			'requestTracker',
		],
		['RT without its source', { ...rt({ type: 'Create' }), source: undefined }, 'requestTracker'],
		['the event document', seed, 'generic'],
		['the flat form that names another source', { ...flat, source: 'zendesk' }, 'generic'],
		['anything else', { hello: 'world' }, 'generic'],
		['an array', [flat], 'generic'],
	])('%s', (_name, body, expected) => {
		expect(detectSource(request(body))).toBe(expected);
	});

	it.each<[string, SourceId]>([
		['X-PagerDuty-Signature', 'pagerDuty'],
		['x-zendesk-webhook-id', 'zendesk'],
		['X-GLPI-SIGNATURE', 'glpi'],
		['x-zammad-delivery', 'zammad'],
		['X-RT-Delivery', 'requestTracker'],
	])('by the header %s alone', (name, expected) => {
		expect(detectSource(request({ x: 1 }, { [name]: 'abc' }))).toBe(expected);
	});

	it('implements every source that the trigger offers', () => {
		expect([...IMPLEMENTED_SOURCES].sort()).toEqual([...SOURCE_IDS].sort());
	});

	it('refuses a source that is none', () => {
		expect(refusal(() => toEvents('constructor' as SourceId, request(seed))).code).toBe(
			'unknown_source',
		);
	});
});

describe('body: what arrives is not always parsed', () => {
	const read = (body: unknown, rawBody?: string | Buffer) =>
		toEvents(
			'auto',
			{ body, rawBody: rawBody === undefined ? undefined : Buffer.from(rawBody), headers: {} },
			{ now: NOW },
		)[0];
	const json = JSON.stringify(seed);
	const encoded = JSON.stringify(glpi('new', { name: 'x' })).replace(/"/g, '&quot;');

	it.each([
		['an empty object, bytes beside it (no Content-Type)', {}, json],
		['undefined', undefined, json],
		['null', null, json],
		['blank text', '', json],
		['text', json, json],
		['a byte order mark', {}, `\uFEFF${json}`],
		['a form with payload', { payload: json }, undefined],
		['a form with json_data', { json_data: json }, undefined],
		['a raw form', {}, `input_data=${encodeURIComponent(json)}`],
	])('%s', (_name, body, raw) => {
		expect(read(body, raw)).toEqual(seed);
	});

	const typed = (body: unknown, type: string) =>
		toEvents('auto', { body, headers: { 'Content-Type': type } }, { now: NOW })[0];
	const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

	it.each([
		['XML, as n8n parses it', { itsm: { ...flat, ticket_id: '7' } }, 'application/xml'],
		['XML of a kind', { itsm: { ...flat, ticket_id: '7' } }, 'application/soap+xml; charset=utf-8'],
		['a flat form', { ...flat, ticket_id: '7' }, FORM],
		['a form with paths', { 'content[ticket_id]': '7', event_type: 'ticket_assigned' }, FORM],
	])('%s', (_name, body, type) => {
		expect(typed(body, type)).toMatchObject({
			event_type: 'ticket_assigned',
			content: { ticket_id: '7' },
		});
	});

	it('a root element whose name tells the source still tells it', () => {
		const body = freshdesk('{ticket_action:created}');
		expect(typed(body, 'text/xml')).toMatchObject({
			source: 'freshservice',
			event_type: 'ticket_created',
		});
		const form = Object.entries(body.freshdesk_webhook).map(([name, value]) => [
			`freshdesk_webhook[${name}]`,
			value,
		]);
		expect(typed(Object.fromEntries(form), FORM).content).toEqual(typed(body, 'text/xml').content);
	});

	it('JSON keeps its shape: one member is not a root element, brackets are letters', () => {
		const code = (body: unknown) => refusal(() => typed(body, 'application/json')).code;
		expect(code({ itsm: flat })).toBe('not_an_event');
		expect(code({ 'content[ticket_id]': '7' })).toBe('not_an_event');
	});

	it('a form leads to no prototype', () => {
		const paths = ['__proto__[x]', 'constructor[prototype][x]', 'a[__proto__][x]'];
		const form = Object.fromEntries(paths.map((path) => [path, 'polluted']));
		expect(typed({ ...form, ticket_id: '7' }, FORM).content.ticket_id).toBe('7');
		expect(({} as { x?: string }).x).toBeUndefined();
	});

	it('tries once more after decoding entities', () => {
		expect(read({}, encoded)).toMatchObject({ source: 'glpi', content: { ticket_id: '12' } });
	});

	it('keeps an id beyond 2^53 although the platform has rounded it', () => {
		const raw =
			'{"event_type":"ticket_created","ticket_id":90071992547409931,"ticket_title":"\\"12345678901234567890\\" 1"}';
		expect(read(JSON.parse(raw), raw).content).toMatchObject({
			ticket_id: '90071992547409931',
			ticket_title: '"12345678901234567890" 1',
		});
	});

	it.each([
		['no JSON', {}, '{"a": "b" "c"}'],
		['nothing at all', {}, undefined],
		['empty bytes', undefined, ''],
		['a form of something else', {}, 'a=1&b=2'],
		['10,000 levels', {}, `${'['.repeat(100_000)}`],
	])('refuses %s', (_name, body, raw) => {
		expect(refusal(() => read(body, raw))).toMatchObject({ code: 'unreadable_body', status: 400 });
	});

	it('hashes the bytes as they came, not as they were parsed', () => {
		const spaced = JSON.stringify(flat, null, 2);
		expect(read(flat, spaced).event_id).toBe(contentEventId('generic', spaced));
		expect(read(flat).event_id).toBe(contentEventId('generic', JSON.stringify(flat)));
	});

	it('reads a batch one by one: each part is an event of its own', () => {
		const batch = [zammad(), { ...zammad(), ticket: { ...zammad().ticket, id: 82 } }];
		const given = request(batch, { 'X-Zammad-Delivery': 'd-1' });
		const [first, second] = toEvents('auto', given, { now: NOW });
		expect([first.source, second.content.ticket_id]).toEqual(['zammad', '82']);
		expect(first.event_id).not.toBe(second.event_id);
		expect(toEvents('zammad', given, { now: NOW })).toEqual([first, second]);
	});

	it.each([
		['one part that is none', [zabbix(), 5], 'not_an_event'],
		['an empty batch', [], 'not_an_event'],
		['101 parts', Array.from({ length: 101 }, () => zabbix()), 'too_many_events'],
	])('refuses %s', (_name, body, code) => {
		expect(refusal(() => toEvents('zabbix', request(body))).code).toBe(code);
	});

	it('adds the body as raw only when asked', () => {
		expect(toEvents('generic', request(seed), { includeRaw: true })[0].raw).toEqual(seed);
		expect(toEvents('generic', request(seed))[0]).not.toHaveProperty('raw');
	});
});
