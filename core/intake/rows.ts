import { interactionSchema, type Interaction } from '../events/delivery';
import { ticketKey } from '../events/ids';
import { eventSchema, type NotificationEvent } from '../events/model';
import type { IntakeRow } from '../store/types';

export interface IntakeNode {
	workflow_id: string;
	node_id: string;
}

type Waiting = Pick<IntakeRow, 'id' | 'event_id' | 'ticket_key' | 'urgent' | 'item'>;

function queued(node: IntakeNode, row: Waiting, now: number): IntakeRow {
	const at = new Date(now).toISOString();
	return {
		...row,
		...node,
		status: 'queued',
		attempts: 0,
		lease_owner: null,
		lease_until: null,
		error: null,
		received_at: at,
		updated_at: at,
		seq: 0,
	};
}

/** A committed event that waits for its run. */
export const intakeRow = (
	event: NotificationEvent,
	node: IntakeNode,
	now: number,
	urgent: boolean,
): IntakeRow =>
	queued(
		node,
		{
			// The same content may come again as a new event after its window: the instant tells them apart.
			id: `${node.workflow_id}|${node.node_id}|${event.source}|${event.event_id}|${now}`,
			event_id: event.event_id,
			ticket_key: ticketKey(event),
			urgent,
			item: event,
		},
		now,
	);

/** An answer that waits for its run: answers about one ticket in the order in which they came. */
export const answerRow = (interaction: Interaction, node: IntakeNode, now: number): IntakeRow =>
	queued(
		node,
		{
			id: `${node.workflow_id}|${node.node_id}|${interaction.interaction_id}`,
			event_id: interaction.interaction_id,
			ticket_key:
				typeof interaction.ticket_key === 'string'
					? interaction.ticket_key
					: interaction.interaction_id,
			urgent: false,
			item: interaction,
		},
		now,
	);

/** What a row holds, checked. */
export const readEvent = (item: Record<string, unknown>): NotificationEvent =>
	eventSchema.parse(item);
export const readAnswer = (item: Record<string, unknown>): Interaction =>
	interactionSchema.parse(item);
