import type { ColumnTypes } from './index';

/** What people asked to be done with tickets. */
export const actions = ({ text, int }: ColumnTypes): string[] => [
	`create table actions (id ${text} primary key, ticket_key ${text} not null, status ${text} not null,
		item text not null, result text, steps text not null, uncertain ${int} not null, attempts ${int} not null,
		due_at ${text}, lease_owner ${text}, lease_until ${text}, error text,
		created_at ${text} not null, updated_at ${text} not null)`,
	'create index actions_ticket on actions (ticket_key, created_at)',
	'create index actions_created on actions (created_at, id)',
	`create index actions_due on actions (due_at) where status = 'queued'`,
	`create index actions_lease on actions (lease_until) where status in ('emitted', 'running')`,
	`create index actions_ended on actions (updated_at) where status in ('done', 'failed')`,
];
