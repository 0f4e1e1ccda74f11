import type { IDataObject } from 'n8n-workflow';
import { delivery, event } from '../kit/data.ts';
import { at, outputsOf } from '../kit/run.ts';
import { freshStore, savePeople, storeNode } from '../kit/store.ts';
import { JOHN } from '../kit/data.ts';

describe('delivery', () => {
	const filled = async () => {
		const credentials = freshStore();
		await savePeople(credentials, { ...JOHN, do_not_disturb: true });
		const items = [
			delivery({}, event('ticket_comment', { ticket_id: 'INC-1' })),
			delivery(
				{ channel: 'email', recipient: { user_id: 'emma' } },
				event('ticket_assigned', { ticket_id: 'INC-2' }),
			),
		];
		await outputsOf('itsmAggregateSilence', { credentials, items });
		return credentials;
	};

	it.each<[string, IDataObject, number]>([
		['all', {}, 2],
		['channel', { channel: 'email' }, 1],
		['person', { user_id: 'emma' }, 1],
		['ticket', { ticket_id: 'INC-1' }, 1],
		['status', { status: 'failed' }, 0],
		['since', { since: '2099-01-01T00:00:00Z' }, 0],
		['since, in another zone', { since: '2020-01-01T00:00:00+08:00' }, 2],
		['until', { until: '2020-01-01T00:00:00Z' }, 0],
		['an empty filter is none', { channel: '', ticket_id: '' }, 2],
	])('get many by %s', async (_name, filters, count) => {
		const rows = await storeNode(await filled(), 'delivery', 'getAll', { filters });
		expect(rows).toHaveLength(count);
	});

	it('explains why, in words, with the facts', async () => {
		const credentials = await filled();
		const rows = await storeNode(credentials, 'delivery', 'explain', {
			ticketId: 'INC-1',
			userId: 'john',
		});
		expect(rows).toMatchObject([
			{
				user_id: 'john',
				channel: 'slack',
				status: 'pending',
				reason: 'do_not_disturb',
				because: 'The person has switched on do-not-disturb.',
			},
		]);
		expect(
			await storeNode(credentials, 'delivery', 'explain', { ticketId: 'INC-1', userId: 'emma' }),
		).toEqual([]);
		expect(await storeNode(credentials, 'delivery', 'explain', { ticketId: 'INC-2' })).toHaveLength(
			1,
		);
	});

	it.each<[string, IDataObject, string, object | null, string]>([
		[
			'urgent',
			{ priority: 'High' },
			'urgent',
			{ priority: 'High', event_type: 'ticket_assigned' },
			'Urgent by priority or type: it does not wait.',
		],
		['nothing special', {}, 'send_now', null, 'Nothing stood against it.'],
	])('explains why it was sent: %s', async (_name, content, reason, facts, words) => {
		const credentials = freshStore();
		const inApp = { channel: 'in_app', address: {} };
		const items = [delivery(inApp, event('ticket_assigned', { ticket_id: 'INC-3', ...content }))];
		const [decided] = await outputsOf('itsmAggregateSilence', { credentials, items });
		const rendered = await outputsOf('itsmTemplateRender', { credentials, items: decided });
		await outputsOf('itsmInAppSender', { credentials, items: rendered[9] });
		const [row] = await storeNode(credentials, 'delivery', 'explain', { ticketId: 'INC-3' });
		expect(row).toMatchObject({ status: 'delivered', reason, facts });
		expect(row.because).toBe(`Sent at ${String(row.at)}. ${words}`);
	});

	it('explains who was not reached', async () => {
		const credentials = freshStore();
		const items = [event('ticket_assigned', { ticket_id: 'INC-9', assignee: 'ghost' })];
		await outputsOf('itsmPreferenceResolver', { credentials, items });
		expect(
			await storeNode(credentials, 'delivery', 'explain', { ticketId: 'INC-9' }),
		).toMatchObject([
			{
				status: 'no_route',
				reason: 'unknown_person',
				because: 'Nobody with this name has a preference document.',
			},
		]);
	});

	it('shows no leases and no payloads', async () => {
		const [row] = await storeNode(await filled(), 'delivery', 'getAll', { limit: 1 });
		expect(at(row, 'item')).toBeUndefined();
		expect(at(row, 'lease_owner')).toBeUndefined();
		expect(row).toMatchObject({
			recipient: { user_id: expect.any(String) },
			event_type: expect.any(String),
		});
	});
});
