import { eventSchema, type NotificationEvent } from '../../../core/events';
import { instant } from '../semantics/timetable';

/** `10:00:30` of the day on which these tests play, UTC. */
export const iso = (time: string): string => instant(time);
export const at = (time: string): number => Date.parse(iso(time));

/** About ticket T1, for ann. */
export const eventOf = (
	id: string,
	time: string,
	more: { event_type?: string; to?: string; ticket?: string } = {},
): NotificationEvent => {
	const { event_type = 'ticket_updated', to = 'ann', ticket = 'T1' } = more;
	return eventSchema.parse({
		event_id: id,
		event_type,
		timestamp: iso(time),
		source: 'test',
		target_users: [to],
		content: { ticket_id: ticket, ticket_title: ticket },
	});
};
