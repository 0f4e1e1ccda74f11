import type { Fact } from '../facts';
import type { EventType, TicketStatus } from '../model';
import { person } from '../people';
import { isRaised, readPriority } from '../priority';
import { isRecord, list, own, record, str, text } from '../read/paths';
import { plain, title } from '../read/text';
import { link, notAnEvent, type Source } from '../source';

const TYPES = new Map<string, EventType>([
	['create', 'ticket_created'],
	['acknowledge', 'status_update'],
	['unacknowledge', 'status_update'],
	['snooze', 'status_update'],
	['snoozeended', 'status_update'],
	['assignownership', 'ticket_assigned'],
	['takeownership', 'ticket_assigned'],
	['addteam', 'ticket_assigned'],
	['addrecipient', 'ticket_assigned'],
	['addresponder', 'ticket_assigned'],
	['addnote', 'ticket_comment'],
	['escalate', 'ticket_escalated'],
	['escalatenext', 'ticket_escalated'],
	['close', 'ticket_resolved'],
	['delete', 'ticket_closed'],
]);

const STATES = new Map<string, TicketStatus>([
	['create', 'new'],
	['acknowledge', 'in_progress'],
	['unacknowledge', 'assigned'],
	['snooze', 'pending'],
	['assignownership', 'assigned'],
	['takeownership', 'assigned'],
	['close', 'resolved'],
	['delete', 'closed'],
]);

function factOf(action: string, priority: unknown, old: unknown): Fact {
	if (action !== 'updatepriority') return { type: TYPES.get(action) ?? 'ticket_updated' };
	// Without the old one a change of priority cannot be told from a lowering.
	return {
		type: isRaised('opsgenie', old, priority) ? 'ticket_escalated' : 'ticket_updated',
		field: 'priority',
		from: str(old),
		to: str(priority),
	};
}

/** Opsgenie webhook integration; an `Escalate` body holds an id and no message. */
export const opsgenie: Source = {
	id: 'opsgenie',
	detect: ({ body }) =>
		text(body, 'action') !== undefined && text(body, 'alert.alertId') !== undefined,
	toDrafts({ body, baseUrl }) {
		const alert = record(body, 'alert');
		const ticketId = text(alert, 'alertId', 'alias', 'tinyId');
		if (ticketId === undefined)
			throw notAnEvent('opsgenie', ['alert.alertId', 'alert.alias', 'alert.tinyId']);
		const name = text(body, 'action') ?? '';
		const action = name.toLowerCase();
		const updated = text(alert, 'updatedAt');
		const actor = person({ login: own(alert, 'username') });
		const owner = action === 'takeownership' ? own(alert, 'username') : own(alert, 'owner');
		const note = plain(own(alert, 'note'));
		const old = text(alert, 'oldPriority', 'previousPriority');
		return [
			{
				eventId: updated && `opsgenie:${ticketId}:${name}:${updated}`,
				facts: [factOf(action, own(alert, 'priority'), old)],
				at: updated ?? own(alert, 'createdAt'),
				ticketId,
				content: {
					ticket_title: title(own(alert, 'message')),
					description: plain(own(alert, 'description')),
					...readPriority('opsgenie', own(alert, 'priority')),
					number: text(alert, 'tinyId'),
					status: STATES.get(action),
					url:
						link(text(alert, 'url')) ??
						(baseUrl && link(`${baseUrl}/alert/detail/${encodeURIComponent(ticketId)}/details`)),
					assignee: person({ login: owner }),
					group:
						text(alert, 'team') ??
						list(own(alert, 'teams'))
							.map((team) => (isRecord(team) ? text(team, 'name', 'id') : str(team)))
							.find(Boolean),
					comment: note === undefined ? undefined : { author: actor, text: note, public: false },
				},
				context: { actor, related_cis: [text(alert, 'entity')] },
			},
		];
	},
};
