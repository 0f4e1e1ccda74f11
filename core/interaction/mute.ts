import { endSilence, saveSilence } from '../engine';
import type { Store, TicketState } from '../store/types';

/** This person hears no more of this ticket until then. A later mute takes the place of one that runs. */
export async function muteTicket(
	store: Store,
	user: string,
	state: TicketState,
	until: string,
	now: number,
): Promise<void> {
	const { source, content } = state.event;
	// Its own id each time: a silence that was ended never comes back.
	const id = `${base(user, state.ticket_key)}@${now}`;
	const before = (await mutesOf(store, user, state.ticket_key, now)).filter((old) => old !== id);
	await saveSilence(
		store,
		{
			id,
			matchers: [
				`recipient.user_id=${quoted(user)}`,
				`source=${quoted(source)}`,
				`content.ticket_id=${quoted(content.ticket_id)}`,
			],
			starts_at: new Date(now).toISOString(),
			ends_at: until,
			author: user,
			comment: 'muted by the person',
			confirmed: true,
		},
		now,
	);
	for (const old of before) await endSilence(store, old, now);
}

export async function unmuteTicket(
	store: Store,
	user: string,
	ticketKey: string,
	now: number,
): Promise<void> {
	for (const id of await mutesOf(store, user, ticketKey, now)) await endSilence(store, id, now);
}

async function mutesOf(
	store: Store,
	user: string,
	ticketKey: string,
	now: number,
): Promise<string[]> {
	const mine = base(user, ticketKey);
	return (await store.silences.active(new Date(now).toISOString()))
		.map(({ id }) => id)
		.filter((id) => id === mine || id.startsWith(`${mine}@`));
}

const base = (user: string, ticketKey: string): string => `mute:${user}:${ticketKey}`;
const quoted = (text: string): string => JSON.stringify(text);
