// The bundled workflows on a real n8n, the package from its tarball: judged by what arrives, and by n8n's executions.
import { randomUUID } from 'node:crypto';
import { highTicket, JOHN, PLATFORM, SECRETS, WEI } from '../../sandbox/data/index.ts';
import { SLACK_IDS, WECOM_IDS } from '../../sandbox/data/index.ts';
import { SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from '../../sandbox/itsm/index.ts';
import type { NewTicket } from '../../sandbox/itsm/index.ts';
import type { MessageRecord } from '../../sandbox/simulators/index.ts';
import { deliveriesOf, Desk, PATIENCE, RELEASE, shipped } from './harness/desk.ts';
import { withDemoCredentials } from './harness/desk.ts';
import { mailHighEn, mailHighZh, slackHigh, wecomHigh } from './harness/expected.ts';

const LIMIT = 2 * PATIENCE;
let desk: Desk;

/** For John alone: Slack and email. */
const forJohn = (short_description: string): NewTicket => ({
	short_description,
	urgency: '2',
	impact: '3',
	caller_id: WEI.sys_id,
	assigned_to: JOHN.sys_id,
	assignment_group: PLATFORM.sys_id,
});

beforeAll(async () => {
	desk = await Desk.open();
	// John gets more here than the five messages in ten minutes from which on they are grouped.
	await desk.savePolicy({ aggregation: { group_wait: '10s', recent_limit: 1000 } });
}, 4 * PATIENCE);
afterAll(async () => await desk?.close(), PATIENCE);

test(
	'a High ticket arrives word for word: two people, three channels, two languages',
	async () => {
		const { ticket, body } = desk.ticket(highTicket());
		const answer = await desk.fire(body);
		expect(answer).toEqual({ status: 200, json: { ok: 1, events: 1, duplicates: 0 } });
		await desk.arrived(ticket.number, 4);
		await desk.settle(forJohn('Anything after it'), 2);

		const messages = desk.about(ticket.number);
		expect(messages).toHaveLength(4);
		const to = (channel: string, address: string): unknown =>
			messages.find((m) => m.channel === channel && m.to.includes(address))?.payload;
		const url = String(body.url);
		expect(to('slack', SLACK_IDS.john)).toEqual(slackHigh(ticket, url, SLACK_IDS.john));
		expect(to('wecom', WECOM_IDS.wei)).toEqual(wecomHigh(ticket, url, WECOM_IDS.wei));
		const john = to('email', JOHN.email) as { headers: Record<string, string> };
		const wei = to('email', WEI.email) as { headers: Record<string, string> };
		expect(john).toEqual(mailHighEn(ticket, url, JOHN.email));
		expect(wei).toEqual(mailHighZh(ticket, url, WEI.email));
		// Two mails, one thread per ticket.
		expect(john.headers['message-id']).not.toBe(wei.headers['message-id']);
		expect(john.headers.references).toBe(wei.headers['in-reply-to']);
		expect(desk.sandbox.recorder.refusals()).toEqual([]);
	},
	LIMIT,
);

test(
	'a later mail about a ticket hangs in the thread of the first',
	async () => {
		const { ticket, body } = desk.ticket(forJohn('Printer on floor 3 is offline'));
		await desk.fire(body);
		await desk.arrived(ticket.number, 2);
		await desk.fire(desk.change(ticket, { urgency: '1', impact: '1' }));
		const isMail = (m: MessageRecord): boolean =>
			m.to.includes(JOHN.email) && JSON.stringify(m.payload).includes(ticket.number);
		await desk.waitForCount(2, isMail);
		const mails = desk
			.about(ticket.number)
			.filter(isMail)
			.map((m) => (m.payload as { headers: Record<string, string> }).headers);
		expect(mails).toHaveLength(2);
		expect(mails[1].references).toBe(mails[0].references);
		expect(mails[1]['message-id']).not.toBe(mails[0]['message-id']);
	},
	LIMIT,
);

test(
	'a duplicate webhook gives no second message and no second execution',
	async () => {
		const { ticket, body } = desk.ticket(forJohn('Badge reader refuses everybody'));
		await desk.fire(body);
		await desk.arrived(ticket.number, 2);
		const again = await desk.fire(body);
		expect(again).toEqual({ status: 200, json: { ok: 1, events: 0, duplicates: 1 } });
		await desk.settle(forJohn('Anything after the duplicate'), 2);
		expect(desk.about(ticket.number)).toHaveLength(2);
		const runs = (await desk.eventsRun()).filter((id) => id === body.delivery_id);
		expect(runs).toHaveLength(1);
	},
	LIMIT,
);

test(
	'a wrong or missing header token is answered with 401 and starts nothing',
	async () => {
		const { ticket, body } = desk.ticket(forJohn('Sent by a stranger'));
		const { name, value } = SECRETS.itsm.token;
		for (const headers of [{ [name]: `${value}x` }, { [name]: '' }, {}]) {
			const answer = await desk.post('itsm', body, headers as Record<string, string>);
			expect(answer).toEqual({ status: 401, json: { error: 'unauthorized' } });
		}
		await desk.settle(forJohn('Anything after the stranger'), 2);
		expect(await desk.eventsRun()).not.toContain(body.delivery_id);
		expect(desk.about(ticket.number)).toEqual([]);
	},
	LIMIT,
);

test(
	'a forged ServiceNow signature is answered with 401 and starts nothing; the right one brings messages',
	async () => {
		const { api } = desk.sandbox.n8n;
		const credential = await api.rest<{ id: string }>('POST', '/credentials', {
			name: 'Signed ServiceNow',
			type: 'itsmNotifyInboundApi',
			data: { signingSecret: SECRETS.itsm.webhookSecret },
		});
		const { id: _id, ...document } = withDemoCredentials(shipped('01-routing.json'));
		const trigger = document.nodes.find((n) => n.type.endsWith('.itsmTrigger'))!;
		Object.assign(trigger, {
			webhookId: randomUUID(),
			parameters: { ...trigger.parameters, path: 'itsm-signed' },
			credentials: { itsmNotifyInboundApi: { id: credential.id, name: 'Signed ServiceNow' } },
		});
		Object.assign(trigger.parameters, { source: 'serviceNow', authentication: 'signature' });
		const id = await desk.publish({ ...document, name: 'Signed' }, 'itsm-signed');

		const { ticket, body } = desk.ticket(forJohn('Signed by ServiceNow'));
		const text = JSON.stringify(body);
		const now = String(Math.floor(Date.now() / 1000));
		const old = String(Number(now) - 3600);
		const secret = SECRETS.itsm.webhookSecret;
		const signed = (timestamp: string, signature: string): Record<string, string> => ({
			[TIMESTAMP_HEADER]: timestamp,
			[SIGNATURE_HEADER]: signature,
		});
		const forged = [
			signed(now, sign('another secret', now, text)),
			signed(now, sign(secret, now, text.replace('Signed', 'Forged'))),
			signed(old, sign(secret, old, text)),
			signed(now, sign(secret, old, text)),
			{ [TIMESTAMP_HEADER]: now },
			// The token of the other workflow opens nothing here.
			{ [SECRETS.itsm.token.name]: SECRETS.itsm.token.value },
		];
		for (const headers of forged) {
			const answer = await desk.post('itsm-signed', text, headers);
			expect(answer).toEqual({ status: 401, json: { error: 'unauthorized' } });
		}
		expect(await api.executions(id)).toEqual([]);
		expect(desk.about(ticket.number)).toEqual([]);

		const right = await desk.post('itsm-signed', text, signed(now, sign(secret, now, text)));
		expect(right.status).toBe(200);
		expect(await desk.arrived(ticket.number, 2)).toHaveLength(2);
		await api.waitForExecutions(id, 1, PATIENCE);
		expect(await desk.eventsRun(id)).toEqual([body.delivery_id]);
	},
	LIMIT,
);

test(
	'comments are held, and come out of 02 Release as one message per channel',
	async () => {
		const { ticket, body } = desk.ticket(forJohn('VPN drops every 20 minutes'));
		await desk.fire(body);
		await desk.arrived(ticket.number, 2);
		for (const comments of ['Restarted the gateway.', 'Still the same here.', 'Rolled it back.'])
			await desk.fire(desk.change(ticket, { comments }, WEI.sys_id));
		const messages = await desk.arrived('Rolled it back.', 2);
		expect(messages.map((m) => m.channel).sort()).toEqual(['email', 'slack']);
		for (const { rendered } of messages) {
			expect(rendered.title).toContain(ticket.number);
			expect(rendered.title).toContain('3 updates');
			expect(rendered.title).toContain('VPN drops every 20 minutes');
			expect(rendered.text.replace(/https?:\S+/g, '')).not.toContain(ticket.sys_id);
		}
		await desk.settle(forJohn('Anything after the digest'), 2);
		const digests = desk.about('3 updates');
		expect(digests).toHaveLength(2);
		// Two of the first ticket, two digests: no comment came by itself.
		expect(desk.about(ticket.sys_id)).toHaveLength(4);
		const sent = await desk.inExecution('the digest in 02 Release', RELEASE, (execution) => {
			const found = deliveriesOf(execution, 'Slack', 0).filter(
				({ digest }) => (digest as { total?: number } | undefined)?.total === 1,
			);
			return found.length > 0 ? found : undefined;
		});
		expect(sent).toHaveLength(1);
		expect(sent[0]).toMatchObject({
			status: { status: 'sent' },
			recipient: { user_id: 'user-john' },
		});
	},
	LIMIT,
);
