/** ServiceNow's incident, in its native columns. */
export interface Person {
	sys_id: string;
	user_name: string;
	name: string;
	email: string;
}

export interface Group {
	sys_id: string;
	name: string;
}

export interface Comment {
	at: string;
	author: string;
	text: string;
	/** False: an internal work note. */
	public: boolean;
}

export interface Ticket {
	sys_id: string;
	number: string;
	short_description: string;
	description: string;
	state: string;
	urgency: string;
	impact: string;
	priority: string;
	/** sys_id or empty. */
	assigned_to: string;
	caller_id: string;
	assignment_group: string;
	cmdb_ci: string;
	business_service: string;
	category: string;
	due_date: string;
	sla_due: string;
	hold_reason: string;
	close_code: string;
	close_notes: string;
	sys_created_on: string;
	sys_updated_on: string;
	sys_updated_by: string;
	sys_mod_count: number;
	comments: Comment[];
}

export type TicketFields = Omit<
	Ticket,
	'sys_id' | 'number' | 'sys_mod_count' | 'comments' | 'priority'
>;
export type NewTicket = Partial<TicketFields> & Pick<Ticket, 'short_description'>;

export const STATES: Record<string, string> = {
	'1': 'New',
	'2': 'In Progress',
	'3': 'On Hold',
	'6': 'Resolved',
	'7': 'Closed',
	'8': 'Canceled',
};

export const PRIORITIES: Record<string, string> = {
	'1': '1 - Critical',
	'2': '2 - High',
	'3': '3 - Moderate',
	'4': '4 - Low',
	'5': '5 - Planning',
};

/** ServiceNow's own matrix of impact and urgency, each 1 to 3. */
export const priorityOf = (impact: string, urgency: string): string =>
	String(Math.min(5, Math.max(1, Number(impact) + Number(urgency) - 1)));

/** `YYYY-MM-DD HH:MM:SS` in UTC, no zone. */
export const glideTime = (date: Date): string => date.toISOString().slice(0, 19).replace('T', ' ');

export type WebhookEvent =
	| 'insert'
	| 'update'
	| 'delete'
	| 'comment'
	| 'sla_warning'
	| 'sla_breached'
	| 'approval_requested';

/** What one save changed: the column to its value before. */
export interface Change {
	event: WebhookEvent;
	previous: Partial<Record<keyof TicketFields | 'priority', string>>;
	comment?: Comment;
}
