import { updateMessages } from '../../../core/engine/index.ts';
import { parseDelivery, type Delivery } from '../../../core/events/index.ts';
import { ledgerRow } from '../../../core/gate/index.ts';
import { createMemoryStore } from '../../../core/store/memory/index.ts';
import type { Store } from '../../../core/store/types.ts';

const KEY = 'jira:42';
let store: Store;
let clock: number;
const now = () => new Date(clock).toISOString();
const sent = parseDelivery({
	delivery_id: 'd_1',
	event: {
		event_id: 'e1',
		event_type: 'ticket_created',
		timestamp: '2027-03-13T09:00:00.000Z',
		source: 'jira',
		content: { ticket_id: '42', ticket_title: 'Printer', status: 'new' },
	},
	recipient: { user_id: 'u1' },
	channel: 'slack',
	address: { userid: 'U1' },
});

beforeEach(async () => {
	store = createMemoryStore();
	clock = Date.parse('2027-03-13T09:00:00Z');
	await store.deliveries.insert([sentRow(sent)]);
	await status('new');
});

const sentRow = (item: Delivery, ref: object | null = { channel: 'D1', ts: '1.2' }) =>
	ledgerRow(item, now(), {
		stage: 'done',
		status: 'sent',
		sent_at: now(),
		provider_ref: ref as Record<string, unknown> | null,
	});
const status = (value: string | null, more: object = {}) =>
	store.tickets.put([
		{
			ticket_key: KEY,
			open: true,
			status: value,
			urgent: false,
			event: { ...sent.event, content: { ...sent.event.content, status: value } },
			updated_at: now(),
			...more,
		},
	]);
/** Asks for edits, sends what is due, and tells which states were shown. */
async function edits(): Promise<Array<string | null | undefined>> {
	clock += 60_000;
	await updateMessages(store, [KEY], clock);
	const due = await store.deliveries.leaseDue(now(), 10, 'p', now());
	for (const row of due)
		await store.deliveries.update([
			{ delivery_id: row.delivery_id, stage: 'done', status: 'sent', provider_ref: { ts: '1.2' } },
		]);
	return due.map((row) => row.item?.event.content.status);
}

it('each new state is shown once; a ticket may come back to an earlier one', async () => {
	expect(await edits()).toEqual([]);
	await status('in_progress');
	expect([await edits(), await edits()]).toEqual([['in_progress'], []]);
	await status('new');
	expect([await edits(), await edits()]).toEqual([['new'], []]);
	await status('in_progress');
	expect([await edits(), await edits()]).toEqual([['in_progress'], []]);
});

it('asked for twice before it is sent: one edit', async () => {
	await status('in_progress');
	expect(await updateMessages(store, [KEY], clock)).toBe(1);
	expect(await updateMessages(store, [KEY], clock)).toBe(0);
});

it('a system that names no status changes nothing', async () => {
	await status(null);
	expect(await edits()).toEqual([]);
});

it('a later message of the ticket is the one that is changed', async () => {
	clock += 1000;
	const second = { ...sent, delivery_id: 'd_2' };
	await store.deliveries.insert([sentRow(second, { channel: 'D1', ts: '9.9' })]);
	await status('resolved', { open: false });
	await updateMessages(store, [KEY], clock);
	const due = await store.deliveries.leaseDue(now(), 10, 'p', now());
	expect(due.map((row) => row.item?.update_of?.delivery_id)).toEqual(['d_2']);
});
