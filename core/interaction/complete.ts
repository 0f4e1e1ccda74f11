import { acknowledge, savePresence, updateMessages } from '../engine';
import type { Delivery, Interaction } from '../events/delivery';
import { deliveryId } from '../events/ids';
import { eventSchema, type NotificationEvent } from '../events/model';
import { isDone } from '../events/status';
import { ledgerRow } from '../gate/rows';
import type { AuditRecord, LedgerRow, Store, TicketState } from '../store/types';
import { answerText } from './answer-text';
import { muteTicket, unmuteTicket } from './mute';
import type { InteractionResult } from './result';

export interface Completed {
	/** What the person is told. */
	text: string;
	/** Messages that are changed in place. */
	updated: number;
}

/**
 * Ends an answer: what it means for the escalation, for the messages that are out and for the person, and a record of it.
 * The texts leave through the Release Trigger, like everything that goes out later.
 */
export async function completeInteraction(
	store: Store,
	interaction: Interaction,
	result: InteractionResult,
	now: Date,
): Promise<Completed> {
	const key = typeof interaction.ticket_key === 'string' ? interaction.ticket_key : undefined;
	const state = key ? await noteAfter(store, key, result) : undefined;
	const user = interaction.user.user_id;
	const worked = result.status === 'done' || result.status === 'unchanged';
	if (worked && user) await follow(store, interaction, state, user, now);
	let updated = 0;
	if (worked && key && (interaction.action === 'acknowledge' || interaction.action === 'resolve'))
		updated = await updateMessages(store, [key], now.getTime());
	if (result.status !== 'pending') await settle(store, interaction, result, now);
	const text = answerText(interaction, result, state);
	// Another process has it in work, and will tell.
	if (result.quiet) return { text, updated };
	const row = confirmation(interaction, text, state, now, result.status === 'pending');
	await store.exclusive([], async (tx) => {
		// A run that is repeated after it has failed further on tells and records nothing twice.
		const [isNew] = await tx.deliveries.insert([row]);
		if (isNew) await tx.audit.append([auditOf(interaction, result, now)]);
	});
	return { text, updated };
}

const auditOf = (
	{ interaction_id, ticket_key, channel, user, action, delivery_id }: Interaction,
	{ status, code }: InteractionResult,
	now: Date,
): AuditRecord => ({
	at: now.toISOString(),
	actor: user.user_id ?? `${channel}:${user.channel_user_id ?? 'unknown'}`,
	action: `answer_${action}`,
	subject: typeof ticket_key === 'string' ? ticket_key : '',
	details: {
		interaction_id,
		channel,
		delivery_id: delivery_id ?? null,
		result: status,
		code: code ?? null,
	},
});

const LEASE_MS = 60_000;

/** An action that waited is over, also where it was not carried out in the end: nobody tries it again. */
async function settle(
	store: Store,
	interaction: Interaction,
	result: InteractionResult,
	now: Date,
): Promise<void> {
	const id = interaction.interaction_id;
	const [waiting] = await store.actions.get([id]);
	if (waiting?.status !== 'queued' && waiting?.status !== 'emitted') return;
	const owner = `complete:${id}`;
	const until = new Date(now.getTime() + LEASE_MS).toISOString();
	const { claimed } = await store.actions.claim(waiting, owner, now.toISOString(), until);
	if (!claimed) return;
	const status = result.status === 'done' || result.status === 'unchanged' ? 'done' : 'failed';
	const change = { status, result: { ...result }, due_at: null } as const;
	await store.actions.settle(id, owner, change, now.toISOString());
}

/** The ticket as the ITSM has it now: its own webhook may come late, or never for a write of ours. */
async function noteAfter(
	store: Store,
	key: string,
	{ after }: InteractionResult,
): Promise<TicketState | undefined> {
	return store.exclusive([`ticket:${key}`], async (tx) => {
		const [state] = await tx.tickets.get([key]);
		if (!state) return undefined;
		const { event } = state;
		const status = after?.status ?? undefined;
		const name = after?.assignee ?? undefined;
		// By all names, so that they are found as the person that they are; a name without one has only been first.
		const person = after?.person === undefined ? name : (after.person ?? undefined);
		const assignee = name !== undefined && !named(state, name) ? person : undefined;
		if ((status === undefined || status === state.status) && assignee === undefined) return state;
		const content = {
			...event.content,
			...(status ? { status } : {}),
			...(assignee ? { assignee } : {}),
		};
		const next = {
			...state,
			event: { ...event, content },
			...(status ? { status, open: !isDone(status) } : {}),
		};
		await tx.tickets.put([next]);
		return next;
	});
}

const named = ({ event }: TicketState, name: string): boolean => {
	const { assignee } = event.content;
	const names = typeof assignee === 'string' ? [assignee] : Object.values(assignee ?? {});
	return names.includes(name);
};

/** What follows in our own state; the ITSM has been written by then. */
async function follow(
	store: Store,
	interaction: Interaction,
	state: TicketState | undefined,
	user: string,
	now: Date,
): Promise<void> {
	const { action, parameters } = interaction;
	const key = interaction.ticket_key as string | undefined;
	if (action === 'acknowledge' && key) await acknowledge(store, key, user, now.getTime());
	if (action === 'resolve' && key) await acknowledge(store, key, user, now.getTime());
	const until = typeof parameters.until === 'string' ? parameters.until : undefined;
	if (action === 'mute' && until) {
		if (!state) {
			await savePresence(store, { user_id: user, status: 'dnd', until }, now.getTime());
			return;
		}
		await muteTicket(store, user, state, until, now.getTime());
	}
	if (action === 'unmute') {
		if (state) await unmuteTicket(store, user, state.ticket_key, now.getTime());
		else await savePresence(store, { user_id: user, status: 'available' }, now.getTime());
	}
}

/** The answer as a delivery of its own: it goes the way of every message, with its retries and its record. */
function confirmation(
	interaction: Interaction,
	text: string,
	state: TicketState | undefined,
	now: Date,
	isPending: boolean,
): LedgerRow {
	const { channel, user, reply, interaction_id } = interaction;
	const userId = user.user_id ?? `${channel}:${user.channel_user_id ?? 'unknown'}`;
	// Told once that it waits, and once what came of it.
	const purpose = `confirmation:${interaction_id}${isPending ? ':pending' : ''}`;
	const event = state?.event ?? eventOf(interaction, now);
	const delivery: Delivery = {
		delivery_id: deliveryId(interaction_id, userId, channel, purpose),
		event,
		recipient: {
			user_id: userId,
			username: (user.username as string | null | undefined) ?? null,
			language: (user.language as string | null | undefined) ?? null,
			timezone: (user.timezone as string | null | undefined) ?? null,
		},
		channel,
		address: { address: user.channel_user_id ?? '' },
		purpose,
		strategy: 'immediate',
		decision: { action: 'send', reason: 'answer' },
		confirmation: { text, reply },
		fallback: [],
	};
	const at = now.toISOString();
	return ledgerRow(delivery, at, { stage: 'due', due_at: at, rank: 0 });
}

/** An answer that is about no ticket still has an event behind its message. */
const eventOf = (interaction: Interaction, now: Date): NotificationEvent =>
	eventSchema.parse({
		event_id: interaction.interaction_id,
		event_type: 'ticket_updated',
		timestamp: now.toISOString(),
		source: 'itsm-notify',
		content: { ticket_id: interaction.interaction_id, ticket_title: interaction.action },
	});
