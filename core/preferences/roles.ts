/** Roles by strength: someone reached by several gets one message, for the first of these (RP2). */
export const ROLES = [
	'manager',
	'assignee',
	'approver',
	'requester',
	'target',
	'group',
	'watcher',
] as const;
export type Role = (typeof ROLES)[number];

/**
 * Event type → who is meant (design §3a; docs/policy.md). `<type>_unassigned` holds where the ticket has no assignee.
 * `default` is for every other type.
 */
export const RECIPIENTS: Readonly<Record<string, readonly string[]>> = Object.freeze({
	ticket_assigned: ['assignee'],
	ticket_created_unassigned: ['group'],
	ticket_comment: ['requester', 'assignee'],
	ticket_resolved: ['requester'],
	ticket_closed: ['requester'],
	approval_requested: ['approvers'],
	sla_breaching: ['assignee', 'manager'],
	sla_breached: ['assignee', 'manager'],
	ticket_escalated: ['assignee', 'manager'],
	default: ['assignee', 'watchers'],
});

const WORDS: Readonly<Record<string, Role | 'operators'>> = {
	assignee: 'assignee',
	manager: 'manager',
	requester: 'requester',
	approver: 'approver',
	approvers: 'approver',
	watcher: 'watcher',
	watchers: 'watcher',
	group: 'group',
	operators: 'operators',
};

export type RoleWord = { role: Role | 'operators' } | { user: string } | { group: string };

export const isRoleWord = (word: string): boolean => readRoleWord(word) !== undefined;

/** `assignee`, `watchers`, …, `operators`, `user:<id>`, `group:<name>`; undefined for anything else. */
export function readRoleWord(word: string): RoleWord | undefined {
	const text = word.trim();
	const named = /^(user|group):(.+)$/.exec(text);
	if (named) return named[1] === 'user' ? { user: named[2] } : { group: named[2] };
	return Object.hasOwn(WORDS, text) ? { role: WORDS[text] } : undefined;
}

/** The line of the table for the types of an event (`typesOf`): what the policy says of it, else the built-in one. */
export function rolesFor(
	types: readonly string[],
	assigned: boolean,
	own: Readonly<Record<string, readonly string[]>>,
): RoleWord[] {
	const keys = types.flatMap((type) => (assigned ? [type] : [`${type}_unassigned`, type]));
	const line =
		keys.map((key) => lineOf(own, key)).find(Boolean) ??
		keys.map((key) => lineOf(RECIPIENTS, key)).find(Boolean) ??
		lineOf(own, 'default') ??
		RECIPIENTS.default;
	return line.map(readRoleWord).filter((word) => word !== undefined);
}

const lineOf = (
	table: Readonly<Record<string, readonly string[]>>,
	key: string,
): readonly string[] | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);

/** The stronger of two roles. */
export const stronger = (a: Role, b: Role): Role => (ROLES.indexOf(a) <= ROLES.indexOf(b) ? a : b);
