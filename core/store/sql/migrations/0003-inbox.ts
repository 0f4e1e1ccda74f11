import type { ColumnTypes } from './index';

/** The in-app inbox. Unread entries are few, and asked for most: their index is partial. */
export const inbox = ({ text, int }: ColumnTypes): string[] => [
	`create table inbox (delivery_id ${text} primary key, user_id ${text} not null,
		ticket_key ${text} not null, title text not null, severity ${text} not null, payload text not null,
		read_at ${text}, test ${int} not null, created_at ${text} not null, updated_at ${text} not null)`,
	'create index inbox_user on inbox (user_id, created_at, delivery_id)',
	'create index inbox_unread on inbox (user_id, created_at, delivery_id) where read_at is null',
	'create index inbox_created on inbox (created_at)',
];
