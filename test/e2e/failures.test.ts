// What breaks on the way: one channel down, a wrong secret, a failing workflow. The others must not notice.
import { randomUUID } from 'node:crypto';
import { JOHN, LI_NA, PLATFORM, PREFERENCES, SECRETS, WEI } from '../../sandbox/data/index.ts';
import { SLACK_IDS, WECOM_IDS } from '../../sandbox/data/index.ts';
import { credentialId } from '../../sandbox/demo/credentials.ts';
import type { NewTicket } from '../../sandbox/itsm/index.ts';
import { deliveriesOf, Desk, ERROR_ALERT, PATIENCE, RELEASE, ROUTING } from './harness/desk.ts';
import type { Json } from './harness/desk.ts';

const LIMIT = 2 * PATIENCE;
let desk: Desk;

const ticketFor = (assigned_to: string, short_description: string): NewTicket => ({
	short_description,
	urgency: '2',
	impact: '3',
	caller_id: WEI.sys_id,
	assigned_to,
	assignment_group: PLATFORM.sys_id,
});

/** WeCom only; mail is configured, but not listed: where it goes when WeCom fails. */
const LI_NA_BY_WECOM = {
	...PREFERENCES.find((person) => person.username === LI_NA.user_name)!,
	notification_preferences: {
		channels: ['wecom'],
		wecom: { userid: WECOM_IDS.liNa, frequency: 'immediate', categories: ['all'] },
		email: { address: LI_NA.email, frequency: 'immediate', categories: ['all'] },
	},
};

beforeAll(async () => {
	desk = await Desk.open();
	await desk.savePolicy({
		aggregation: { recent_limit: 1000 },
		retry: { first: '5s', factor: 1 },
		routing: { operators: ['user-john'] },
	});
	await desk.savePeople([LI_NA_BY_WECOM]);
}, 4 * PATIENCE);
afterAll(async () => await desk?.close(), PATIENCE);

test(
	'one channel down: the others arrive at once, it itself later through 02 Release',
	async () => {
		const { faults, recorder } = desk.sandbox;
		faults.slack.set({ kind: '5xx' });
		const { ticket, body } = desk.ticket({
			...ticketFor('', 'Checkout is slow'),
			urgency: '1',
			impact: '2',
		});
		await desk.fire(body);
		const first = await desk.arrived(ticket.number, 3);
		expect(first.map((m) => `${m.channel} ${m.to.join()}`).sort()).toEqual([
			`email ${JOHN.email}`,
			`email ${WEI.email}`,
			`wecom ${WECOM_IDS.wei}`,
		]);

		const eventId = String(body.delivery_id);
		const held = await desk.inExecution('the retry that Slack waits for', ROUTING, (execution) =>
			deliveriesOf(execution, 'Slack', 0, eventId).at(0),
		);
		expect(held).toMatchObject({
			recipient: { user_id: 'user-john' },
			status: { status: 'pending', reason: 'retry_scheduled', error: { class: 'retry' } },
		});
		expect(recorder.refusals({ channel: 'slack' }).length).toBeGreaterThan(0);

		faults.slack.clear();
		const all = await desk.arrived(ticket.number, 4);
		expect(all).toHaveLength(4);
		expect(all[3]).toMatchObject({ channel: 'slack', to: [SLACK_IDS.john] });
		expect(all[3].rendered.title).toBe(`🟠 New ticket ${ticket.number}: Checkout is slow`);
		const sent = await desk.inExecution('the retry in 02 Release', RELEASE, (execution) =>
			deliveriesOf(execution, 'Slack', 0, eventId).find(
				(d) => (d.status as Json).status === 'sent',
			),
		);
		expect(sent.delivery_id).toBe(held.delivery_id);
		await desk.settle(ticketFor(JOHN.sys_id, 'Anything after the retry'), 2);
		expect(desk.about(ticket.number)).toHaveLength(4);
	},
	LIMIT,
);

test(
	'the wire breaks after WeCom took the card: asked again, it shows one card all the same',
	async () => {
		const { faults } = desk.sandbox;
		faults.wecom.set({ kind: 'reset', accepted: true, times: 1, match: 'message/send' });
		const { ticket, body } = desk.ticket(ticketFor(LI_NA.sys_id, 'Laptop does not wake up'));
		await desk.fire(body);
		await desk.arrived(ticket.number, 1);
		await desk.settle(ticketFor(LI_NA.sys_id, 'Anything after the cut'), 1);
		// WeCom recognises a repeat by its duplicate check: one card, however often it was asked.
		expect(desk.about(ticket.number)).toHaveLength(1);
	},
	LIMIT,
);

test(
	'a workflow that fails: 03 Error Alert tells the operators',
	async () => {
		const node = (name: string, type: string, parameters: Json, x: number): Json => ({
			id: randomUUID(),
			name,
			type: `n8n-nodes-base.${type}`,
			typeVersion: 1,
			position: [x, 0],
			webhookId: randomUUID(),
			parameters,
		});
		const failing = {
			name: 'Nightly import',
			nodes: [
				node('Call', 'webhook', { httpMethod: 'POST', path: 'test-failing' }, 0),
				node('Read Source', 'stopAndError', { errorMessage: 'The source has no rows' }, 280),
			],
			connections: { Call: { main: [[{ node: 'Read Source', type: 'main', index: 0 }]] } },
			settings: { executionOrder: 'v1', errorWorkflow: ERROR_ALERT },
		};
		await desk.publish(failing, 'test-failing');
		await desk.post('test-failing', {});
		const messages = await desk.arrived('Nightly import', 2);
		expect(messages.map((m) => `${m.channel} ${m.to.join()}`).sort()).toEqual([
			`email ${JOHN.email}`,
			`slack ${SLACK_IDS.john}`,
		]);
		for (const { rendered } of messages) {
			expect(rendered.title).toContain('Workflow "Nightly import" failed');
			expect(rendered.text).toContain('The source has no rows (node: Read Source)');
			expect(JSON.stringify(rendered.buttons)).toContain('/executions/');
		}
	},
	LIMIT,
);

test(
	'a wrong WeCom secret: the message takes the next channel of the person',
	async () => {
		const id = credentialId('itsmNotifyWeComApi');
		const { api } = desk.sandbox.n8n;
		type Credential = { name: string; type: string; data: Json };
		const saved = await api.rest<Credential>('GET', `/credentials/${id}?includeData=true`);
		await api.rest('PATCH', `/credentials/${id}`, {
			name: saved.name,
			type: saved.type,
			data: { ...saved.data, corpSecret: `${SECRETS.wecom.secret}-of-yesterday` },
		});
		const { ticket, body } = desk.ticket(ticketFor(LI_NA.sys_id, 'Cannot print invoices'));
		await desk.fire(body);
		const [message] = await desk.arrived(ticket.number, 1);
		expect(message).toMatchObject({ channel: 'email', to: [LI_NA.email] });
		expect(message.rendered.title).toBe(`[${ticket.number}] 新工单：Cannot print invoices`);
		const eventId = String(body.delivery_id);
		const failed = await desk.inExecution('the failure of WeCom', ROUTING, (execution) =>
			deliveriesOf(execution, 'WeCom', 1, eventId).at(0),
		);
		// Already turned: what failed before stands in its story.
		expect(failed).toMatchObject({ channel: 'email', address: { address: LI_NA.email } });
		expect(JSON.stringify(failed.failed)).toContain('"channel":"wecom"');
		expect(JSON.stringify(failed)).not.toContain(SECRETS.wecom.secret);
		const rows = (await desk.sandbox.deliveries()).filter((row) => row.event_id === eventId);
		expect(rows.map((row) => `${row.channel} ${row.status}`).sort()).toEqual([
			'email sent',
			'wecom failed',
		]);
	},
	LIMIT,
);
