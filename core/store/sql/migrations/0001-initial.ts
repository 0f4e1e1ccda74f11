import type { ColumnTypes } from './index';

/** Every query of the interface has an index; those on a stage are partial, since few rows are in it. */
export const initial = ({ text, int, real }: ColumnTypes): string[] => [
	`create table counters (name ${text} primary key, value ${int} not null)`,

	`create table preferences (user_id ${text} primary key, document text not null, search text not null,
		updated_at ${text} not null)`,
	`create table preference_keys (key ${text} not null, user_id ${text} not null, primary key (key, user_id))`,
	'create index preference_keys_user on preference_keys (user_id)',

	`create table templates (id ${text} not null, language ${text} not null, document text not null,
		updated_at ${text} not null, primary key (id, language))`,
	`create table policies (id ${text} primary key, document text not null, saved_at ${text} not null)`,
	`create table presence (user_id ${text} primary key, status ${text} not null, until ${text},
		updated_at ${text} not null)`,

	`create table silences (id ${text} primary key, matchers text not null, starts_at ${text} not null,
		ends_at ${text} not null, author text not null, comment text not null, confirmed ${int} not null,
		ended_at ${text}, updated_at ${text} not null)`,
	'create index silences_active on silences (ends_at) where ended_at is null',
	'create index silences_start on silences (starts_at, id)',

	`create table tickets (ticket_key ${text} primary key, open ${int} not null, status ${text},
		urgent ${int} not null, event text not null, updated_at ${text} not null, event_at ${text} not null,
		acknowledged_by ${text}, acknowledged_at ${text})`,
	'create index tickets_open on tickets (ticket_key) where open = 1',

	`create table deliveries (delivery_id ${text} primary key, event_id ${text} not null,
		ticket_key ${text} not null, ticket_id ${text} not null, user_id ${text} not null,
		channel ${text} not null, purpose ${text} not null, stage ${text} not null, status ${text} not null,
		reason ${text}, facts text, attempts ${int} not null, provider_message_id ${text}, provider_ref text,
		error text, possibly_duplicate ${int} not null, item text, due_at ${text}, lease_owner ${text},
		lease_until ${text}, rank ${real} not null, latency_ms ${real}, test ${int} not null,
		created_at ${text} not null, updated_at ${text} not null, sent_at ${text})`,
	'create index deliveries_recent on deliveries (user_id, channel, created_at)',
	'create index deliveries_ticket_user on deliveries (ticket_key, user_id)',
	'create index deliveries_event_user on deliveries (event_id, user_id)',
	'create index deliveries_ticket_id on deliveries (ticket_id)',
	'create index deliveries_created on deliveries (created_at, delivery_id)',
	'create index deliveries_status on deliveries (status, created_at)',
	`create index deliveries_due on deliveries (rank, due_at, created_at, delivery_id)
		where stage = 'due' and test = 0`,
	`create index deliveries_next on deliveries (due_at) where stage = 'due' and test = 0`,
	`create index deliveries_lease on deliveries (lease_until) where stage = 'emitted' and test = 0`,
	`create index deliveries_stuck on deliveries (updated_at)
		where stage in ('decided', 'emitted', 'sending') and test = 0`,

	`create table delivery_events (event_id ${text} not null, user_id ${text} not null,
		delivery_id ${text} not null, primary key (event_id, user_id, delivery_id))`,

	`create table held (delivery_id ${text} primary key, kind ${text} not null, group_key ${text},
		user_id ${text} not null, channel ${text} not null, ticket_key ${text} not null,
		event_id ${text} not null, due_at ${text}, item text not null, reason ${text} not null,
		policy_id ${text}, test ${int} not null, seq ${int} not null, created_at ${text} not null)`,
	'create index held_pair on held (user_id, channel)',
	'create index held_ticket on held (ticket_key)',
	'create index held_group on held (group_key) where group_key is not null',
	'create index held_kind on held (kind)',
	'create index held_due on held (due_at) where due_at is not null and test = 0',

	`create table groups (group_key ${text} primary key, user_id ${text} not null, channel ${text} not null,
		opened_at ${text}, closes_at ${text}, count ${int} not null, anchor_at ${text},
		last_flush_at ${text}, settings text not null, open_tickets text not null, last_items text,
		policy_id ${text}, test ${int} not null, updated_at ${text} not null)`,
	'create index groups_closes on groups (closes_at, group_key) where closes_at is not null and test = 0',

	`create table chains (ticket_key ${text} primary key, status ${text} not null, due_at ${text},
		data text not null, test ${int} not null, started_at ${text} not null, updated_at ${text} not null)`,
	'create index chains_due on chains (due_at, ticket_key) where due_at is not null and test = 0',

	`create table intake (id ${text} primary key, workflow_id ${text} not null, node_id ${text} not null,
		event_id ${text} not null, ticket_key ${text} not null, urgent ${int} not null, item text not null,
		status ${text} not null, attempts ${int} not null, lease_owner ${text}, lease_until ${text},
		error text, received_at ${text} not null, updated_at ${text} not null, seq ${int} not null)`,
	'create index intake_queue on intake (workflow_id, node_id, status, urgent, seq)',
	'create index intake_ticket on intake (workflow_id, node_id, ticket_key, status)',
	`create index intake_lease on intake (lease_until) where status = 'leased'`,
	'create index intake_status on intake (status, updated_at)',
	'create index intake_seq on intake (seq)',

	`create table seen (key ${text} primary key, seen_at ${text} not null)`,
	'create index seen_at on seen (seen_at)',

	`create table shared (key ${text} primary key, value text not null, updated_at ${text} not null,
		expires_at ${text})`,
	'create index shared_expires on shared (expires_at) where expires_at is not null',

	`create table audit (seq ${int} primary key, at ${text} not null, actor ${text} not null,
		action ${text} not null, subject ${text} not null, details text not null, hash_key ${text} not null,
		actor_hash ${text} not null, subject_hash ${text} not null, details_hash ${text} not null,
		prev_hash ${text} not null, hash ${text} not null)`,
	'create index audit_subject on audit (subject, seq)',
	'create index audit_action on audit (action, seq)',
	'create index audit_at on audit (at)',

	`insert into counters (name, value) values ('held', 0), ('intake', 0)`,
];
