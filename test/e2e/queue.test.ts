// n8n in queue mode: main, a webhook process, two workers, both databases on PostgreSQL.
import { randomUUID } from 'node:crypto';
import { highTicket, JOHN, PLATFORM, SECRETS, SLACK_IDS, WEI } from '../../sandbox/data/index.ts';
import type { NewTicket, Ticket } from '../../sandbox/itsm/index.ts';
import { query } from '../../sandbox/servers/postgres.ts';
import type { MessageRecord } from '../../sandbox/simulators/index.ts';
import { Desk, PATIENCE, shipped, type Json } from './harness/desk.ts';
import { waitFor } from './harness/n8n.ts';
import { begunBy, processesOf, QUICK_STALL, testQueue } from './harness/queue.ts';

const LIMIT = 2 * PATIENCE;
const queue = await testQueue();
const suite = queue ? describe : describe.skip;

/** For John alone: Slack and email. */
const forJohn = (short_description: string): NewTicket => ({
	short_description,
	urgency: '2',
	impact: '3',
	caller_id: WEI.sys_id,
	assigned_to: JOHN.sys_id,
	assignment_group: PLATFORM.sys_id,
});

suite('queue mode (needs Redis and PostgreSQL)', () => {
	let desk: Desk;
	/** The ticket over which a worker is killed, and what was sent for it. */
	let struck: { ticket: Ticket; body: Json };

	beforeAll(async () => {
		desk = await Desk.open({ queue, env: QUICK_STALL });
		await desk.savePolicy({
			aggregation: { group_wait: '5s', recent_limit: 1000 },
			retry: { first: '2s', factor: 1 },
		});
	}, 7 * PATIENCE);
	afterAll(async () => {
		await desk?.close();
		await queue?.close({ remove: true });
	}, PATIENCE);

	const rowsOf = async (body: Json): Promise<Array<Record<string, unknown>>> =>
		(await query(
			queue!.database,
			`select channel, status, possibly_duplicate from itsm_notify.deliveries where event_id = '${String(body.delivery_id)}' order by channel`,
		)) as Array<Record<string, unknown>>;
	const onSlack = (m: MessageRecord): boolean => m.channel === 'slack';

	test(
		'the webhook process answers, main does not; a worker runs it; each message once',
		async () => {
			const { n8n } = desk.sandbox;
			const { ticket, body } = desk.ticket(highTicket());
			const { name, value } = SECRETS.itsm.token;
			const onMain = await fetch(`${n8n.url}/webhook/itsm`, {
				method: 'POST',
				headers: { 'content-type': 'application/json', [name]: value },
				body: JSON.stringify(body),
			});
			expect(onMain.status).toBe(404);
			expect(await desk.fire(body)).toEqual({
				status: 200,
				json: { ok: 1, events: 1, duplicates: 0 },
			});
			expect((await desk.fire(body)).json).toEqual({ ok: 1, events: 0, duplicates: 1 });
			await desk.arrived(ticket.number, 4);
			await desk.settle(forJohn('Anything after it'), 2);
			expect(desk.about(ticket.number)).toHaveLength(4);
			const workers = processesOf(n8n, 'worker');
			const runs = (await n8n.api.executions('itsmnotify01rout')).map(({ id }) => id);
			expect(workers.flatMap(begunBy)).toEqual(expect.arrayContaining(runs));
		},
		LIMIT,
	);

	test(
		'a worker is killed while it sends: what it had not sent yet comes through another',
		async () => {
			const { n8n, faults } = desk.sandbox;
			// Slack takes the message and does not answer: nobody will know whether it went.
			faults.slack.set({ kind: 'timeout', accepted: true, times: 1 });
			struck = desk.ticket(forJohn('Struck by lightning'));
			const workers = processesOf(n8n, 'worker');
			const before = new Map(workers.map((worker) => [worker, begunBy(worker).length]));
			await desk.fire(struck.body);
			await desk.waitForCount(
				1,
				(m) => onSlack(m) && JSON.stringify(m.payload).includes(struck.ticket.number),
			);
			const busy = workers.filter((worker) => begunBy(worker).length > before.get(worker)!);
			const [row] = (await rowsOf(struck.body)).filter(({ channel }) => channel === 'slack');
			expect(row.status).toBe('pending');
			// Whichever has begun last is the one in the middle of it.
			expect(busy).toHaveLength(1);
			await busy[0].stop('SIGKILL');
			// n8n reports the run as failed, the event comes again, and the mail goes out.
			await desk.arrived(struck.ticket.number, 2);
			expect(
				desk
					.about(struck.ticket.number)
					.map((m) => m.channel)
					.sort(),
			).toEqual(['email', 'slack']);
			await n8n.join('worker');
		},
		LIMIT,
	);

	test(
		'two workers keep one pace: no message of a burst is refused, none comes twice',
		async () => {
			const { n8n, recorder } = desk.sandbox;
			const workers = processesOf(n8n, 'worker');
			const before = workers.map((worker) => begunBy(worker).length);
			const tickets = Array.from({ length: 6 }, (_, i) => desk.ticket(forJohn(`Burst ${i}`)));
			// One after the other, so that they become several runs at the same time.
			for (const { body } of tickets) {
				await desk.fire(body);
				await new Promise((done) => setTimeout(done, 300));
			}
			for (const { ticket } of tickets) await desk.arrived(ticket.number, 2);
			await desk.settle(forJohn('Anything after the burst'), 2);
			for (const { ticket } of tickets) expect(desk.about(ticket.number)).toHaveLength(2);
			expect(recorder.refusals({ channel: 'slack' }).filter((r) => r.status === 429)).toEqual([]);
			const begun = workers.map((worker, i) => begunBy(worker).length - before[i]);
			expect(begun.reduce((a, b) => a + b)).toBeGreaterThan(0);
			const shared = await query(
				queue!.database,
				`select key from itsm_notify.shared where key like 'bucket:slack:%:${SLACK_IDS.john}'`,
			);
			expect(shared).toHaveLength(1);
		},
		LIMIT,
	);

	test(
		'main is killed while workers send: calls are answered without it, the next main goes on, nothing is doubled',
		async () => {
			const { n8n, faults } = desk.sandbox;
			// Long enough that what main began still goes on when there is none.
			faults.slack.set({ kind: 'slow', ms: 4_000, times: 2 });
			const before = Array.from({ length: 5 }, (_, i) => desk.ticket(forJohn(`Headless ${i}`)));
			const begun = (): number => processesOf(n8n, 'worker').flatMap(begunBy).length;
			const runs = begun();
			for (const { body } of before) await desk.fire(body);
			await waitFor('a run of them', async () => begun() > runs, PATIENCE, 20);
			await processesOf(n8n, 'start')[0].stop('SIGKILL');
			const meanwhile = desk.ticket(forJohn('Headless at night'));
			expect(await desk.fire(meanwhile.body)).toMatchObject({ status: 200, json: { events: 1 } });
			await n8n.start();
			for (const { ticket } of [...before, meanwhile]) await desk.arrived(ticket.number, 2);
			await desk.settle(forJohn('Anything after the second main'), 2);
			for (const { ticket, body } of [...before, meanwhile]) {
				expect(desk.about(ticket.number)).toHaveLength(2);
				expect(await rowsOf(body)).toEqual([
					{ channel: 'email', status: 'sent', possibly_duplicate: '0' },
					{ channel: 'slack', status: 'sent', possibly_duplicate: '0' },
				]);
			}
		},
		2 * LIMIT,
	);

	test(
		'comments wait and go out as one digest through the Release Trigger',
		async () => {
			const { ticket, body } = desk.ticket(forJohn('Projector shows green only'));
			await desk.fire(body);
			await desk.arrived(ticket.number, 2);
			for (const comments of ['One', 'Two', 'Three'])
				await desk.fire(desk.change(ticket, { comments }, WEI.sys_id));
			const isDigest = (m: MessageRecord): boolean =>
				JSON.stringify(m.payload).includes('3 updates');
			await desk.waitForCount(2, isDigest);
			await desk.settle(forJohn('Anything after the digest'), 2);
			expect(
				desk
					.about('3 updates')
					.map((m) => m.channel)
					.sort(),
			).toEqual(['email', 'slack']);
		},
		LIMIT,
	);

	test.each(['itsmTrigger', 'itsmReleaseTrigger'])(
		'%s without a store credential: publishing is refused and says why',
		async (type) => {
			const { api } = desk.sandbox.n8n;
			const file = type === 'itsmTrigger' ? '01-routing.json' : '02-release.json';
			const { id: _id, nodes, ...document } = shipped(file);
			const trigger = nodes.find((node) => node.type.endsWith(`.${type}`))!;
			const alone = {
				...trigger,
				webhookId: randomUUID(),
				parameters: {
					...trigger.parameters,
					...(type === 'itsmTrigger' && {
						path: 'no-store',
						intake: 'direct',
						authentication: 'none',
					}),
				},
			};
			const id = await api.createWorkflow({ ...document, nodes: [alone], connections: {} });
			await api.publishWorkflow(id);
			// n8n publishes in the background; the editor shows what it says of each trigger.
			const failure = await waitFor('the refusal', async () => {
				const status = await api.rest<unknown>('GET', `/workflows/${id}/publication-status`);
				return JSON.stringify(status).includes('"failed"') && JSON.stringify(status);
			});
			expect(failure).toContain('embedded_store_in_queue_mode: ');
			expect(failure).toContain(
				'Select an ITSM Notify Store credential with a PostgreSQL database',
			);
		},
		LIMIT,
	);

	test(
		'what the dead worker was sending comes again, marked: nothing is lost',
		async () => {
			const isSent = async (): Promise<boolean> =>
				(await rowsOf(struck.body)).every(({ status }) => status === 'sent');
			await waitFor('the outcome of what was being sent', isSent, 2 * PATIENCE, 1000);
			expect(await rowsOf(struck.body)).toEqual([
				{ channel: 'email', status: 'sent', possibly_duplicate: '0' },
				{ channel: 'slack', status: 'sent', possibly_duplicate: '1' },
			]);
			expect(
				desk
					.about(struck.ticket.number)
					.map((m) => m.channel)
					.sort(),
			).toEqual(['email', 'slack', 'slack']);
			const { n8n } = desk.sandbox;
			const left = await query(
				queue!.database,
				"select count(*)::int as n from itsm_notify.intake where status <> 'done'",
			);
			expect(left).toEqual([{ n: 0 }]);
			expect(processesOf(n8n, 'worker')).toHaveLength(2);
		},
		3 * PATIENCE,
	);
});
