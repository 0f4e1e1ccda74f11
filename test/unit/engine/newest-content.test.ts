import { parseDelivery } from '../../../core/events';
import { parseEvent } from '../../../core/events/validate';
import { withNewestContent } from '../../../core/gate/collapse';

const event = (id: string, at: string, content: Record<string, unknown> = {}) =>
	parseEvent({
		event_id: id,
		event_type: 'ticket_comment',
		timestamp: `2027-03-10T${at}:00Z`,
		source: 'test',
		content: { ticket_id: 'T1', ticket_title: `Title ${id}`, priority: 'Medium', ...content },
	});
const delivery = parseDelivery({
	delivery_id: 'd1',
	event: event('e1', '10:00', { status: 'assigned' }),
	recipient: { user_id: 'ann' },
	channel: 'slack',
	address: { userid: 'U1' },
});
const ticket = (status: string | null) => ({
	ticket_key: 'test|T1',
	open: true,
	status,
	urgent: false,
	event: event('e3', '11:00'),
	updated_at: '2027-03-10T11:00:00Z',
	parent_of: null,
	acknowledged_by: null,
	acknowledged_at: null,
});

describe('a message that has waited shows its ticket as it is', () => {
	test('in the state that an event in between gave it, though the last one names none', () => {
		const { content } = withNewestContent(delivery, ticket('in_progress')).event;
		expect(content.status).toBe('in_progress');
		expect(content.ticket_title).toBe('Title e3');
	});

	test('whom it was given to is its own news: two such messages must not read alike', () => {
		const given = { ...ticket(null), event: event('e3', '11:00', { assignee: 'bob' }) };
		const ann = { ...delivery, event: event('e1', '10:00', { assignee: 'ann' }) };
		expect(withNewestContent(ann, given).event.content.assignee).toBe('ann');
	});

	test('in no known state where it was reopened without one', () => {
		expect(withNewestContent(delivery, ticket(null)).event.content.status).toBeNull();
	});
});
