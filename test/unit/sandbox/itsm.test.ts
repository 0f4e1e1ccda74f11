import { createServer } from 'node:http';
import type { Server } from 'node:http';

import { GROUPS, ITSM_PEOPLE, JOHN, PLATFORM, WEI } from '../../../sandbox/data/index.ts';
import {
	SIGNATURE_HEADER,
	sign,
	startItsm,
	TIMESTAMP_HEADER,
} from '../../../sandbox/itsm/index.ts';
import type { ItsmSimulator } from '../../../sandbox/itsm/index.ts';
import { closeServer, listen, readBody } from '../../../sandbox/simulators/http.ts';

interface Hit {
	headers: Record<string, string>;
	text: string;
	body: Record<string, unknown>;
}

let itsm: ItsmSimulator;
let server: Server;
let hits: Hit[];
let target: string;

beforeEach(async () => {
	hits = [];
	server = createServer((request, response) => {
		void readBody(request).then((raw) => {
			const text = raw.toString('utf8');
			hits.push({
				headers: request.headers as Hit['headers'],
				text,
				body: JSON.parse(text) as Hit['body'],
			});
			response.writeHead(202).end();
		});
	});
	target = (await listen(server)).url;
	itsm = await startItsm({
		config: {
			people: ITSM_PEOPLE,
			groups: GROUPS,
			account: { user: 'api', password: 'pw' },
			webhook: { url: target, secret: 'topsecret' },
		},
	});
});
afterEach(() => Promise.all([itsm.close(), closeServer(server)]));

const create = (extra = {}) =>
	itsm.create(
		{
			short_description: '结算接口报错',
			urgency: '1',
			impact: '2',
			assignment_group: PLATFORM.sys_id,
			...extra,
		},
		'john.doe',
	);

it('signs as the shipped business rule does (known answer)', () => {
	expect(sign('topsecret', '1704164645', '{"say":"héllo ☃"}')).toBe(
		'ZJe2otVbQFSLijx7sgdMN6YfCuRoDtjkb8TCUf7+Wmg=',
	);
});

it('fires the template body with a signature over its bytes', async () => {
	const { ticket, firing } = await create({ caller_id: JOHN.sys_id });
	expect(firing).toMatchObject({ status: 202, event: 'insert', number: ticket.number });
	const [{ headers, text, body }] = hits as [Hit];
	const timestamp = headers[TIMESTAMP_HEADER.toLowerCase()]!;
	expect(headers[SIGNATURE_HEADER.toLowerCase()]).toBe(sign('topsecret', timestamp, text));
	expect(Math.abs(Number(timestamp) * 1000 - Date.now())).toBeLessThan(5000);
	expect(body).toMatchObject({
		event: 'insert',
		sys_id: expect.stringMatching(/^[0-9a-f]{32}$/),
		number: expect.stringMatching(/^INC\d{7}$/),
		short_description: '结算接口报错',
		state: '1',
		priority: '2',
		assigned_to: null,
		caller_id: { user_name: 'john.doe', email: 'john.doe@example.test' },
		assignment_group: { sys_id: PLATFORM.sys_id, name: 'Platform Operations' },
		sys_created_on: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
		sys_mod_count: '0',
		sys_updated_by: 'john.doe',
	});
});

it('sends a header token instead where one is set, and never retries', async () => {
	itsm.setWebhook({ url: target, headerToken: { name: 'X-Itsm-Token', value: 'tok' } });
	await create();
	expect(hits[0]!.headers['x-itsm-token']).toBe('tok');
	expect(hits[0]!.headers).not.toHaveProperty(SIGNATURE_HEADER.toLowerCase());
	itsm.setWebhook({ url: 'http://127.0.0.1:1' });
	expect((await create()).firing).toMatchObject({ error: expect.any(String) });
	expect(hits).toHaveLength(1);
});

it('tells what changed, and says nothing when nothing did', async () => {
	const { ticket } = await create();
	await itsm.update(ticket.number, { assigned_to: WEI.sys_id, state: '2' }, 'emma.wilson');
	await itsm.update(ticket.sys_id, { comments: '处理中' }, 'wei.zhang');
	await itsm.update(ticket.sys_id, { impact: '1' });
	expect((await itsm.update(ticket.sys_id, { state: '2' })).firing).toBeUndefined();
	expect(hits.slice(1).map((hit) => hit.body)).toMatchObject([
		{
			event: 'update',
			previous_state: '1',
			state: '2',
			previous_assigned_to: '',
			assigned_to: { user_name: 'wei.zhang' },
		},
		{
			event: 'comment',
			comment: { text: '处理中', public: 'true', author: { user_name: 'wei.zhang' } },
		},
		{ event: 'update', previous_priority: '2', priority: '1' },
	]);
	expect(hits.map((hit) => hit.body['sys_mod_count'])).toEqual(['0', '1', '2', '3']);
	await itsm.fire(ticket, 'sla_breached');
	expect(hits.at(-1)!.body).toMatchObject({ event: 'sla_breached', number: ticket.number });
});

it('resolves only with a code and notes', async () => {
	const { ticket } = await create();
	await expect(itsm.update(ticket.sys_id, { state: '6' })).rejects.toThrow(
		/Resolution code, Resolution notes/,
	);
	expect(itsm.store.get(ticket.sys_id)!.state).toBe('1');
	await itsm.update(ticket.sys_id, {
		state: '6',
		close_code: 'Solution provided',
		close_notes: 'done',
	});
	expect(hits.at(-1)!.body).toMatchObject({ previous_state: '1', state: '6' });
});

describe('Table API', () => {
	const api = async (method: string, path: string, body?: object, password = 'pw') => {
		const authorization = `Basic ${Buffer.from(`api:${password}`).toString('base64')}`;
		const response = await fetch(`${itsm.url}/api/now/table/${path}`, {
			method,
			headers: { authorization },
			body: body && JSON.stringify(body),
		});
		return [response.status, (await response.json()) as { result: never; error?: object }] as const;
	};

	it('wants Basic auth', async () => {
		expect(await api('GET', 'incident', undefined, 'no')).toEqual([
			401,
			{ error: expect.objectContaining({ message: 'User Not Authenticated' }), status: 'failure' },
		]);
	});

	it('finds a ticket by its number and a person by mail', async () => {
		const { ticket } = await create();
		await create();
		const fields = 'sysparm_fields=sys_id,number,state,sys_mod_count&sysparm_limit=1';
		expect(await api('GET', `incident?sysparm_query=number=${ticket.number}&${fields}`)).toEqual([
			200,
			{
				result: [{ sys_id: ticket.sys_id, number: ticket.number, state: '1', sys_mod_count: '0' }],
			},
		]);
		expect(
			(
				await api(
					'GET',
					'sys_user?sysparm_query=email=wei.zhang@example.test&sysparm_fields=sys_id',
				)
			)[1].result,
		).toEqual([{ sys_id: WEI.sys_id }]);
		expect((await api('GET', 'incident?sysparm_query=number=INC404'))[1].result).toEqual([]);
	});

	it('shows both values, with or without links', async () => {
		const { ticket } = await create({ assigned_to: WEI.sys_id });
		const one = `incident/${ticket.sys_id}?sysparm_fields=state,assigned_to,comments`;
		expect(
			(await api('GET', `${one}&sysparm_display_value=all&sysparm_exclude_reference_link=true`))[1]
				.result,
		).toEqual({
			state: { display_value: 'New', value: '1' },
			assigned_to: { display_value: '张伟', value: WEI.sys_id },
			comments: { display_value: '', value: '' },
		});
		expect((await api('GET', one))[1].result).toMatchObject({
			state: '1',
			assigned_to: { value: WEI.sys_id, link: expect.stringContaining('/sys_user/') },
		});
	});

	it('writes back, counts the save and fires the webhook', async () => {
		const { ticket } = await create();
		const [status, { result }] = await api('PATCH', `incident/${ticket.sys_id}`, {
			state: '2',
			work_notes: 'ack',
			priority: '1',
			nonsense: 'x',
		});
		expect(status).toBe(200);
		// A direct priority is computed away, an unknown column is dropped: both with 200.
		expect(result).toMatchObject({
			state: '2',
			priority: '2',
			sys_mod_count: '1',
			sys_updated_by: 'api',
			work_notes: '',
		});
		expect(result).not.toHaveProperty('nonsense');
		while (hits.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
		expect(hits[1]!.body).toMatchObject({
			event: 'update',
			comment: { text: 'ack', public: 'false' },
			sys_updated_by: 'api',
		});
	});

	it.each([
		[
			'a save that the data policy stops',
			'PATCH',
			(id: string) => `incident/${id}`,
			{ state: '6' },
			403,
			'Operation Failed',
		],
		['an unknown record', 'PATCH', () => 'incident/0123', { state: '2' }, 404, 'No Record found'],
		['an unknown table', 'GET', () => 'nothing', undefined, 400, 'Invalid table nothing'],
	])('refuses %s', async (_name, method, path, body, status, text) => {
		const { ticket } = await create();
		expect(await api(method, path(ticket.sys_id), body)).toEqual([
			status,
			{ error: expect.objectContaining({ message: text }), status: 'failure' },
		]);
	});

	it('gives comments and work notes as rows of the journal, the newest first', async () => {
		const { ticket } = await create();
		await api('PATCH', `incident/${ticket.sys_id}`, { work_notes: 'one' });
		await api('PATCH', `incident/${ticket.sys_id}`, { work_notes: 'two' });
		await api('PATCH', `incident/${ticket.sys_id}`, { comments: 'open' });
		const query = `element_id=${ticket.sys_id}^element=work_notes^ORDERBYDESCsys_created_on`;
		const [, body] = await api(
			'GET',
			`sys_journal_field?sysparm_query=${encodeURIComponent(query)}`,
		);
		const { result } = body as { result: Array<{ value: string }> };
		expect(result.map(({ value }) => value)).toEqual(['two', 'one']);
	});

	it('is down as an API only: people still see the list', async () => {
		itsm.faults.set({ kind: '5xx' });
		expect((await api('GET', 'incident'))[0]).toBe(503);
		expect((await fetch(itsm.url)).status).toBe(200);
	});

	it('misbehaves when told to', async () => {
		itsm.faults.set({ kind: '5xx', times: 1, match: '/api/now' });
		expect((await api('GET', 'incident'))[0]).toBe(503);
		expect((await api('GET', 'incident'))[0]).toBe(200);
	});
});

it('serves the page, and takes changes only as JSON', async () => {
	const page = await fetch(itsm.url);
	expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
	expect(await page.text()).toContain('ITSM simulator');
	const post = (type: string) =>
		fetch(`${itsm.url}/page/tickets`, {
			method: 'POST',
			headers: { 'content-type': type },
			body: JSON.stringify({ by: 'wei.zhang', ticket: { short_description: 'x' } }),
		});
	expect((await post('text/plain')).status).toBe(415);
	expect(await (await post('application/json')).json()).toMatchObject({
		ticket: { short_description: 'x' },
		firing: { status: 202 },
	});
});
