import type { IDataObject } from 'n8n-workflow';
import { event } from '../kit/data.ts';
import { at, outputsOf, pairsOf, runNode } from '../kit/run.ts';
import { freshStore, savePolicy, saveTemplates } from '../kit/store.ts';
import { card, render, shown, textOf, to, UNDELIVERABLE } from './shown.ts';

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

	it('by ID, which an expression gives for each item', async () => {
		const own = ['ticket_assigned', 'ticket_closed'].map((type) =>
			card(`Mine for ${type}`, { template_id: `my_${type}` }),
		);
		const parameters = {
			templateChoice: 'id',
			templateId: '=my_{{ $json.event.event_type }}',
			templatesJson: JSON.stringify(own),
		};
		const items = ['ticket_closed', 'ticket_assigned'].map((type) => to('slack', {}, event(type)));
		const found = await shown({ items, parameters });
		expect(found.map(([, item]) => textOf(item).match(/Mine for \w+/)?.[0])).toEqual([
			'Mine for ticket_closed',
			'Mine for ticket_assigned',
		]);
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
