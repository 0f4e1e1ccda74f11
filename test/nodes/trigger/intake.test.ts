import { alert, group } from '../../fixtures/events/alarms.ts';
import { webhook as jira } from '../../fixtures/events/jira.ts';
import { flat, seed } from '../../fixtures/events/seed.ts';
import { template as serviceNow } from '../../fixtures/events/service-now.ts';
import { deadStore, freshStore } from '../kit/store.ts';
import { post } from './post.ts';

const alerts = ['A', 'B', 'C'].map((alertname) => alert({ fingerprint: alertname }, { alertname }));

describe('what cannot be taken', () => {
	it('10 MB: 413 before anything reads it', async () => {
		const call = await post({
			request: { body: `{"broken": "${'x'.repeat(10 * 1024 * 1024)}`, headers: {} },
		});
		expect(call).toMatchObject({ status: 413, starts: false });
		expect(call.answer).toEqual({ error: 'body_too_large', limit_bytes: 1024 * 1024 });
	});

	it.each([
		['one byte over the default', 1024 * 1024 + 1, {}, 413],
		['exactly the default', 1024 * 1024, {}, 200],
		['over a limit of one KiB', 1100, { maxBodyKib: 1 }, 413],
		['under a limit of one KiB', 1000, { maxBodyKib: 1 }, 200],
		['a limit that is no number', 1024 * 1024 + 1, { maxBodyKib: 'much' }, 413],
		['a limit of nothing', 1024, { maxBodyKib: 0 }, 200],
	])('%s', async (_name, length, options, status) => {
		const body = JSON.stringify({ ...seed, filler: '' });
		const raw = body.replace(
			'"filler":""',
			`"filler":"${'x'.repeat(length - Buffer.byteLength(body))}"`,
		);
		expect(Buffer.byteLength(raw)).toBe(length);
		const call = await post({
			parameters: { options },
			request: { body: raw, headers: { 'content-type': 'application/json' } },
		});
		expect(call).toMatchObject({ status, starts: status === 200 });
	});

	it('a Content-Length over the limit counts, even where fewer bytes came', async () => {
		const call = await post({ request: { headers: { 'content-length': '99999999' } } });
		expect(call).toMatchObject({ status: 413, starts: false });
	});

	it('too large and without a token: the sender learns the size limit only', async () => {
		const call = await post({
			parameters: { authentication: 'headerToken' },
			request: { body: 'x'.repeat(2_000_000) },
		});
		expect(call).toMatchObject({ status: 413, starts: false });
	});

	it.each([
		['serviceNow', { hello: 'world' }],
		['jira', { hello: 'world' }],
		['generic', { hello: 'world' }],
		['auto', { hello: 'world' }],
		['alertmanager', { hello: 'world' }],
	])('%s: a wrong shape is 400 and names the paths tried', async (source, body) => {
		const call = await post({ parameters: { source }, request: { body } });
		expect(call).toMatchObject({ status: 400, starts: false });
		expect(call.answer.error).toBe('not_an_event');
		expect((call.answer.paths_tried as string[]).length).toBeGreaterThan(0);
	});

	it.each([
		['no JSON', 'ticket=7 & broken'],
		['nothing', ''],
	])('%s: 400', async (_name, body) => {
		const call = await post({ request: { body, headers: { 'content-type': 'text/plain' } } });
		expect(call).toMatchObject({
			status: 400,
			starts: false,
			answer: { error: 'unreadable_body' },
		});
	});

	it('the store is unreachable: 503, so that the sender comes again, and no execution', async () => {
		const call = await post({
			credentials: { ...freshStore(), ...deadStore() },
			select: ['itsmNotifyStoreApi'],
		});
		expect(call).toMatchObject({ status: 503, starts: false });
		expect(call.answer).toEqual({ error: 'store_unavailable' });
	});
});

describe('what is taken', () => {
	it('the document of the seed, to the letter', async () => {
		const { events, answer } = await post();
		expect(events).toMatchObject([seed]);
		expect(answer).toEqual({ ok: 1, events: 1, duplicates: 0 });
	});

	it('an unknown kind of event is an update of its ticket', async () => {
		const { events } = await post({
			request: { body: { ...seed, event_type: 'ticket_teleported' } },
		});
		expect(events?.[0]).toMatchObject({
			event_type: 'ticket_updated',
			original_event_type: 'ticket_teleported',
		});
	});

	it.each([
		['auto', serviceNow('insert'), 'serviceNow', 'ticket_created'],
		['auto', jira('jira:issue_created'), 'jira', 'ticket_created'],
		['generic', flat, 'Helpdesk', 'ticket_assigned'],
	])('%s tells the source', async (source, body, told, type) => {
		const { events } = await post({ parameters: { source }, request: { body } });
		expect(events).toMatchObject([{ source: told, event_type: type }]);
	});

	it('Alertmanager: one event per alert, each with an id of its own', async () => {
		const body = group(alerts);
		const { events, answer } = await post({
			parameters: { source: 'alertmanager' },
			request: { body },
		});
		expect(answer).toEqual({ ok: 1, events: 3, duplicates: 0 });
		expect(new Set(events?.map((e) => e.event_id)).size).toBe(3);
	});

	it.each([
		['only the wanted types', ['ticket_assigned'], 1],
		['nothing of others: taken, but no execution', ['ticket_closed'], 0],
		['empty: all', [], 1],
	])('event types: %s', async (_name, eventTypes, count) => {
		const call = await post({ parameters: { eventTypes } });
		expect(call).toMatchObject({ status: 200, starts: count > 0 });
		expect(call.answer).toEqual({ ok: 1, events: count, duplicates: 0 });
	});

	it('generic: fields by a mapping of dotted paths', async () => {
		const fields = {
			ticket_id: 'issue.key',
			ticket_title: 'issue.fields.summary',
			priority: 'issue.sev',
			event_type: 'kind',
			'context.impacted_services': 'issue.services',
		};
		const { events } = await post({
			parameters: {
				source: 'generic',
				fieldMapping: { field: Object.entries(fields).map(([name, path]) => ({ name, path })) },
			},
			request: {
				body: {
					kind: 'ticket_created',
					issue: { key: 'OPS-7', sev: 'High', services: ['Shop'], fields: { summary: 'Down' } },
				},
			},
		});
		expect(events).toMatchObject([
			{
				event_type: 'ticket_created',
				content: { ticket_id: 'OPS-7', ticket_title: 'Down', priority: 'High' },
				context: { impacted_services: ['Shop'] },
			},
		]);
	});

	it('generic: a mapped ticket id that is not there is 400 and names its path', async () => {
		const call = await post({
			parameters: {
				source: 'generic',
				fieldMapping: { field: [{ name: 'ticket_id', path: 'issue.key' }] },
			},
			request: { body: { ticket_id: 'T-1' } },
		});
		expect(call).toMatchObject({ status: 400, answer: { paths_tried: ['issue.key'] } });
	});

	it.each([
		[true, seed],
		[false, undefined],
	])('raw body: %s', async (includeRaw, raw) => {
		const { events } = await post({ parameters: { options: { includeRaw } } });
		expect(events?.[0].raw).toEqual(raw);
	});

	it('raw body: what was read, where n8n could parse nothing', async () => {
		const { events } = await post({
			parameters: { options: { includeRaw: true } },
			request: {
				body: JSON.stringify(seed),
				headers: { 'content-type': 'application/octet-stream' },
			},
		});
		expect(events?.[0].raw).toEqual(seed);
	});

	it('base URL: links where the system sends none', async () => {
		const { events } = await post({
			parameters: { source: 'serviceNow', options: { baseUrl: 'https://acme.service-now.com' } },
			request: { body: serviceNow('insert', { url: '' }) },
		});
		expect((events?.[0].content as { url: string }).url).toMatch(
			/^https:\/\/acme\.service-now\.com\//,
		);
	});
});
