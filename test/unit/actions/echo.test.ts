import { isEcho, markEcho, type EchoMark } from '../../../core/actions/index';
import { observe } from '../../../core/engine/observe';
import { eventSchema } from '../../../core/events/model';
import { parsePolicy } from '../../../core/preferences/policy';
import { resolveEvents } from '../../../core/preferences/resolve';
import { createMemoryStore } from '../../../core/store/index';

const START = Date.parse('2027-03-13T09:00:00Z');

const event = (more: { type?: string; actor?: unknown; content?: object; changes?: object[] }) =>
	eventSchema.parse({
		event_id: 'e1',
		event_type: more.type ?? 'ticket_assigned',
		timestamp: new Date(START).toISOString(),
		source: 'serviceNow',
		content: {
			ticket_id: 'T1',
			ticket_title: 'Disk full',
			status: 'in_progress',
			assignee: { login: 'john.doe' },
			requester: { login: 'emma' },
			...more.content,
		},
		context: more.actor === undefined ? {} : { actor: more.actor },
		changes: more.changes,
	});

const mark: EchoMark = {
	actor: 'user-john',
	action: 'acknowledge',
	account: 'itsm-bot',
	at: new Date(START).toISOString(),
	expires_at: new Date(START + 300_000).toISOString(),
	fields: { status: 'in_progress', assignee: ['s1', 'john.doe'], comment: 'John: on it' },
};
const bot = { login: 'ITSM-bot' };

it.each([
	['our account, our assignee', { actor: bot }, true],
	['another person did it', { actor: { login: 'emma' } }, false],
	['nobody named, our values', {}, true],
	['another assignee', { actor: bot, content: { assignee: 'wei' } }, false],
	['our status', { type: 'status_update', actor: bot }, true],
	[
		'another status',
		{ type: 'ticket_resolved', actor: bot, content: { status: 'resolved' } },
		false,
	],
	[
		'our comment',
		{ type: 'ticket_comment', actor: bot, content: { comment: { text: 'John: \r\non it' } } },
		true,
	],
	[
		'another comment',
		{ type: 'ticket_comment', actor: bot, content: { comment: { text: 'Hello' } } },
		false,
	],
	['a field that we never write', { actor: bot, changes: [{ field: 'due' }] }, false],
	['a raise that we did not make', { actor: bot, changes: [{ field: 'priority' }] }, false],
	['an update without news by us', { type: 'ticket_updated', actor: bot }, true],
	['an update without news by nobody', { type: 'ticket_updated' }, false],
	['an SLA breach', { type: 'sla_breached', actor: bot }, false],
])('%s: %s', (_name, given, expected) => {
	expect(isEcho(event(given as never), mark)).toBe(expected);
});

const person = (user_id: string, username: string) => ({
	user_id,
	updated_at: new Date(START).toISOString(),
	document: {
		user_id,
		username,
		notification_preferences: {
			channels: ['email'],
			email: { address: `${username}@example.test`, categories: ['all'] },
		},
	},
});

async function told(at: number, given = event({ actor: bot })): Promise<string[]> {
	const store = createMemoryStore();
	await store.preferences.put([person('user-john', 'john.doe'), person('user-emma', 'emma')]);
	const { actor, action, account, fields } = mark;
	await markEcho(store, 'serviceNow:T1', { actor, action, account, fields }, START);
	const policy = parsePolicy({
		routing: { recipients: { ticket_assigned: ['assignee', 'requester'] } },
	});
	const read = await observe(store, [given], policy, at);
	const { deliveries } = await resolveEvents(read, {
		store,
		policy,
		now: new Date(at),
		knownChannels: ['email'],
	});
	return deliveries.map((d) => d.recipient.user_id).sort();
}

it('the person who pressed is not told of it by the webhook; the others are', async () => {
	expect(await told(START + 1000)).toEqual(['user-emma']);
});

it('after five minutes the mark has run out', async () => {
	expect(await told(START + 299_999)).toEqual(['user-emma']);
	expect(await told(START + 300_000)).toEqual(['user-emma', 'user-john']);
});

it('a change by somebody else reaches both', async () => {
	expect(await told(START + 1000, event({ actor: 'wei' }))).toEqual(['user-emma', 'user-john']);
});
