import type { PersonRef, TicketStatus } from '../events/model';
import { isCalled, namesOf } from './names';
import type { ItsmPerson, ItsmTicket } from './types';

export const TICKET_ACTIONS = ['acknowledge', 'assign', 'comment', 'resolve', 'escalate'] as const;
export type TicketAction = (typeof TICKET_ACTIONS)[number];

export const isTicketAction = (value: string): value is TicketAction =>
	(TICKET_ACTIONS as readonly string[]).includes(value);

/** What we did with a ticket before. */
export interface TicketHistory {
	acknowledged?: { by: string; name: string; at: string };
	/** Our newest write, and how the ticket stood after it. */
	last?: { by: string; at: string; status: TicketStatus | null; assignee: string | null };
}

export interface Question {
	action: TicketAction;
	/** As its system has it now. */
	ticket: ItsmTicket;
	/** Who asks: our user id, and every name that the system may know them by. */
	userId: string | null;
	mine: readonly string[];
	/** Whom to assign it to. */
	target?: ItsmPerson;
	/** What the person decided upon; a part that is not known is absent. `assignee: null` is nobody. */
	shown: { status?: string | null; assignee?: PersonRef | null; at?: string };
	history: TicketHistory;
}

export type Verdict =
	| { kind: 'write' }
	| { kind: 'unchanged'; code: 'already_yours' | 'already_done' | 'already_assigned' }
	| { kind: 'conflict'; code: 'ticket_changed' | 'already_done' }
	| { kind: 'conflict'; code: 'acknowledged_by_other'; who: string | null };

const WRITE: Verdict = { kind: 'write' };
const CHANGED: Verdict = { kind: 'conflict', code: 'ticket_changed' };
const OVER: Verdict = { kind: 'conflict', code: 'already_done' };

/** New and assigned are one to an ITSM that knows no "assigned"; so are the two ends. */
type Phase = 'waiting' | 'begun' | 'paused' | 'over';

const PHASES: Record<string, Phase> = {
	new: 'waiting',
	assigned: 'waiting',
	in_progress: 'begun',
	pending: 'paused',
	resolved: 'over',
	closed: 'over',
};
const phaseOf = (status: string | null | undefined): Phase | undefined => PHASES[status ?? ''];

/**
 * Whether an action is written, is like that already, or would overwrite what somebody did since the person looked (RI5).
 * An unknown status is no reason to refuse: then there is nothing to compare.
 */
export function judge(question: Question): Verdict {
	const { action, ticket, mine } = question;
	const isOver = phaseOf(ticket.status) === 'over';
	switch (action) {
		case 'comment':
			// A comment overwrites nothing.
			return ticket.status === 'closed' ? OVER : WRITE;
		case 'resolve':
			if (isOver) return { kind: 'unchanged', code: 'already_done' };
			return isChanged(question) ? CHANGED : WRITE;
		case 'escalate':
			if (isOver) return OVER;
			return isChanged(question) ? CHANGED : WRITE;
		case 'assign':
			if (isOver) return OVER;
			if (isCalled(ticket.assignee, namesOf(question.target)))
				return { kind: 'unchanged', code: 'already_assigned' };
			return isChanged(question) ? CHANGED : WRITE;
		case 'acknowledge':
			if (isOver) return OVER;
			return acknowledge(question, isCalled(ticket.assignee, mine));
	}
}

function acknowledge(question: Question, isMine: boolean): Verdict {
	const { ticket, shown, history, userId } = question;
	const now = phaseOf(ticket.status);
	const before = phaseOf(shown.status);
	if (now === 'begun' && isMine && !isNewsOf(question))
		return { kind: 'unchanged', code: 'already_yours' };
	const first = history.acknowledged;
	const isBegun = now === 'begun' || now === 'paused';
	// A card that went out after the acknowledgement asks anew (an escalation that goes on).
	const isSince = first && (shown.at === undefined || first.at > shown.at);
	if (isBegun && first && isSince && first.by !== userId)
		return { kind: 'conflict', code: 'acknowledged_by_other', who: first.name };
	if (isBegun && before !== now && ticket.assignee && !isMine)
		return { kind: 'conflict', code: 'acknowledged_by_other', who: null };
	return isChanged(question) ? CHANGED : WRITE;
}

/** An escalation may ask of a ticket that is in progress with its reader: their answer is news. */
const isNewsOf = ({ shown, ticket, history, userId }: Question): boolean =>
	shown.status === 'in_progress' &&
	ticket.status === 'in_progress' &&
	(history.acknowledged?.by !== userId ||
		(shown.at !== undefined && (history.acknowledged?.at ?? '') < shown.at));

/** Status or assignee are not what the person saw, and it was not they who changed them through us. */
function isChanged({ ticket, shown, mine, history, userId }: Question): boolean {
	const { last } = history;
	const isOwnDoing =
		last !== undefined &&
		userId !== null &&
		last.by === userId &&
		last.status === ticket.status &&
		last.assignee === (ticket.assignee?.id ?? null);
	if (isOwnDoing) return false;
	const [before, now] = [phaseOf(shown.status), phaseOf(ticket.status)];
	if (before && now && before !== now) return true;
	if (shown.assignee === undefined || !ticket.assignee) return false;
	return !isCalled(ticket.assignee, [...namesOf(shown.assignee), ...mine]);
}
