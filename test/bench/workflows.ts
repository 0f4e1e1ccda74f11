// The three workflows that are compared. What the last two send is the same, body for body.
import { randomUUID } from 'node:crypto';

export const PIPELINES = ['bare', 'hand', 'direct', 'durable'] as const;
export type Pipeline = (typeof PIPELINES)[number];

export const TITLES: Record<Pipeline, string> = {
	bare: "n8n's Webhook node alone",
	hand: "hand-built of n8n's nodes",
	direct: 'ITSM Notify, intake direct',
	durable: 'ITSM Notify, intake durable',
};

/** What one event becomes: two people, two channels each. */
export const MESSAGES: Record<Pipeline, number> = {
	bare: 0,
	hand: 4,
	direct: 4,
	durable: 4,
};

export interface Targets {
	slackUrl: string;
	slackToken: string;
	wecomUrl: string;
	wecomToken: string;
	wecomAgent: number;
	mailUrl: string;
}

/** The credential of a type that n8n has. */
export type CredentialOf = (type: string) => { id: string; name: string };

type Json = Record<string, unknown>;
type Wire = [from: string, to: string, output?: number];

interface NodeInput {
	name: string;
	type: string;
	typeVersion: number;
	parameters: Json;
	credentials?: Record<string, { id: string; name: string }>;
}

function workflow(name: string, nodes: NodeInput[], wires: Wire[]): Json {
	const connections: Record<string, { main: Json[][] }> = {};
	for (const [from, to, output = 0] of wires) {
		const { main } = (connections[from] ??= { main: [] });
		while (main.length <= output) main.push([]);
		main[output].push({ node: to, type: 'main', index: 0 });
	}
	return {
		name,
		nodes: nodes.map((node, index) => ({
			...node,
			id: randomUUID(),
			webhookId: randomUUID(),
			position: [index * 220, 0],
		})),
		connections,
		settings: { executionOrder: 'v1' },
	};
}

export const pathOf = (pipeline: Pipeline): string => `bench-${pipeline}`;

const webhook = (pipeline: Pipeline): NodeInput => ({
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2.1,
	parameters: {
		httpMethod: 'POST',
		path: pathOf(pipeline),
		responseMode: 'onReceived',
		options: {},
	},
});

const bare = (): Json => workflow('Bench bare', [webhook('bare')], []);

const NORMALISE = `
const event = $input.first().json.body;
if (!event.event_type || !event.content?.ticket_id) throw new Error('not an event');
return [{
	json: {
		id: String(event.event_id),
		type: String(event.event_type).toLowerCase(),
		number: event.content.number ?? event.content.ticket_id,
		title: event.content.ticket_title ?? '',
		priority: event.content.priority ?? 'Medium',
		description: event.content.description ?? '',
		url: event.content.url ?? '',
		users: event.target_users ?? [],
	},
}];`;

const ADDRESS = `
const { users, ...ticket } = $input.first().json;
const channels = [
	{ channel: 'slack', address: (id) => 'U' + id.toUpperCase() },
	{ channel: 'wecom', address: (id) => 'W' + id.toUpperCase() },
];
return users.flatMap((id) =>
	channels.map(({ channel, address }) => ({ json: { ...ticket, channel, to: address(id) } })),
);`;

/** WeCom drops an equal text: each message carries an invisible mark of this many characters. */
const render = (agent: number): string => `
const MARK = '\\u200b'.repeat(12);
const bodies = {
	slack: (t) => ({
		channel: t.to,
		unfurl_links: false,
		unfurl_media: false,
		text: t.number + ': ' + t.title,
		blocks: [
			{ type: 'header', text: { type: 'plain_text', text: t.number + ': ' + t.title } },
			{
				type: 'section',
				text: { type: 'mrkdwn', text: t.description },
				fields: [{ type: 'mrkdwn', text: '*Priority* ' + t.priority }],
			},
			{
				type: 'actions',
				elements: [
					{ type: 'button', text: { type: 'plain_text', text: 'Open' }, url: t.url, action_id: 'open' },
				],
			},
		],
	}),
	wecom: (t) => ({
		msgtype: 'markdown',
		markdown: {
			content: '**' + t.number + ': ' + t.title + '**\\n' + t.description + '\\nPriority ' + t.priority + '\\n' + t.url + MARK,
		},
		touser: t.to,
		agentid: ${agent},
		safe: 0,
		enable_duplicate_check: 1,
		duplicate_check_interval: 1800,
	}),
};
return $input.all().map(({ json }) => ({
	json: { channel: json.channel, body: bodies[json.channel](json) },
}));`;

/** The same bodies as a template of this package; recipient and switches of the channel are added by the senders. */
const TEMPLATE = {
	template_id: 'ticket_assigned',
	channels: ['slack', 'wecom'],
	templates: {
		slack: {
			text: '{{ticket.number}}: {{ticket.title}}',
			blocks: [
				{
					type: 'header',
					text: { type: 'plain_text', text: '{{ticket.number}}: {{ticket.title}}' },
				},
				{
					type: 'section',
					text: { type: 'mrkdwn', text: '{{ticket.description}}' },
					fields: [{ type: 'mrkdwn', text: '*Priority* {{ticket.priority}}' }],
				},
				{
					type: 'actions',
					elements: [
						{
							type: 'button',
							text: { type: 'plain_text', text: 'Open' },
							url: '{{ticket.url}}',
							action_id: 'open',
						},
					],
				},
			],
		},
		wecom: {
			markdown: {
				content:
					'**{{ticket.number}}: {{ticket.title}}**\n{{ticket.description}}\nPriority {{ticket.priority}}\n{{ticket.url}}',
			},
		},
	},
};

const code = (name: string, jsCode: string): NodeInput => ({
	name,
	type: 'n8n-nodes-base.code',
	typeVersion: 2,
	parameters: { jsCode },
});

const post = (name: string, url: string, authorization?: string): NodeInput => ({
	name,
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		method: 'POST',
		url,
		...(authorization && {
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'Authorization', value: authorization }] },
		}),
		sendBody: true,
		specifyBody: 'json',
		jsonBody: '={{ $json.body }}',
		options: {},
	},
});

const isChannel = (channel: string): Json => ({
	outputKey: channel,
	renameOutput: true,
	conditions: {
		combinator: 'and',
		conditions: [
			{
				id: randomUUID(),
				leftValue: '={{ $json.channel }}',
				rightValue: channel,
				operator: { type: 'string', operation: 'equals' },
			},
		],
		options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
	},
});

function hand({ slackUrl, slackToken, wecomUrl, wecomToken, wecomAgent, mailUrl }: Targets): Json {
	const channels: Array<[string, NodeInput]> = [
		['slack', post('Slack', `${slackUrl}/api/chat.postMessage`, `Bearer ${slackToken}`)],
		['wecom', post('WeCom', `${wecomUrl}/cgi-bin/message/send?access_token=${wecomToken}`)],
		['email', post('Mail', mailUrl)],
	];
	return workflow(
		'Bench hand-built',
		[
			webhook('hand'),
			code('Normalise', NORMALISE),
			code('Address', ADDRESS),
			code('Write', render(wecomAgent)),
			{
				name: 'Channel',
				type: 'n8n-nodes-base.switch',
				typeVersion: 3.2,
				parameters: { rules: { values: channels.map(([id]) => isChannel(id)) }, options: {} },
			},
			...channels.map(([, node]) => node),
		],
		[
			['Webhook', 'Normalise'],
			['Normalise', 'Address'],
			['Address', 'Write'],
			['Write', 'Channel'],
			...channels.map(([, { name }], index): Wire => ['Channel', name, index]),
		],
	);
}

function ours(intake: 'direct' | 'durable', credential: CredentialOf): Json {
	const node = (name: string, type: string, parameters: Json = {}, used?: string): NodeInput => ({
		name,
		type: `n8n-nodes-itsm-notify.${type}`,
		typeVersion: type === 'itsmTrigger' ? 1.1 : 1,
		parameters,
		...(used && { credentials: { [used]: credential(used) } }),
	});
	return workflow(
		`Bench ITSM Notify ${intake}`,
		[
			node('ITSM Trigger', 'itsmTrigger', {
				source: 'generic',
				authentication: 'none',
				path: pathOf(intake),
				intake,
			}),
			node('Who and Where', 'itsmPreferenceResolver'),
			node('Now or Later', 'itsmAggregateSilence'),
			node('Render', 'itsmTemplateRender', { templatesJson: JSON.stringify([TEMPLATE]) }),
			node('Slack', 'itsmSlackSender', {}, 'itsmNotifySlackApi'),
			node('Email', 'itsmEmailSender'),
			node('WeCom', 'itsmWeComSender', {}, 'itsmNotifyWeComApi'),
		],
		[
			['ITSM Trigger', 'Who and Where'],
			['Who and Where', 'Now or Later'],
			['Now or Later', 'Render'],
			['Render', 'Slack', 0],
			['Render', 'Email', 1],
			['Render', 'WeCom', 2],
		],
	);
}

export function workflowOf(pipeline: Pipeline, targets: Targets, credential: CredentialOf): Json {
	if (pipeline === 'bare') return bare();
	return pipeline === 'hand' ? hand(targets) : ours(pipeline, credential);
}
