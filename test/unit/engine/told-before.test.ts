import { expect, it } from '@jest/globals';

import { observe } from '../../../core/engine/observe';
import { toEvents, type NotificationEvent, type SourceId } from '../../../core/events';
import { parsePolicy } from '../../../core/preferences/policy';
import { resolveEvents } from '../../../core/preferences/resolve';
import { createMemoryStore } from '../../../core/store/index';
import { opsgenie, pagerDuty } from '../../fixtures/events/alarms';
import { bmc, sdp } from '../../fixtures/events/cloud-desks';
import { comment, webhook } from '../../fixtures/events/jira';
import { znuny } from '../../fixtures/events/open-desks';

const NOW = Date.parse('2026-03-01T12:00:00Z');

const eventOf = (source: SourceId, body: unknown, query = {}): NotificationEvent =>
	toEvents(source, { body, headers: {}, query }, { now: new Date(NOW) })[0];

/** What the last of several events of one ticket reads as, each observed in a call of its own. */
async function lastOf(events: NotificationEvent[]): Promise<NotificationEvent> {
	const store = createMemoryStore();
	let read: NotificationEvent[] = [];
	for (const event of events) read = await observe(store, [event], parsePolicy({}), NOW);
	return read[0];
}

const state = (State: string, StateType: string) =>
	eventOf('znuny', znuny({ State, StateType }), { event: 'TicketStateUpdate' });

it.each<[string, NotificationEvent[]]>([
	[
		'BMC',
		[eventOf('bmcHelix', bmc('update', { Status: '4' })), eventOf('bmcHelix', bmc('update'))],
	],
	[
		'ServiceDesk Plus',
		[
			eventOf('manageEngine', sdp('edited', { status: { name: 'Closed' } })),
			eventOf('manageEngine', sdp('edited')),
		],
	],
	['Znuny', [state('closed successful', 'closed'), state('open', 'open')]],
])('%s names no state before: reopened is told by the stored one', async (_name, events) => {
	expect((await lastOf(events)).event_type).toBe('ticket_reopened');
});

it('BMC: a resolved incident that is only edited is not resolved again', async () => {
	const resolved = () => eventOf('bmcHelix', bmc('update', { Status: '4' }));
	expect((await lastOf([resolved(), resolved()])).event_type).toBe('ticket_updated');
});

const rated = (summary: string) =>
	eventOf('pagerDuty', pagerDuty('incident.priority_updated', { priority: { summary } }));

it.each<[string, NotificationEvent[], string]>([
	['PagerDuty, raised', [rated('P3'), rated('P1')], 'ticket_escalated'],
	['PagerDuty, lowered', [rated('P1'), rated('P3')], 'ticket_updated'],
	['PagerDuty, the first that is heard', [rated('P1')], 'ticket_updated'],
	[
		'Opsgenie, raised',
		['P4', 'P1'].map((priority) => eventOf('opsgenie', opsgenie('UpdatePriority', { priority }))),
		'ticket_escalated',
	],
])('the priority before is told by the stored one: %s', async (_name, events, type) => {
	expect((await lastOf(events)).event_type).toBe(type);
});

it('one comment that Jira sends twice is one message for each person, who is named in either', async () => {
	const policy = parsePolicy({});
	const store = createMemoryStore();
	const people = ['mia@acme.example', 'emily@acme.example'].map((address) => ({
		user_id: address.split('@')[0],
		updated_at: new Date(NOW).toISOString(),
		document: {
			user_id: address.split('@')[0],
			notification_preferences: { channels: ['email'], email: { address, categories: ['all'] } },
		},
	}));
	await store.preferences.put(people);
	const idsOf = async (body: unknown) => {
		const { deliveries } = await resolveEvents([eventOf('jira', body)], {
			store,
			policy,
			now: new Date(NOW),
			knownChannels: ['email'],
		});
		return Object.fromEntries(deliveries.map((d) => [d.recipient.user_id, d.delivery_id]));
	};
	const reporter = { accountId: 'e1', displayName: 'Emily', emailAddress: 'emily@acme.example' };
	const whole = await idsOf(webhook('jira:issue_updated', { comment: comment() }, { reporter }));
	const cut = await idsOf(webhook('comment_created', { comment: comment() }, { reporter: null }));
	expect(Object.keys(whole).sort()).toEqual(['emily', 'mia']);
	expect(cut).toEqual({ mia: whole.mia });
	const other = await idsOf(webhook('comment_created', { comment: comment({ id: '12001' }) }));
	expect(other.mia).not.toBe(whole.mia);
});
