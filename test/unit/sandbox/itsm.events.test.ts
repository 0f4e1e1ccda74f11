import { toEvents, verifySource } from '../../../core/events';
import { GROUPS, highTicket, ITSM_PEOPLE, WEI } from '../../../sandbox/data/index.ts';
import { createTickets } from '../../../sandbox/itsm/tickets.ts';
import type { Patch } from '../../../sandbox/itsm/tickets.ts';
import { sign, webhookBody } from '../../../sandbox/itsm/webhook.ts';

const store = createTickets(ITSM_PEOPLE, GROUPS);
const created = store.create(highTicket(), 'anna.keller');

/** The simulator and the source that reads it agree on what happened. */
it.each<[string, Patch | undefined, string, string]>([
	['a new ticket', undefined, 'ticket_created', 'High'],
	['an assignment', { assigned_to: WEI.sys_id, state: '2' }, 'ticket_assigned', 'High'],
	['a comment', { comments: '处理中' }, 'ticket_comment', 'High'],
	['a raised priority', { impact: '1' }, 'ticket_escalated', 'Critical'],
	[
		'a resolution',
		{ state: '6', close_code: 'Solution provided', close_notes: 'done' },
		'ticket_resolved',
		'Critical',
	],
	['a reopening', { state: '2' }, 'ticket_reopened', 'Critical'],
])('%s is read as what it is', (_name, patch, type, priority) => {
	const { ticket, change } = patch
		? store.patch(created.ticket.sys_id, patch, 'john.doe')
		: created;
	const body = webhookBody(store, ticket, change!, 'http://itsm.test');
	const text = JSON.stringify(body);
	const now = new Date();
	const timestamp = String(Math.floor(now.getTime() / 1000));
	const request = {
		body,
		rawBody: Buffer.from(text),
		headers: {
			'x-servicenow-timestamp': timestamp,
			'x-servicenow-signature': sign('secret', timestamp, text),
		},
	};
	expect(toEvents('auto', request)).toMatchObject([
		{ event_type: type, source: 'serviceNow', content: { priority, number: ticket.number } },
	]);
	expect(verifySource('serviceNow', 'secret', request, now)).toEqual({ ok: true });
	expect(verifySource('serviceNow', 'other', request, now).ok).toBe(false);
});
