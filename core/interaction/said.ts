import { chooseTicket, type Command, type KnownTicket } from '../actions';
import type { TextCall } from '../channels';
import type { Interaction } from '../events/delivery';
import type { Store } from '../store/types';
import { item, ticketFields, type TakeOptions } from './item';
import type { Answerer } from './people';

/** Tickets among which an unnamed one is looked for. */
const LOOK_BACK_DAYS = 14;

/** A person's words about a ticket: of the message that they answered, else of the one that they name. */
export async function answerOf(
	store: Store,
	call: TextCall,
	options: TakeOptions,
	said: {
		person: Answerer;
		command: Command;
		about?: { ticket_key: string; delivery_id?: string };
	},
): Promise<Interaction> {
	const { person, command, about } = said;
	const parameters: Record<string, unknown> = {
		text: call.text.slice(0, 1000),
		...(command.text ? { comment: command.text } : {}),
		...(command.until ? { until: command.until } : {}),
		...(command.problem ? { problem: command.problem } : {}),
	};
	const base = { action: command.action as string, parameters };
	if (command.action === 'unknown' || command.action === 'help')
		return item(call, person, options, base);
	if (!command.ticket && about)
		return item(call, person, options, {
			...base,
			...ticketFields(about.ticket_key),
			delivery_id: about.delivery_id ?? null,
		});
	const choice = chooseTicket(command.ticket, await ticketsOf(store, person.user_id, options.now));
	if (choice.ok)
		return item(call, person, options, { ...base, ...ticketFields(choice.ticket.ticket_key) });
	// `mute until 18:00` with no ticket in sight is about everything.
	const forAll = (command.action === 'mute' || command.action === 'unmute') && !command.ticket;
	if (forAll) return item(call, person, options, base);
	return item(call, person, options, {
		...base,
		parameters: {
			...parameters,
			problem: choice.problem,
			...(command.ticket ? { ticket: command.ticket } : {}),
			tickets: choice.list.slice(0, 5).map((t) => t.number ?? t.ticket_id),
		},
	});
}

/** The one ticket that a message of ours was about. */
export async function ticketOfMessage(store: Store, providerMessageId: string) {
	const rows = await store.deliveries.list({ provider_message_id: providerMessageId, limit: 2 });
	return rows.length === 1 && (rows[0].item?.digest?.total ?? 1) === 1 ? rows[0] : undefined;
}

/** The tickets that a person was told of lately, each with its present state. */
async function ticketsOf(store: Store, userId: string, now: Date): Promise<KnownTicket[]> {
	const rows = await store.deliveries.list({
		user_id: userId,
		since: new Date(now.getTime() - LOOK_BACK_DAYS * 86_400_000).toISOString(),
		limit: 500,
	});
	const newest = new Map<string, string>();
	for (const row of rows)
		if (row.status === 'sent' || row.status === 'delivered')
			if ((newest.get(row.ticket_key) ?? '') < row.created_at)
				newest.set(row.ticket_key, row.created_at);
	const states = await store.tickets.get([...newest.keys()]);
	return states.map((state) => ({
		ticket_key: state.ticket_key,
		ticket_id: state.event.content.ticket_id,
		number: state.event.content.number ?? null,
		open: state.open,
		told_at: newest.get(state.ticket_key) as string,
	}));
}
