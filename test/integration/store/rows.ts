// Rows for the store's tests, each with everything that its type asks for.
import { deliverySchema, type Delivery } from '../../../core/events/delivery';
import type {
	ChainState,
	GroupState,
	HeldEntry,
	InboxEntry,
	IntakeRow,
	LedgerRow,
	StoredSilence,
	TicketState,
} from '../../../core/store/types';

/** The instant `seconds` after the start of the tests' clock. */
export const at = (seconds: number): string =>
	new Date(Date.UTC(2027, 2, 13) + seconds * 1000).toISOString();

export function delivery(id: string, more: Record<string, unknown> = {}): Delivery {
	return deliverySchema.parse({
		delivery_id: id,
		event: {
			event_id: `event-of-${id}`,
			event_type: 'ticket_assigned',
			timestamp: at(0),
			source: 'jira',
			content: { ticket_id: '42', ticket_title: '登录失败 – "quoted" \\ back' },
		},
		recipient: { user_id: 'ann' },
		channel: 'slack',
		address: { userid: 'U1' },
		...more,
	});
}

export const ledger = (id: string, more: Partial<LedgerRow> = {}): LedgerRow => ({
	delivery_id: id,
	event_id: `event-of-${id}`,
	ticket_key: 'jira:42',
	user_id: 'ann',
	channel: 'slack',
	purpose: 'first',
	stage: 'decided',
	status: 'pending',
	reason: 'send_now',
	facts: { because: ['urgent'] },
	attempts: 0,
	provider_message_id: null,
	provider_ref: null,
	error: null,
	possibly_duplicate: false,
	item: delivery(id),
	due_at: null,
	lease_owner: null,
	lease_until: null,
	rank: 1,
	latency_ms: null,
	test: false,
	created_at: at(0),
	updated_at: at(0),
	sent_at: null,
	...more,
});

export const held = (id: string, more: Partial<HeldEntry> = {}): HeldEntry => ({
	delivery_id: id,
	kind: 'group',
	group_key: 'g1',
	user_id: 'ann',
	channel: 'slack',
	ticket_key: 'jira:42',
	event_id: `event-of-${id}`,
	due_at: null,
	item: delivery(id),
	reason: 'aggregated',
	policy_id: null,
	test: false,
	seq: 0,
	created_at: at(0),
	...more,
});

export const group = (key: string, more: Partial<GroupState> = {}): GroupState => ({
	group_key: key,
	user_id: 'ann',
	channel: 'slack',
	opened_at: at(0),
	closes_at: at(30),
	count: 1,
	anchor_at: null,
	last_flush_at: null,
	settings: { group_wait: 30_000, sliding: false },
	open_tickets: ['jira:42'],
	last_items: null,
	policy_id: null,
	test: false,
	updated_at: at(0),
	...more,
});

export const chain = (key: string, more: Partial<ChainState> = {}): ChainState => ({
	ticket_key: key,
	status: 'running',
	due_at: at(60),
	data: { steps: [{ at: 1, fired: false }] },
	test: false,
	started_at: at(0),
	updated_at: at(0),
	...more,
});

export const ticket = (key: string, more: Partial<TicketState> = {}): TicketState => ({
	ticket_key: key,
	open: true,
	status: 'new',
	urgent: false,
	event: delivery('d').event,
	updated_at: at(0),
	...more,
});

export const silence = (id: string, more: Partial<StoredSilence> = {}): StoredSilence => ({
	id,
	matchers: ['content.priority="Low"'],
	starts_at: at(10),
	ends_at: at(20),
	author: 'root',
	comment: 'maintenance',
	confirmed: false,
	updated_at: at(0),
	...more,
});

export const inboxEntry = (id: string, more: Partial<InboxEntry> = {}): InboxEntry => ({
	delivery_id: id,
	user_id: 'ann',
	ticket_key: 'jira:42',
	title: '登录失败',
	severity: 'high',
	payload: { title: '登录失败', links: [{ label: 'Open', url: 'https://itsm.test/42' }] },
	read_at: null,
	test: false,
	created_at: at(0),
	updated_at: at(0),
	...more,
});

export const NODE = { workflow_id: 'w1', node_id: 'n1' };

export const intakeRow = (id: string, more: Partial<IntakeRow> = {}): IntakeRow => ({
	id,
	...NODE,
	event_id: `event-${id}`,
	ticket_key: `jira:${id}`,
	urgent: false,
	item: { id },
	status: 'queued',
	attempts: 0,
	lease_owner: null,
	lease_until: null,
	error: null,
	received_at: at(0),
	updated_at: at(0),
	seq: 0,
	...more,
});

export const ids = (rows: ReadonlyArray<{ delivery_id: string }>): string[] =>
	rows.map((row) => row.delivery_id);
