import { deliver, updateMessages } from '../../../core/engine/index.ts';
import { parseDelivery, type Delivery } from '../../../core/events/index.ts';
import { ledgerRow } from '../../../core/gate/index.ts';
import { createMemoryStore } from '../../../core/store/memory/index.ts';
import { parsePolicy } from '../../../core/preferences/index.ts';
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

describe('a message that cannot be changed any more (RI6)', () => {
	/** Sends the due edit to a provider that refuses it; what is due then, and its text. */
	async function refused(outcome: { class: string; code: string }, by: string) {
		await status('in_progress', { acknowledged_by: by, acknowledged_at: now() });
		await updateMessages(store, [KEY], clock);
		const due = await store.deliveries.leaseDue(now(), 10, 'p', now());
		await deliver(
			store,
			due.map((row) => ({ ...(row.item as Delivery), message: { text: 'x' } })),
			{
				attempt: async () => ({
					outcome: { ok: false, message: 'no', ...outcome } as never,
					attempts: 1,
					latencyMs: 1,
				}),
				policy: parsePolicy({}),
				now: () => clock,
				random: () => 0.5,
				owner: 'p',
				concurrency: 1,
				leaseMs: 60_000,
			},
		);
		clock += 1000;
		const after = await store.deliveries.leaseDue(now(), 10, 'p', now());
		return after.map((row) => row.item?.confirmation?.text);
	}

	it('others are told in a new message who took the ticket', async () => {
		const gone = { class: 'recipient', code: 'message_not_found' };
		expect(await refused(gone, 'emma')).toEqual(['42: Acknowledged by emma']);
	});

	it('who took it has had an answer', async () => {
		expect(await refused({ class: 'recipient', code: 'message_not_found' }, 'u1')).toEqual([]);
	});

	it('a failing credential is no reason for new messages', async () => {
		expect(await refused({ class: 'auth', code: 'invalid_auth' }, 'emma')).toEqual([]);
		expect(await refused({ class: 'config', code: 'no_credential' }, 'emma')).toEqual([]);
	});
});

describe('an edit that its channel does not take at once', () => {
	const policy = parsePolicy({});
	/** Sends these; `down`: the provider has a hiccup. Returns the states that it was asked to show. */
	async function send(deliveries: Delivery[], down = false) {
		const asked: Array<string | null | undefined> = [];
		await deliver(store, deliveries, {
			attempt: async (delivery) => {
				asked.push(delivery.event.content.status);
				return {
					outcome: down
						? { ok: false, class: 'retry', code: 'http_503', message: '' }
						: { ok: true, status: 'sent' },
					attempts: 1,
					latencyMs: 1,
				};
			},
			policy,
			now: () => clock,
			random: () => 0.5,
			owner: 'p',
			concurrency: 1,
			leaseMs: 60_000,
		});
		return asked;
	}
	const due = async () =>
		(await store.deliveries.leaseDue(now(), 10, 'p', now())).map((row) => row.item as Delivery);

	it.each(['Low', 'Critical'])(
		'a later edit waits for it: the message ends with the newest state, priority %s',
		async (priority) => {
			const content = { ...sent.event.content, priority };
			const becomes = (value: string) =>
				status(value, { event: { ...sent.event, content: { ...content, status: value } } });
			await becomes('in_progress');
			await updateMessages(store, [KEY], clock);
			expect(await send(await due(), true)).toEqual(['in_progress']);
			clock += 5_000;
			await becomes('resolved');
			await updateMessages(store, [KEY], clock);
			const asked = await send(await due());
			for (let look = 0; look < 4; look++) {
				clock += 30_000;
				asked.push(...(await send(await due())));
			}
			expect(asked).toEqual(['in_progress', 'resolved']);
		},
	);
});
