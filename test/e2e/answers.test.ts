// People answer from ten channels: each through its provider's own proof, judged by what n8n made of it.
import {
	DINGTALK_IDS,
	FEISHU_IDS,
	JOHN,
	PLATFORM,
	PREFERENCES,
	PUSH_TOKENS,
	SECRETS,
	SLACK_IDS,
	SMS_NUMBERS,
	TEAMS_IDS,
	WECHAT_IDS,
	WECOM_IDS,
	WEI,
} from '../../sandbox/data/index.ts';
import type { NewTicket } from '../../sandbox/itsm/index.ts';
import type { Actor, Callback, MessageRecord } from '../../sandbox/simulators/index.ts';
import { Desk, PATIENCE, shipped, withDemoCredentials, type Json } from './harness/desk.ts';
import { outputOf, waitFor } from './harness/n8n.ts';

const LIMIT = 2 * PATIENCE;
const INTERACTION = shipped('04-interaction.json');
const TRIGGER = String(
	INTERACTION.nodes.find(({ type }) => type.endsWith('.itsmInteractionTrigger'))?.name,
);

/** Where John is told, in every channel that has a simulator. */
const EVERYWHERE: Array<[channel: string, to: string]> = [
	['slack', SLACK_IDS.john],
	['email', JOHN.email],
	['wecom', WECOM_IDS.john],
	['teams', TEAMS_IDS.john],
	['wechat', WECHAT_IDS.john],
	['dingtalk', DINGTALK_IDS.john],
	['feishu', FEISHU_IDS.john],
	['push', PUSH_TOKENS.john.ios],
	['push', PUSH_TOKENS.john.android],
	['sms', SMS_NUMBERS.john],
];

let desk: Desk;

const forJohn = (short_description: string): NewTicket => ({
	short_description,
	urgency: '2',
	impact: '3',
	caller_id: WEI.sys_id,
	assigned_to: JOHN.sys_id,
	assignment_group: PLATFORM.sys_id,
});

/** From now on John is told in these channels only. */
async function johnIn(...channels: string[]): Promise<void> {
	const john = PREFERENCES.find(({ username }) => username === JOHN.user_name)!;
	const { notification_preferences: all } = john;
	await desk.savePeople([{ ...john, notification_preferences: { ...all, channels } }]);
}

/** A new ticket, told to John in `channel`: its number and that message. */
async function told(channel: string): Promise<{ number: string; message: MessageRecord }> {
	const { ticket, body } = desk.ticket(forJohn(`Something to answer from ${channel}`));
	await desk.fire(body);
	const isIt = (m: MessageRecord): boolean =>
		m.channel === channel && m.kind === 'post' && JSON.stringify(m.payload).includes(ticket.number);
	await desk.waitForCount(1, isIt);
	return { number: ticket.number, message: desk.about(ticket.number).find(isIt)! };
}

const isConfirmation =
	(channel: string, number: string) =>
	(m: MessageRecord): boolean =>
		m.channel === channel && m.rendered.text.includes(`Ticket ${number} is acknowledged`);

/** The ticket was written once, and is being worked on. */
function expectOneEffect(number: string): void {
	expect(desk.sandbox.itsm.store.get(number)).toMatchObject({ state: '2', sys_mod_count: 1 });
}

/** What the Interaction Trigger has put out about a ticket. */
async function interactions(number: string, workflow = INTERACTION.id): Promise<Json[]> {
	const executions = await desk.sandbox.n8n.api.executions(workflow);
	const all = executions.flatMap((execution) => outputOf(execution, TRIGGER));
	const { sys_id } = desk.sandbox.itsm.store.get(number)!;
	return all.filter(({ ticket_id }) => ticket_id === number || ticket_id === sys_id);
}

/** A person's answer that acknowledges: the button where there is one, else words. */
type Answer = (actor: Actor, message: MessageRecord, number: string) => Promise<Callback>;
const press: Answer = (actor, { ref }) => actor.press!(ref, 'Acknowledge');
const say: Answer = (actor, { to }, number) => actor.say!(to[0], `ack ${number}`);

const CHANNELS: Array<
	[channel: 'slack' | 'teams' | 'wecom' | 'dingtalk' | 'feishu' | 'wechat' | 'sms', answer: Answer]
> = [
	['slack', press],
	['teams', press],
	['wecom', press],
	['dingtalk', press],
	['feishu', press],
	['wechat', say],
	['sms', say],
];

beforeAll(async () => {
	desk = await Desk.open();
	await desk.savePolicy({ aggregation: { recent_limit: 1000 } });
}, 4 * PATIENCE);
afterAll(async () => await desk?.close(), PATIENCE);

test(
	'one event reaches one person in ten channels, once in each',
	async () => {
		await johnIn(...new Set(EVERYWHERE.map(([channel]) => channel)), 'in_app');
		const { ticket, body } = desk.ticket(forJohn('Told everywhere'));
		await desk.fire(body);
		await desk.arrived(ticket.number, EVERYWHERE.length);
		const page = async (): Promise<string> => {
			const url = `${desk.sandbox.n8n.webhookUrl('itsm-inbox')}?user=user-john`;
			const { name, value } = SECRETS.portal;
			return await (await fetch(url, { headers: { [name]: value } })).text();
		};
		await waitFor('the in-app inbox', async () => (await page()).includes(ticket.number), PATIENCE);
		await desk.settle(forJohn('Anything after it'), EVERYWHERE.length);
		const where = desk.about(ticket.number).map(({ channel, to }) => `${channel} ${to.join(',')}`);
		expect(where.sort()).toEqual(EVERYWHERE.map((one) => one.join(' ')).sort());
		const rows = await desk.sandbox.deliveries();
		const own = rows.filter(
			({ ticket_key }) =>
				String(ticket_key).endsWith(ticket.sys_id) || String(ticket_key).endsWith(ticket.number),
		);
		expect(own.map(({ channel, status }) => `${String(channel)} ${String(status)}`)).toHaveLength(
			10,
		);
		expect(desk.sandbox.recorder.refusals()).toEqual([]);
	},
	LIMIT,
);

describe.each(CHANNELS)('from %s', (channel, answer) => {
	test(
		'one answer has one effect, three identical calls have one, a forged or old one is refused',
		async () => {
			const actor = desk.sandbox.simulators[channel];
			const { faults } = actor;
			await johnIn(channel);
			const first = await told(channel);
			const second = await told(channel);

			for (const kind of actor.callbackFaults.filter((one) => one !== 'repeat')) {
				faults.set({ kind, times: 1 });
				const refused = await answer(actor, first.message, first.number);
				expect([kind, refused.statuses]).toEqual([kind, [401]]);
			}
			faults.set({ kind: 'repeat', times: 1 });
			const repeated = await answer(actor, first.message, first.number);
			expect(repeated).toMatchObject({ ok: true, statuses: [200, 200, 200] });
			// Taken in order: when this one is through, nothing of the first is left.
			const once = await answer(actor, second.message, second.number);
			expect(once).toMatchObject({ ok: true, attempts: 1 });
			for (const { number } of [first, second])
				await desk.waitForCount(1, isConfirmation(channel, number));

			for (const { number } of [first, second]) {
				expectOneEffect(number);
				expect(await interactions(number)).toMatchObject([
					{ channel, action: 'acknowledge', user: { user_id: 'user-john' } },
				]);
				expect(desk.about(number).filter(isConfirmation(channel, number))).toHaveLength(1);
			}
		},
		LIMIT,
	);
});

test(
	'a mail is answered by a reply: once, though it comes three times; a forged one counts as nobody',
	async () => {
		const { email } = desk.sandbox.simulators;
		await johnIn('email');
		const { number, message } = await told('email');
		email.faults.set({ kind: 'forge', times: 1 }, { kind: 'repeat', times: 1 });
		await email.say(JOHN.email, 'ack', message.ref);
		expect(desk.sandbox.itsm.store.get(number)).toMatchObject({ state: '1', sys_mod_count: 0 });
		await email.say(JOHN.email, 'ack', message.ref);
		expect(email.mailbox).toHaveLength(4);
		await desk.waitForCount(1, isConfirmation('email', number));
		expectOneEffect(number);
		expect(await interactions(number)).toMatchObject([
			{ channel: 'email', action: 'acknowledge', user: { user_id: 'user-john' } },
		]);
	},
	LIMIT,
);

test(
	'a signed link opens a page that asks, and acts once',
	async () => {
		const { number, message } = await told('email');
		const { url } = message.rendered.buttons!.find(({ label }) => label === 'Acknowledge')!;
		expect(url).toContain(`${desk.sandbox.answersUrl}/link?t=`);
		const asked = await fetch(url!);
		expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining(number)]);
		expect(await interactions(number)).toEqual([]);
		const t = new URL(url!).searchParams.get('t')!;
		const act = (): Promise<Response> =>
			fetch(url!, { method: 'POST', body: new URLSearchParams({ t }) });
		await Promise.all([act(), act(), act()]);
		await desk.waitForCount(1, isConfirmation('email', number));
		expectOneEffect(number);
		expect((await fetch(`${url}x`)).status).toBeGreaterThanOrEqual(400);
		expect(await interactions(number)).toMatchObject([{ channel: 'email', action: 'acknowledge' }]);
	},
	LIMIT,
);

describe('over connections that n8n holds, as where it has no public address', () => {
	let workflow: string;

	beforeAll(async () => {
		const { n8n, simulators } = desk.sandbox;
		await n8n.api.unpublishWorkflow(INTERACTION.id);
		const connected = { dingtalkConnection: 'longConnection', feishuConnection: 'longConnection' };
		const { id: _, ...document } = withDemoCredentials({
			...INTERACTION,
			nodes: INTERACTION.nodes.map((node) =>
				node.name === TRIGGER
					? { ...node, parameters: { ...node.parameters, ...connected } }
					: node,
			),
		});
		workflow = await n8n.api.createWorkflow({ ...document, name: 'Answers by connection' });
		await n8n.api.publishWorkflow(workflow);
		for (const { stream } of [simulators.dingtalk, simulators.feishu])
			await waitFor('the connection', async () => stream.connections() > 0, PATIENCE);
		// Nothing can be called any more.
		for (const one of [simulators.dingtalk, simulators.feishu]) one.setCallbackUrl(undefined);
	}, LIMIT);

	test.each(['dingtalk', 'feishu'] as const)(
		'%s: a press has one effect',
		async (channel) => {
			await johnIn(channel);
			const { number, message } = await told(channel);
			const pressed = await press(desk.sandbox.simulators[channel], message, number);
			expect(pressed).toMatchObject({ ok: true, attempts: 1 });
			await desk.waitForCount(1, isConfirmation(channel, number));
			expectOneEffect(number);
			expect(await interactions(number, workflow)).toMatchObject([
				{ channel, action: 'acknowledge', user: { user_id: 'user-john' } },
			]);
		},
		LIMIT,
	);
});
