import { ticketStatus } from '../actions';
import { isTicketAction, type Question, type TicketAction } from '../itsm';
import type { Interaction } from '../events/delivery';
import { ticketKey } from '../events/ids';
import type { PersonRef } from '../events/model';
import type { Store } from '../store/types';
import { answererOf } from './people';

/** An interaction, read for carrying it out. */
export interface Ask {
	action: TicketAction | 'status' | 'none';
	ticketKey: string;
	ticketId: string;
	userId: string | null;
	/** What to call the person on the ticket; absent where a workflow acts. */
	who?: string;
	language: string | null;
	/** Names that the ITSM may know them by, the surest first. */
	mine: string[];
	text: string;
	/** For assign. */
	assignee?: string;
	shown: Question['shown'];
}

export type Asked =
	| { ok: true; ask: Ask }
	| { ok: false; status: 'denied' | 'failed'; code: string; message: string };

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Actions that need nothing of an ITSM: they are done in our own store when the answer is completed. */
const OWN_ACTIONS = new Set(['mute', 'unmute']);

export async function readAsk(store: Store, item: Interaction, itsmId: string): Promise<Asked> {
	const { action, parameters, user } = item;
	const problem = text(parameters.problem);
	if (problem) return refuse('denied', problem, 'The answer could not be understood in full.');
	if (action === 'help' || action === 'unknown')
		return refuse('denied', action, 'The answer asks for nothing that can be done with a ticket.');
	const isOwn = OWN_ACTIONS.has(action);
	if (!isOwn && action !== 'status' && !isTicketAction(action))
		return refuse('failed', 'unsupported_action', `There is no action "${action}" on a ticket.`);
	const ticketId = text(item.ticket_id);
	if (!ticketId && !isOwn) return refuse('failed', 'no_ticket', 'The interaction names no ticket.');
	const words = text(parameters.comment);
	if (action === 'comment' && !words)
		return refuse('denied', 'needs_text', 'The comment has no text.');
	const assignee = text(parameters.assignee);
	if (action === 'assign' && !assignee)
		return refuse('failed', 'no_assignee', 'It is not said to whom the ticket is assigned.');
	const userId = text(user.user_id) || null;
	const person = userId ? await answererOf(store, { userId }) : undefined;
	const name = text(user.username) || person?.username || userId;
	return {
		ok: true,
		ask: {
			action: isOwn ? 'none' : (action as Ask['action']),
			ticketKey: text(item.ticket_key) || `${itsmId}:${ticketId}`,
			ticketId,
			userId,
			...(name ? { who: name } : {}),
			language: text(user.language) || person?.language || null,
			mine: person ? namesIn(person.document, itsmId) : userId ? [userId] : [],
			text: words,
			...(assignee ? { assignee } : {}),
			shown: await shownTo(store, item),
		},
	};
}

const refuse = (status: 'denied' | 'failed', code: string, message: string): Asked => ({
	ok: false,
	status,
	code,
	message,
});

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

function namesIn(document: Record<string, unknown>, itsmId: string): string[] {
	const identities = isObject(document.identities) ? document.identities : {};
	const own = Object.entries(identities)
		.filter(([source]) => source.toLowerCase() === itsmId.toLowerCase())
		.map(([, id]) => String(id));
	const preferences = isObject(document.notification_preferences)
		? document.notification_preferences
		: {};
	const mail = isObject(preferences.email) ? text(preferences.email.address) : '';
	const names = [...own, mail, text(document.username), text(document.user_id)];
	return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
}

/** What the person decided upon: the button's own status, and what the message told of the ticket. */
async function shownTo(store: Store, item: Interaction): Promise<Question['shown']> {
	const expected = isObject(item.parameters.expected) ? item.parameters.expected : {};
	const status = text(expected.status);
	const id = text(item.delivery_id);
	const [row] = id ? await store.deliveries.get([id]) : [];
	const event = row?.item?.event;
	const isOfTicket = event !== undefined && ticketKey(event) === item.ticket_key;
	const told = isOfTicket ? ticketStatus(event) : null;
	return {
		...(status || told ? { status: status || told } : {}),
		...('assignee' in expected
			? { assignee: expected.assignee as PersonRef | null }
			: isOfTicket
				? { assignee: event.content.assignee ?? null }
				: {}),
		...(row ? { at: row.created_at } : {}),
	};
}
