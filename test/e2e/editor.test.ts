// As a new user does it in the editor: an owner's account, 01 Routing pasted, two credentials, the Publish button.
import { highTicket, itsmConfig, PREFERENCES, SECRETS } from '../../sandbox/data/index.ts';
import { SLACK_IDS, slackConfig } from '../../sandbox/data/index.ts';
import { startItsm, type ItsmSimulator } from '../../sandbox/itsm/index.ts';
import { createRecorder, startSlack } from '../../sandbox/simulators/index.ts';
import { PATIENCE, shipped, storeWorkflow, type Json } from './harness/desk.ts';
import { createTestN8n, outputOf, type Execution, type TestN8n } from './harness/n8n.ts';

const LIMIT = 2 * PATIENCE;
const recorder = createRecorder();
let under: TestN8n;
let itsm: ItsmSimulator;
let slack: Awaited<ReturnType<typeof startSlack>>;

beforeAll(async () => {
	slack = await startSlack({ recorder, config: slackConfig() });
	itsm = await startItsm({ config: itsmConfig() });
	under = await createTestN8n();
	await under.n8n.start();
}, 4 * PATIENCE);
afterAll(async () => {
	await under?.remove();
	await slack?.close();
	await itsm?.close();
}, PATIENCE);

/** Makes a credential as the editor's dialogue does. */
async function credential(name: string, type: string, data: Json): Promise<Json> {
	const { id } = await under.n8n.api.rest<{ id: string }>('POST', '/credentials', {
		name,
		type,
		data,
	});
	return { [type]: { id, name } };
}

async function publish(document: Json, webhook: string): Promise<string> {
	const { api } = under.n8n;
	const id = await api.createWorkflow(document);
	await api.publishWorkflow(id);
	await under.n8n.waitForWebhook(webhook);
	return id;
}

/** Nobody can be reached anywhere else: the sandbox's people have an address everywhere. */
function inThreeChannels(person: (typeof PREFERENCES)[number]): Json {
	const { channels, slack: s, email, wecom } = person.notification_preferences as Json;
	const kept = Object.entries({ slack: s, email, wecom }).filter(([, part]) => part !== undefined);
	return { ...person, notification_preferences: { channels, ...Object.fromEntries(kept) } };
}

/** What every run of a node put out on an output: a delivery that was turned passes a sender twice. */
const allOf = (execution: Execution, node: string, output: number): Json[] =>
	(execution.data?.resultData.runData[node] ?? []).flatMap((run) =>
		(run.data?.main[output] ?? []).map((item) => item.json),
	);

const codesOf = (delivery: Json): unknown[] => {
	const story = (delivery.failed ?? []) as Array<{ channel: string; status: Json }>;
	const own = delivery.status as Json | undefined;
	return [
		...story.map(({ channel, status }) => [channel, (status.error as Json | undefined)?.code]),
		...(own?.error ? [[delivery.channel, (own.error as Json).code]] : []),
	];
};

test(
	'01 Routing is published with only Slack set; Slack arrives, the others end with no_credential',
	async () => {
		const { n8n } = under;
		await n8n.api.login();
		const { id: _id, ...document } = shipped('01-routing.json');
		const inbound = await credential('Header token', 'itsmNotifyInboundApi', {
			headerName: SECRETS.itsm.token.name,
			token: SECRETS.itsm.token.value,
		});
		const own = await credential('Slack', 'itsmNotifySlackApi', {
			authMode: 'token',
			token: SECRETS.slack.token,
			baseUrl: `${slack.url}/api`,
		});
		for (const node of document.nodes) {
			if (node.type.endsWith('.itsmTrigger')) Object.assign(node, { credentials: inbound });
			if (node.type.endsWith('.itsmSlackSender')) Object.assign(node, { credentials: own });
		}
		const routing = await publish(document, 'itsm');

		const people = storeWorkflow('people', {
			resource: 'preference',
			operation: 'import',
			importFrom: 'json',
			documents: '={{ $json.body.documents }}',
		});
		await publish(people, 'people');
		const saved = await fetch(n8n.webhookUrl('people'), {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ documents: PREFERENCES.map(inThreeChannels) }),
		});
		expect(saved.status).toBe(200);

		itsm.setWebhook({ url: n8n.webhookUrl('itsm'), headerToken: SECRETS.itsm.token });
		const { ticket, firing } = await itsm.create(highTicket());
		expect(firing?.status).toBe(200);
		const message = await recorder.waitFor((m) => m.channel === 'slack', PATIENCE);
		expect(message.to).toEqual([SLACK_IDS.john]);
		expect(message.rendered.title).toContain(`New ticket ${ticket.number}`);

		const [execution] = await n8n.api.waitForExecutions(routing, 1, PATIENCE);
		expect(execution.status).toBe('success');
		expect(outputOf(execution, 'Slack', 0)).toHaveLength(1);
		// Out of Failed a delivery comes already turned to its next channel, the story with it.
		const failed = [...allOf(execution, 'Email', 1), ...allOf(execution, 'WeCom', 1)];
		expect(failed.flatMap(codesOf)).toContainEqual(['email', 'no_credential']);
		expect(failed.flatMap(codesOf)).toContainEqual(['wecom', 'no_credential']);
		const usersOf = (items: Json[]): unknown[] =>
			items.map(({ recipient }) => (recipient as Json).user_id);
		// John has had it on Slack: what failed on his other channels goes nowhere else.
		const lost = allOf(execution, 'Undeliverable', 0);
		expect(usersOf(lost)).toEqual(['user-john']);
		expect(lost.flatMap(codesOf)).toEqual([
			['email', 'no_credential'],
			['wecom', 'no_credential'],
		]);
		// Wei has a Slack address too: his failed channels come down to one message there, not two.
		const ofWei = allOf(execution, 'Slack', 0).filter(
			({ recipient }) => (recipient as Json).user_id === 'user-wei',
		);
		expect(ofWei.map(({ status }) => (status as Json).duplicate === true)).toEqual([false, true]);
		await recorder.waitForCount(2, undefined, PATIENCE);
		const titles = recorder.messages().map((m) => [m.channel, m.to.join(), m.rendered.title]);
		const title = `${ticket.number}：${highTicket().short_description}`;
		expect(titles[1]).toEqual(['slack', SLACK_IDS.wei, `🟠 新工单 ${title}`]);
		expect(titles).toHaveLength(2);
	},
	LIMIT,
);
