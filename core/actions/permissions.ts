import type { NotificationEvent } from '../events/model';
import { BUTTON_ACTIONS, isButtonAction, type ButtonAction } from './actions';

/** Who may do what on a ticket in which state: the policy's `interaction.permissions`. */
export interface PermissionRule {
	/** Roles on the ticket; `*` is everybody who is known. */
	roles: readonly string[];
	/** Ticket statuses; `*` is every one. */
	statuses: readonly string[];
}

export type Permissions = Readonly<Record<ButtonAction, PermissionRule>>;

const WORKERS = ['assignee', 'group', 'manager', 'target'];

/**
 * The seed's rule: acknowledge a new ticket, resolve an assigned one or one in progress, comment on any that is not
 * closed. Escalate, which the seed names without a rule, goes with every ticket that is not done.
 */
export const DEFAULT_PERMISSIONS: Permissions = {
	acknowledge: { roles: WORKERS, statuses: ['new'] },
	resolve: { roles: WORKERS, statuses: ['assigned', 'in_progress'] },
	escalate: { roles: WORKERS, statuses: ['new', 'assigned', 'in_progress', 'pending'] },
	comment: {
		roles: ['*'],
		statuses: ['new', 'assigned', 'in_progress', 'pending', 'resolved'],
	},
};

export interface PermissionQuestion {
	/** The person's roles on this ticket; none: they have nothing to do with it. */
	roles: readonly string[];
	/** As in ticketStatus(); null where nothing is known of it. */
	status: string | null;
	/** Nobody has acknowledged it and its escalation runs: acknowledging is what it asks for, whatever its status. */
	escalating?: boolean;
}

export type Permission =
	| { allowed: true; reason: 'permitted' }
	| { allowed: false; reason: 'not_your_ticket' | 'role_not_permitted' | 'status_not_permitted' };

const holds = (list: readonly string[], value: string): boolean =>
	list.includes('*') || list.includes(value);

/** May this person do this now? Asked when buttons are drawn and again when an answer comes in. */
export function permit(
	action: string,
	question: PermissionQuestion,
	permissions: Permissions = DEFAULT_PERMISSIONS,
): Permission {
	const { roles, status, escalating } = question;
	if (roles.length === 0) return { allowed: false, reason: 'not_your_ticket' };
	// Asking, muting and help change nothing in the ITSM.
	if (!isButtonAction(action)) return { allowed: true, reason: 'permitted' };
	const rule = permissions[action];
	if (!rule.roles.includes('*') && !roles.some((role) => rule.roles.includes(role)))
		return { allowed: false, reason: 'role_not_permitted' };
	const isOpen = status !== 'resolved' && status !== 'closed';
	if (action === 'acknowledge' && escalating && isOpen)
		return { allowed: true, reason: 'permitted' };
	// A system that tells no status is no reason to refuse: the ITSM has the last word.
	if (status !== null && !holds(rule.statuses, status))
		return { allowed: false, reason: 'status_not_permitted' };
	return { allowed: true, reason: 'permitted' };
}

/** The buttons of a message, in their fixed order. */
export const permittedActions = (
	question: PermissionQuestion,
	permissions?: Permissions,
): ButtonAction[] =>
	BUTTON_ACTIONS.filter((action) => permit(action, question, permissions).allowed);

const OF_TYPE: Readonly<Record<string, string>> = {
	ticket_created: 'new',
	ticket_assigned: 'assigned',
	ticket_reopened: 'new',
	ticket_resolved: 'resolved',
	ticket_closed: 'closed',
};

/** The ticket's status as an event tells it; a system that names none is read by the kind of event. */
export const ticketStatus = (event: NotificationEvent): string | null =>
	event.content.status ?? OF_TYPE[event.event_type] ?? null;
