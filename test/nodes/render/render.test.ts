import type { IDataObject } from 'n8n-workflow';
import { CHANNEL_IDS } from '../../../core/events/index.ts';
import { delivery, event } from '../kit/data.ts';
import { at, outputsOf, pairsOf, runNode, type NodeRun } from '../kit/run.ts';
import { freshStore, ledger, savePolicy, saveTemplates } from '../kit/store.ts';

const render = 'itsmTemplateRender';
const UNDELIVERABLE = 10;
const OUTPUTS = [...CHANNEL_IDS, 'undeliverable'];

const to = (channel: string, more: object = {}, of?: IDataObject) =>
	delivery({ channel, address: { address: 'john@example.test', userid: 'U1' }, ...more }, of);
const card = (title: string, more: object = {}) => ({
	template_id: 'ticket_assigned',
	channels: ['slack', 'email', 'wecom'],
	templates: { card: { title } },
	...more,
});

/** `<output>: <item as text>`, for outputs that have items. */
async function shown(options: NodeRun): Promise<Array<[output: string, item: IDataObject]>> {
	const outputs = await outputsOf(render, { credentials: freshStore(), ...options });
	return outputs.flatMap((items, i) =>
		items.map((item): [string, IDataObject] => [OUTPUTS[i], item]),
	);
}
const textOf = (item: IDataObject) => JSON.stringify(item.message);
const failure = async (options: NodeRun) => {
	const [[output, item]] = await shown(options);
	expect(output).toBe('undeliverable');
	expect(item.message).toBeUndefined();
	return at(item, 'status') as IDataObject & { error: IDataObject };
};

describe('outputs', () => {
	it('has eleven, in the order that is fixed for ever', async () => {
		const outputs = await outputsOf(render, {
			credentials: freshStore(),
			items: [to('wecom'), to('slack'), to('email'), to('slack')],
		});
		expect(outputs.map((items) => items.map((item) => item.channel))).toEqual([
			['slack', 'slack'],
			['email'],
			['wecom'],
			[],
			[],
			[],
			[],
			[],
			[],
			[],
			[],
		]);
	});

	it('pairs each message with its delivery', async () => {
		const items = [to('wecom'), to('slack'), to('nowhere'), to('slack')];
		const result = await runNode(render, { credentials: freshStore(), items });
		expect([0, 2, UNDELIVERABLE].map((i) => pairsOf(result, i))).toEqual([[1, 3], [0], [2]]);
	});

	it('changes nothing of the delivery but the message', async () => {
		const item = to('slack', { own: { field: 1 } });
		const [[, { message, ...rest }]] = await shown({ items: [item] });
		expect(message).toBeDefined();
		expect(rest).toMatchObject(item);
	});
});

describe('language of the reader', () => {
	it.each([
		['en', 'Assigned'],
		['en-GB', 'Assigned'],
		['zh-CN', '工单'],
		['zh', '工单'],
		['zh-TW', '工单'],
		['fr', 'Assigned'],
		[undefined, 'Assigned'],
	])('%s', async (language, word) => {
		const recipient = { user_id: 'john', language, timezone: 'UTC' };
		const [[, item]] = await shown({ items: [to('slack', { recipient })] });
		expect(textOf(item)).toContain(word);
	});

	it.each<[string, IDataObject, object]>([
		['the node', { options: { defaultLanguage: 'zh-CN' } }, {}],
		['the policy', {}, { routing: { language: 'zh-CN' } }],
	])('whose language nobody has gets that of %s', async (_name, parameters, policy) => {
		const credentials = freshStore();
		await savePolicy(credentials, policy);
		const recipient = { user_id: 'john', language: 'fr' };
		const [[, item]] = await shown({
			credentials,
			parameters,
			items: [to('slack', { recipient })],
		});
		expect(textOf(item)).toContain('工单');
	});
});

describe('whose template', () => {
	it('the store beats the shipped one, the node beats the store', async () => {
		const credentials = freshStore();
		const items = [to('slack')];
		await saveTemplates(credentials, card('From the store'));
		const [[, stored]] = await shown({ credentials, items });
		expect(textOf(stored)).toContain('From the store');
		const parameters = { templatesJson: JSON.stringify([card('From the node')]) };
		const [[, own]] = await shown({ credentials, items, parameters });
		expect(textOf(own)).toContain('From the node');
		expect(textOf(own)).not.toContain('From the store');
	});

	it('by ID, whatever the event', async () => {
		const parameters = {
			templateChoice: 'id',
			templateId: 'mine',
			templatesJson: JSON.stringify(card('Mine', { template_id: 'mine' })),
		};
		const items = [to('slack', {}, event('ticket_closed'))];
		const [[, item]] = await shown({ items, parameters });
		expect(textOf(item)).toContain('Mine');
	});

	it('one that serves other channels only: the shipped one steps in', async () => {
		const parameters = {
			templatesJson: JSON.stringify([card('Only mail', { channels: ['email'] })]),
		};
		const found = await shown({ items: [to('slack'), to('email')], parameters });
		expect(found.map(([output, item]) => [output, textOf(item).includes('Only mail')])).toEqual([
			['slack', false],
			['email', true],
		]);
	});

	it('system fields are known to it', async () => {
		const parameters = {
			system: {
				name: 'Desk 7',
				support_email: 'help@example.test',
				url: 'https://itsm.example.test',
			},
			templatesJson: JSON.stringify([
				card('{{system.name}} {{system.support_email}} {{system.url}}'),
			]),
		};
		const [[, item]] = await shown({ items: [to('slack')], parameters });
		expect(textOf(item)).toContain('Desk 7 help@example.test https://itsm.example.test');
	});

	it('templates that are no JSON: an error that names the parameter', async () => {
		const result = await runNode(render, {
			credentials: freshStore(),
			parameters: { templatesJson: '[{' },
			items: [to('slack')],
		});
		expect(result.error()?.message).toMatch(/^"Templates of This Node" is not JSON/);
	});
});

describe('what cannot be written is Undeliverable, with template, path and reason', () => {
	const own = (document: object) => ({ templatesJson: JSON.stringify([document]) });
	const slackOnly = (slack: object) => ({
		template_id: 'ticket_assigned',
		channels: ['slack'],
		templates: { slack },
	});

	it.each<[string, IDataObject, string, string | null]>([
		[
			'an unknown variable',
			own(card('Hi {{ticket.nonsense}}')),
			'variable_missing',
			'templates.card.title',
		],
		[
			'a template that cannot be parsed',
			own(card('Hi {{#if ticket.id}}')),
			'template_failed',
			'templates.card.title',
		],
		[
			'an empty document',
			own(slackOnly({ text: '{{ticket.comment_text_or_nothing}}' })),
			'variable_missing',
			'templates.slack.text',
		],
		['nothing but blanks', own(slackOnly({ text: '   ' })), 'empty_message', 'templates.slack'],
		[
			'a broken document',
			own({ template_id: 'ticket_assigned', channels: ['slack'], templates: {} }),
			'template_failed',
			null,
		],
		[
			'a template that is not there',
			{ templateChoice: 'id', templateId: 'gone' },
			'template_missing',
			null,
		],
	])('%s', async (_name, parameters, code, path) => {
		const { status, reason, error } = await failure({ items: [to('slack')], parameters });
		expect({ status, reason, code: error.code }).toEqual({ status: 'failed', reason: code, code });
		expect(error.template_id).toBe(parameters.templateId ?? 'ticket_assigned');
		if (path) expect(error.path).toBe(path);
		expect(String(error.message)).toContain(`Template "${String(error.template_id)}"`);
	});

	it('an unknown variable as a visible marker, where the node says so', async () => {
		const parameters = { missing: 'marker', ...own(card('Hi {{ticket.nonsense}}')) };
		const [[output, item]] = await shown({ items: [to('slack')], parameters });
		expect(output).toBe('slack');
		expect(textOf(item)).toContain('⟨ticket.nonsense?⟩');
	});

	it('a channel that nobody knows, and one that has no sender yet', async () => {
		const found = await shown({ items: [to('pigeon'), to('teams')] });
		expect(found.map(([output, item]) => [output, at(item, 'status.status')])).toEqual([
			['undeliverable', 'failed'],
			['undeliverable', 'failed'],
		]);
	});

	it('one that fails stands in the store; the others go on', async () => {
		const credentials = freshStore();
		const good = to('email');
		const bad = to('slack');
		await outputsOf('itsmAggregateSilence', { credentials, items: [bad, good] });
		const parameters = own(slackOnly({ text: '{{ticket.nonsense}}' }));
		const found = await shown({ credentials, parameters, items: [bad, good] });
		expect(found.map(([output]) => output)).toEqual(['email', 'undeliverable']);
		expect(await ledger(credentials, { status: 'failed' })).toMatchObject([
			{ delivery_id: bad.delivery_id, reason: 'variable_missing', stage: 'done' },
		]);
	});

	it("a sender's Failed without a next channel: told as it is", async () => {
		const status = {
			status: 'failed',
			timestamp: '2027-03-01T10:00:00Z',
			reason: 'recipient',
			error: { code: 'user_not_found', message: 'No.' },
		};
		const [[output, item]] = await shown({
			items: [to('slack', { status, message: { text: 'old' } })],
		});
		expect(output).toBe('undeliverable');
		expect(item.status).toEqual(status);
	});

	it('never writes an empty message, whatever the type of the event', async () => {
		const types = [
			'ticket_created',
			'ticket_closed',
			'sla_breached',
			'approval_requested',
			'made_up',
		];
		const bare = { ticket_title: '', description: '', priority: '' };
		const items = types.flatMap((type) =>
			['slack', 'email', 'wecom'].map((channel) => to(channel, {}, event(type, bare))),
		);
		const found = await shown({ items });
		expect(found).toHaveLength(15);
		for (const [output, item] of found) {
			expect(output).toBe(item.channel);
			expect(textOf(item)).toContain('INC-');
		}
	});
});

it('outside text cannot write into the message', async () => {
	const items = ['slack', 'email', 'wecom'].map((channel) =>
		to(
			channel,
			{},
			event('ticket_assigned', { ticket_title: '<!channel> <script>x</script> {{system.name}}' }),
		),
	);
	for (const [output, item] of await shown({ items })) {
		expect(output).toBe(item.channel);
		expect(textOf(item)).toContain('{{system.name}}');
		if (output === 'slack') expect(at(item, 'message.text')).not.toContain('<!channel>');
		if (output === 'email') expect(String(at(item, 'message.html'))).not.toContain('<script>');
	}
});
