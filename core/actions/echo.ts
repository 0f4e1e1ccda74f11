import { isDone } from '../events/status';
import type { NotificationEvent, PersonRef } from '../events/model';
import type { Store } from '../store/types';

/** How long a webhook may take to tell us of our own write. */
export const ECHO_MS = 5 * 60_000;
const MOST = 10;

/** What one write of ours did, so that the webhook that it causes is recognised. */
export interface EchoMark {
	/** The user_id of the person for whom we wrote. */
	actor: string;
	/** `acknowledge`, `assign`, `comment`, `escalate`, `resolve`. */
	action: string;
	/** The login under which we write, where it is known. */
	account: string | null;
	at: string;
	expires_at: string;
	/** What we wrote: nothing else can be an echo. */
	fields: {
		status?: string;
		/** Every name of the new assignee: id, login, mail, full name. */
		assignee?: string[];
		/** Raised: its new value is worked out by the system. */
		priority?: true;
		group?: true;
		comment?: string;
	};
}

export const echoKey = (ticketKey: string): string => `echo:${ticketKey}`;

/** Remembers a write; called before it, since the webhook may be faster than the answer. */
export async function markEcho(
	store: Pick<Store, 'shared'>,
	ticketKey: string,
	mark: Omit<EchoMark, 'at' | 'expires_at'>,
	now: number,
): Promise<void> {
	const at = new Date(now).toISOString();
	const expiresAt = new Date(now + ECHO_MS).toISOString();
	await store.shared.change(echoKey(ticketKey), at, (value) => ({
		value: { marks: [...marksOf(value, at), { ...mark, at, expires_at: expiresAt }].slice(-MOST) },
		result: undefined,
		expiresAt,
	}));
}

/** The marks of a ticket that have not run out. */
export const marksOf = (value: Record<string, unknown> | undefined, now: string): EchoMark[] =>
	((value?.marks ?? []) as EchoMark[]).filter((mark) => mark.expires_at > now);

const words = (value: string): string => value.replace(/\s+/g, ' ').trim().toLowerCase();

const namesOf = (person: PersonRef | null | undefined): string[] =>
	(typeof person === 'string'
		? [person]
		: [person?.id, person?.login, person?.email, person?.name]
	).flatMap((name) => (name?.trim() ? [words(name)] : []));

const meets = (person: PersonRef | null | undefined, names: readonly string[]): boolean =>
	namesOf(person).some((name) => names.some((other) => words(other) === name));

type Said = 'status' | 'assignee' | 'priority' | 'group' | 'comment';

const OF_TYPE: Record<string, Said> = {
	ticket_assigned: 'assignee',
	ticket_comment: 'comment',
	ticket_escalated: 'priority',
	ticket_resolved: 'status',
	ticket_closed: 'status',
	ticket_reopened: 'status',
	status_update: 'status',
};

const OF_FIELD: Record<string, Said> = {
	assigned_to: 'assignee',
	assignee: 'assignee',
	owner: 'assignee',
	state: 'status',
	status: 'status',
	priority: 'priority',
	urgency: 'priority',
	impact: 'priority',
	queue: 'group',
	assignment_group: 'group',
	comment: 'comment',
};

/** What an event tells as news; undefined where it tells something that no action of ours writes. */
function saidBy(event: NotificationEvent): Set<Said> | undefined {
	const said = new Set<Said>();
	for (const { field, type } of event.changes ?? []) {
		const known = OF_FIELD[field.toLowerCase()] ?? OF_TYPE[String(type)];
		if (!known) return undefined;
		said.add(known);
	}
	const leading = OF_TYPE[event.event_type];
	if (!leading && event.event_type !== 'ticket_updated') return undefined;
	// Moving to another queue or group is an escalation too: the change has named it.
	if (leading && !(leading === 'priority' && said.has('group'))) said.add(leading);
	return said;
}

/**
 * Whether an event is the echo of a write of ours. The actor, where both are known, must be our own account; every news
 * that it tells must be what we wrote.
 */
export function isEcho(event: NotificationEvent, mark: EchoMark): boolean {
	const actor = event.context.actor;
	if (actor && mark.account !== null && !meets(actor, [mark.account])) return false;
	const said = saidBy(event);
	if (!said) return false;
	// An update that says nothing is ours only where its actor is.
	if (said.size === 0) return Boolean(actor) && mark.account !== null;
	return [...said].every((what) => agrees(what, event, mark.fields));
}

function agrees(what: Said, event: NotificationEvent, fields: EchoMark['fields']): boolean {
	const { content } = event;
	switch (what) {
		case 'status':
			return (
				fields.status !== undefined &&
				(content.status === fields.status ||
					// The type alone may say it.
					(isDone(fields.status) && event.event_type === 'ticket_resolved'))
			);
		case 'assignee':
			return fields.assignee !== undefined && meets(content.assignee, fields.assignee);
		case 'comment': {
			const [told, ours] = [words(content.comment?.text ?? ''), words(fields.comment ?? '')];
			// Either may have been cut.
			return told !== '' && ours !== '' && (told.startsWith(ours) || ours.startsWith(told));
		}
		default:
			return fields[what] === true;
	}
}

/** The event with the person who did it in place of our account, so that they alone are not told of it. */
export const asEcho = (event: NotificationEvent, mark: EchoMark): NotificationEvent => ({
	...event,
	context: { ...event.context, actor: mark.actor, echo: mark.action },
});
