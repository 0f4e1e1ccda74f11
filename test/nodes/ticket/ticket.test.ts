import { createServer, type Server } from 'node:http';

import type { IDataObject, INodeType } from 'n8n-workflow';
import { toEvents } from '../../../core/events/index.ts';
import { startItsm, type ItsmSimulator, type Ticket } from '../../../sandbox/itsm/index.ts';
import { closeServer, listen, readBody } from '../../../sandbox/simulators/http.ts';
import type { CredentialData } from '../../harness/engine.ts';
import { builtNodes } from '../../harness/node-types.ts';
import { told as tellJohn } from '../interaction/store.ts';
import { JOHN, person } from '../kit/data.ts';
import { at, everything, hintsOf, outputsOf, runNode } from '../kit/run.ts';
import { deadStore, freshStore, ledger, savePeople, savePolicy } from '../kit/store.ts';
import { run as runFile } from '../workflows/bundled.ts';

const ACCOUNT = { user: 'itsm-bot', password: 'bot-pass-4711' };
const SYS_ID = { john: 'a'.repeat(32), emma: 'b'.repeat(32) };
const EMMA = person('emma', 'email', { address: 'emma@example.test' });

let itsm: ItsmSimulator;
let listener: Server;
let webhooks: Array<Record<string, unknown>>;
let ticket: Ticket;
let credentials: CredentialData;

beforeEach(async () => {
	webhooks = [];
	listener = createServer((request, response) => {
		void readBody(request).then((raw) => {
			webhooks.push(JSON.parse(raw.toString('utf8')) as Record<string, unknown>);
			response.writeHead(202).end();
		});
	});
	const { url } = await listen(listener);
	itsm = await startItsm({
		config: {
			people: [
				{
					sys_id: SYS_ID.john,
					user_name: 'john.doe',
					name: 'John Doe',
					email: 'john@example.test',
				},
				{ sys_id: SYS_ID.emma, user_name: 'emma', name: 'Emma Ng', email: 'emma@example.test' },
			],
			account: ACCOUNT,
		},
	});
	({ ticket } = await itsm.create({ short_description: 'Disk full', caller_id: SYS_ID.emma }));
	itsm.setWebhook({ url });
	credentials = freshStore({
		itsmNotifyServiceNowApi: { baseUrl: itsm.url, authMode: 'basic', ...ACCOUNT },
	});
	await savePeople(credentials, JOHN, EMMA);
	await savePolicy(credentials, {
		routing: { recipients: { ticket_assigned: ['assignee', 'requester'] } },
	});
});
afterEach(() => Promise.all([itsm.close(), closeServer(listener)]));

let count = 0;

/** John answers; he was told of the ticket, so it is his business. */
const answer = (action: string, more: IDataObject = {}): IDataObject => ({
	interaction_id: `i_${++count}`,
	channel: 'slack',
	user: { user_id: 'john', channel_user_id: 'U0JOHN', username: 'john.doe' },
	action,
	source: 'serviceNow',
	ticket_key: `serviceNow:${ticket.sys_id}`,
	ticket_id: ticket.sys_id,
	parameters: { expected: { status: 'new' } },
	received_at: new Date().toISOString(),
	reply: { response_url: 'https://hooks.slack.example/x' },
	...more,
});

/** The ITSM's event through the resolver: who is told. */
async function told(body: unknown): Promise<string[]> {
	const events = toEvents('serviceNow', { body, headers: {} });
	const [deliver] = await outputsOf('itsmPreferenceResolver', {
		credentials,
		items: events as never[],
	});
	return [...new Set(deliver.map((item) => String(at(item, 'recipient.user_id'))))].sort();
}

const insert = (): Promise<string[]> =>
	told({
		event: 'insert',
		table: 'incident',
		sys_id: ticket.sys_id,
		number: ticket.number,
		short_description: 'Disk full',
		state: '1',
		priority: '3',
		assigned_to: { user_name: 'john.doe' },
		sys_created_on: ticket.sys_created_on,
	});

const run = (items: IDataObject[], more: object = {}) =>
	outputsOf('itsmTicket', { credentials, items, ...more });

const until = async (check: () => boolean): Promise<void> => {
	for (let i = 0; i < 100 && !check(); i++) await new Promise((done) => setTimeout(done, 20));
};

describe('From Interaction', () => {
	beforeEach(async () => {
		expect(await insert()).toEqual(['john']);
	});

	test('Done: written, once, and the item keeps what the answer needs', async () => {
		const item = answer('acknowledge');
		const [done, ...others] = await run([item]);
		expect(done).toMatchObject([
			{
				...item,
				result: {
					status: 'done',
					before: { status: 'new', assignee: null },
					after: { status: 'in_progress', assignee: 'John Doe', number: ticket.number },
					steps: ['fields'],
					attempts: 1,
				},
			},
		]);
		expect(others).toEqual([[], [], []]);
		expect(itsm.store.get(ticket.sys_id)).toMatchObject({ state: '2', assigned_to: SYS_ID.john });
		const [again] = await run([item]);
		expect(again[0].result).toMatchObject({ status: 'done', repeated: true });
		expect(itsm.store.get(ticket.sys_id)?.comments).toHaveLength(1);
	});

	test('the webhook of our own write reaches the others, not the person who did it', async () => {
		await run([answer('acknowledge')]);
		await until(() => webhooks.length > 0);
		expect(webhooks).toHaveLength(1);
		expect(webhooks[0]).toMatchObject({ event: 'update', sys_updated_by: 'itsm-bot' });
		expect(await told(webhooks[0])).toEqual(['emma']);
		// A change by a person there is news to both, also a moment later.
		await itsm.update(ticket.sys_id, { assigned_to: '' }, 'emma');
		await itsm.update(ticket.sys_id, { assigned_to: SYS_ID.john }, 'dispatcher');
		expect(await told(webhooks.at(-1))).toEqual(['emma', 'john']);
	});

	test('Conflict: somebody was first', async () => {
		await itsm.update(ticket.sys_id, { state: '2', assigned_to: SYS_ID.emma }, 'emma');
		const [done, conflict] = await run([answer('acknowledge')]);
		expect(done).toEqual([]);
		expect(conflict[0].result).toMatchObject({
			status: 'conflict',
			code: 'acknowledged_by_other',
			after: { assignee: 'Emma Ng' },
		});
	});

	test('Pending: the system is down; later it is done', async () => {
		itsm.faults.set({ kind: '5xx' });
		const item = answer('acknowledge');
		const pending = (await run([item]))[3];
		expect(pending[0].result).toMatchObject({ status: 'pending', code: 'http_503', attempts: 1 });
		itsm.faults.clear();
		const [done] = await run([{ ...item, retry: 1 }]);
		expect(done[0].result).toMatchObject({ status: 'done', attempts: 2 });
	});

	test('Failed: not theirs, no such system, no credential', async () => {
		const items = [
			answer('acknowledge', { user: { user_id: 'emma' } }),
			answer('acknowledge', { source: 'jira', ticket_key: 'jira:1', ticket_id: '1' }),
			answer('acknowledge', {
				source: 'requestTracker',
				ticket_key: 'requestTracker:1',
				ticket_id: '1',
			}),
		];
		const result = await runNode('itsmTicket', { credentials, items });
		expect(result.json('Node', 2).map((item) => item.result)).toMatchObject([
			{ status: 'denied', code: 'not_your_ticket' },
			{ status: 'failed', code: 'unsupported_system' },
			{ status: 'failed', code: 'no_credential' },
		]);
		expect(hintsOf(result).join()).toContain('No credential for Request Tracker');
		expect(itsm.store.get(ticket.sys_id)).toMatchObject({ state: '1' });
	});

	test('several of one ticket in one run: in their order', async () => {
		const resolve = answer('resolve', {
			parameters: { comment: 'Cleaned up', expected: { status: 'new' } },
		});
		const [done] = await run([answer('acknowledge'), resolve]);
		expect(done.map((item) => at(item, 'result.after.status'))).toEqual([
			'in_progress',
			'resolved',
		]);
		expect(itsm.store.get(ticket.sys_id)).toMatchObject({
			state: '6',
			close_notes: 'john.doe (Slack): Cleaned up',
		});
	});

	test('a test run acts, and may act again: it claims nothing', async () => {
		const item = answer('comment', { parameters: { comment: 'Hello' } });
		for (let i = 0; i < 2; i++) {
			const [done] = await run([item], { mode: 'manual' });
			expect(done[0].result).toMatchObject({ status: 'done' });
			expect(done[0].result).not.toHaveProperty('repeated');
		}
		expect(itsm.store.get(ticket.sys_id)?.comments).toHaveLength(2);
	});

	test('the password stands nowhere in the execution', async () => {
		itsm.faults.set({ kind: 'reject_auth' });
		const result = await runNode('itsmTicket', { credentials, items: [answer('acknowledge')] });
		expect(result.json('Node', 2)[0].result).toMatchObject({ status: 'failed', code: 'auth' });
		expect(everything(result)).not.toContain(ACCOUNT.password);
	});
});

describe('in workflow 04', () => {
	beforeEach(insert);
	const answered = async (item: IDataObject): Promise<string> => {
		const { all } = await runFile('04-interaction.json', [item], credentials);
		return String(all('Complete')[0].text);
	};
	const confirmations = async () =>
		(await ledger(credentials)).filter((row) => String(row.purpose).startsWith('confirmation:'));

	test('acknowledged; pressed again; the next action on the same card', async () => {
		const n = ticket.number;
		expect(await answered(answer('acknowledge'))).toBe(`Ticket ${n} is acknowledged.`);
		expect(await answered(answer('acknowledge'))).toBe(
			`Ticket ${n} was already like that: in progress, John Doe.`,
		);
		expect(await answered(answer('resolve'))).toBe(`Ticket ${n} is marked as resolved.`);
		expect(itsm.store.get(ticket.sys_id)?.state).toBe('6');
	});

	test('somebody was first, also where the store knows of it already', async () => {
		await itsm.update(ticket.sys_id, { state: '2', assigned_to: SYS_ID.emma }, 'emma');
		await until(() => webhooks.length > 0);
		await told(webhooks[0]);
		const [about] = toEvents('serviceNow', { body: webhooks[0], headers: {} });
		await tellJohn(credentials, about, { recipient: { user_id: 'john', role: 'group' } });
		expect(await answered(answer('acknowledge'))).toBe(
			`Emma Ng was first: ticket ${ticket.number} is theirs. Nothing was done.`,
		);
	});

	test('down: told that it waits, and told again when it is done', async () => {
		itsm.faults.set({ kind: '5xx' });
		const item = answer('acknowledge');
		expect(await answered(item)).toContain('is kept and applied as soon as it is back');
		await answered({ ...item, retry: 1 });
		expect(await confirmations()).toHaveLength(1);
		itsm.faults.clear();
		expect(await answered({ ...item, retry: 2 })).toBe(`Ticket ${ticket.number} is acknowledged.`);
		expect(await confirmations()).toHaveLength(2);
		expect(itsm.store.get(ticket.sys_id)?.comments).toHaveLength(1);
	});
});

describe('credential test', () => {
	const ask = async (data: IDataObject): Promise<string> => {
		const { methods } = builtNodes()['n8n-nodes-itsm-notify.itsmTicket'] as INodeType;
		const test = methods?.credentialTest?.serviceNowCredentialTest;
		const answered = await test!.call(
			{} as never,
			{ id: '1', name: 'x', type: 'y', data } as never,
		);
		return `${answered.status}: ${answered.message}`;
	};
	test('it really asks', async () => {
		const data = credentials.itsmNotifyServiceNowApi;
		expect(await ask(data)).toBe('OK: ServiceNow lets us in as itsm-bot; nothing was written');
		const wrong = await ask({ ...data, password: 'wrong-4712' });
		expect(wrong).toMatch(/^Error: ServiceNow answered with HTTP 401: User Not Authenticated/);
		expect(wrong).not.toContain('wrong-4712');
		expect(await ask({ ...data, baseUrl: 'http://127.0.0.1:9' })).toMatch(
			/^Error: ServiceNow cannot be reached/,
		);
		expect(await ask({ ...data, baseUrl: '' })).toMatch(/^Error: The credential has no base URL/);
	});
});

describe('by itself', () => {
	const own = (operation: string, parameters: IDataObject = {}) => ({
		system: 'serviceNow',
		operation,
		ticketId: ticket.number,
		...parameters,
	});
	const each = async (operation: string, parameters: IDataObject = {}) =>
		(await run([{ kept: 'yes' }], { parameters: own(operation, parameters) }))[0][0];

	test('all operations, by the ticket’s number; the input is kept', async () => {
		expect(await each('getStatus')).toMatchObject({
			kept: 'yes',
			result: { status: 'done', after: { status: 'new', number: ticket.number } },
		});
		await each('acknowledge');
		await each('assign', { assignee: 'emma@example.test' });
		await each('comment', { comment: 'Looking', options: { publicComments: true } });
		await each('escalate', { note: 'Too slow', serviceNow: { escalationImpact: '2' } });
		expect(itsm.store.get(ticket.sys_id)).toMatchObject({
			state: '2',
			assigned_to: SYS_ID.emma,
			urgency: '1',
			impact: '2',
		});
		const closing = { note: 'Done', serviceNow: { closeCode: 'Known error' } };
		expect(await each('resolve', closing)).toMatchObject({ result: { status: 'done' } });
		const now = itsm.store.get(ticket.sys_id);
		expect(now).toMatchObject({ state: '6', close_code: 'Known error', close_notes: 'Done' });
		expect(now?.comments.map((c) => [c.text, c.public])).toEqual([
			['Looking', true],
			['Too slow', false],
		]);
		expect(await each('resolve', closing)).toMatchObject({
			result: { status: 'unchanged', code: 'already_done' },
		});
	});

	test('the system from the event’s source; without one the item is at fault', async () => {
		const parameters = { ...own('getStatus'), system: 'auto', ticketId: ticket.sys_id };
		const [done] = await run([{ source: 'servicenow' }], { parameters });
		expect(done).toHaveLength(1);
		await expect(run([{}], { parameters })).rejects.toThrow('The item names no source [item 0]');
	});

	test('down: Failed, retryable, and nothing is queued', async () => {
		itsm.faults.set({ kind: '5xx' });
		const failed = (await run([{}], { parameters: own('acknowledge') }))[2];
		expect(failed[0].result).toMatchObject({ status: 'failed', code: 'http_503', retryable: true });
	});
});

test('an item that is no interaction: named; with Continue On Fail the others go on', async () => {
	await insert();
	await expect(run([{ nonsense: true }])).rejects.toThrow('interaction_id');
	const items = [{ nonsense: true }, answer('acknowledge')];
	const [done, , failed] = await run(items, { settings: { onError: 'continueRegularOutput' } });
	expect(done).toHaveLength(1);
	expect(failed).toMatchObject([{ details: { code: 'invalid_interaction' } }]);
});

test('a store that cannot be opened is said so, without its password', async () => {
	const broken = { ...credentials, ...deadStore() };
	const result = await runNode('itsmTicket', {
		credentials: broken,
		items: [answer('acknowledge')],
	});
	expect(result.error()?.message).toContain('The store cannot be opened');
	expect(everything(result)).not.toContain('pg-pass-4711');
});
