import type { IDataObject } from 'n8n-workflow';
import { event } from '../kit/data.ts';
import { at, outputsOf } from '../kit/run.ts';
import { freshStore, ledger } from '../kit/store.ts';
import { card, failure, shown, textOf, to } from './shown.ts';

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

	it('a channel that nobody knows', async () => {
		const found = await shown({ items: [to('pigeon'), to('in_app')] });
		expect(found.map(([output, item]) => [output, at(item, 'status.status')])).toEqual([
			['in_app', undefined],
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
