// What expressions may give to the Notification Store: read as what is meant, or refused by name.
import type { IDataObject } from 'n8n-workflow';
import { JOHN } from '../kit/data.ts';
import { pairsOf, runNode } from '../kit/run.ts';
import { freshStore, savePeople, storeNode } from '../kit/store.ts';
import { refusal } from './refusal.ts';

const NOT_TEXT = ['={{ ["a", "b"] }}', '={{ ({ a: 1 }) }}', '={{ $now }}', '={{ NaN }}'];

it.each<[string, string, IDataObject, string, string[]]>([
	['preference', 'get', {}, 'userId', NOT_TEXT],
	['preference', 'delete', {}, 'userId', NOT_TEXT],
	['preference', 'getAll', {}, 'search', NOT_TEXT],
	['presence', 'get', {}, 'userId', [...NOT_TEXT, '={{ null }}', '={{ undefined }}', '={{ " " }}']],
	['presence', 'set', { status: 'dnd' }, 'userId', [...NOT_TEXT, '={{ null }}', '={{ " " }}']],
	['silence', 'end', {}, 'silenceId', NOT_TEXT],
	['template', 'get', {}, 'templateId', NOT_TEXT],
	['template', 'delete', { templateId: 'x' }, 'language', NOT_TEXT],
	['delivery', 'explain', {}, 'ticketId', NOT_TEXT],
	['inbox', 'getAll', {}, 'userId', [...NOT_TEXT, '={{ null }}', '={{ undefined }}', '={{ " " }}']],
	['inbox', 'markRead', { userId: 'john' }, 'deliveryIds', ['={{ [{ a: 1 }] }}']],
])('%s %s: %j, and %s is no text', async (resource, operation, more, name, values) => {
	for (const value of values) {
		const said = await refusal(resource, operation, { ...more, [name]: value });
		expect(said.message).toMatch(/^("[A-Z]|No user ID)/);
		expect(said.fix).toContain('Look at what');
	}
});

it.each(['channel', 'event_id', 'ticket_id', 'user_id'])(
	'delivery getAll: a filter %s that finds nothing does not ask for everything',
	async (name) => {
		for (const value of ['={{ null }}', '={{ undefined }}', '={{ [] }}', '={{ ({ a: 1 }) }}'])
			await refusal('delivery', 'getAll', { filters: { [name]: value } });
	},
);

it.each(['preference', 'delivery', 'inbox', 'silence', 'template'])(
	'%s getAll: a limit that is none is refused by name',
	async (resource) => {
		for (const limit of ['={{ "many" }}', '={{ -1 }}', '={{ NaN }}', '={{ [5] }}', '={{ $now }}']) {
			const said = await refusal(resource, 'getAll', { userId: 'john', limit });
			expect(said.message).toContain('"Limit"');
			expect(said.fix).toContain('"Limit"');
		}
	},
);

it.each([
	['text', '={{ "1" }}', 1],
	['nothing: the default', '={{ undefined }}', 2],
	['half', '={{ 1.5 }}', 1],
	['very many', '={{ 1e18 }}', 2],
	['none', '={{ 0 }}', 0],
])('a limit given as %s: %s gives %d of two people', async (_name, limit, count) => {
	const credentials = freshStore();
	await savePeople(credentials, JOHN, { ...JOHN, user_id: 'jane', username: 'jane' });
	expect(await storeNode(credentials, 'preference', 'getAll', { limit })).toHaveLength(count);
});

it('a switch that comes as the text "false" is off', async () => {
	const off = { returnAll: '={{ "false" }}', limit: 1 };
	const credentials = freshStore();
	await savePeople(credentials, JOHN, { ...JOHN, user_id: 'jane', username: 'jane' });
	expect(await storeNode(credentials, 'preference', 'getAll', off)).toHaveLength(1);
	expect(
		await storeNode(credentials, 'template', 'getAll', { includeShipped: '={{ "false" }}' }),
	).toEqual([]);
});

it('a status that a calendar names otherwise is refused: it would count as available', async () => {
	for (const status of ['busy', 'DND', '={{ null }}', '={{ 5 }}']) {
		const said = await refusal('presence', 'set', { userId: 'john', status });
		expect(said.message).toContain('available, dnd, focused, in_meeting');
	}
});

it('a user id that is a number is the same person as the text', async () => {
	const credentials = freshStore();
	await storeNode(credentials, 'presence', 'set', { userId: '={{ 5 }}', status: 'dnd' });
	expect(await storeNode(credentials, 'presence', 'get', { userId: '5' })).toMatchObject([
		{ user_id: '5', status: 'dnd' },
	]);
});

it.each([
	['seconds', '={{ 1800000000 }}'],
	['a switch', '={{ true }}'],
	['an empty list', '={{ [] }}'],
	['a small number', '={{ 5 }}'],
])('a time given as %s is not taken for 1970', async (_name, until) => {
	const said = await refusal('presence', 'set', { userId: 'john', status: 'dnd', until });
	expect(said.message).toContain('"Until" is no time');
});

it('until the end of the year 9999 in New York: it holds, and does not count as past', async () => {
	const credentials = freshStore();
	const run = {
		credentials,
		timezone: 'America/New_York',
		parameters: {
			resource: 'presence',
			operation: 'set',
			userId: 'john',
			status: 'dnd',
			until: '9999-12-31T23:59:59',
		},
	};
	expect((await runNode('itsmNotificationStore', run)).json('Node')).toMatchObject([
		{ until: '9999-12-31T23:59:59.999Z' },
	]);
});

it('mark read: an expression that finds nothing marks nothing, an empty field all', async () => {
	const credentials = freshStore();
	const message = { title: 'T', text: 'T' };
	const items = [1, 2].map((n) => ({
		delivery_id: `d_${n}`,
		event: {
			event_id: `e_${n}`,
			event_type: 'ticket_assigned',
			timestamp: '2027-03-01T10:00:00Z',
			source: 'test',
			content: { ticket_id: `T-${n}`, ticket_title: 'T', priority: 'Low' },
		},
		recipient: { user_id: 'john' },
		channel: 'in_app',
		address: {},
		message,
	}));
	const sent = await runNode('itsmInAppSender', { credentials, items });
	expect(sent.json('Node')).toHaveLength(2);
	const mark = (deliveryIds: string) =>
		storeNode(credentials, 'inbox', 'markRead', { userId: 'john', deliveryIds });
	for (const nothing of ['={{ null }}', '={{ undefined }}', '={{ [] }}'])
		expect(await mark(nothing)).toMatchObject([{ read: 0 }]);
	expect(await mark('={{ ["d_1"] }}')).toMatchObject([{ read: 1 }]);
	expect(await mark('')).toMatchObject([{ read: 1 }]);
});

it('continue on fail: the other items go on, each with its own origin', async () => {
	const result = await runNode('itsmNotificationStore', {
		credentials: freshStore(),
		parameters: {
			resource: 'presence',
			operation: 'set',
			userId: '={{ $json.id }}',
			status: 'dnd',
		},
		items: [{ id: 'a' }, { id: null }, { id: { a: 1 } }, { id: 'b' }],
		settings: { onError: 'continueErrorOutput' },
	});
	expect(result.json('Node')).toMatchObject([{ user_id: 'a' }, { user_id: 'b' }]);
	expect(pairsOf(result)).toEqual([0, 3]);
	expect(result.json('Node', 1)).toMatchObject([
		{ details: { code: 'invalid_parameter', field: 'User ID' } },
		{ details: { code: 'invalid_parameter', field: 'User ID' } },
	]);
	expect(pairsOf(result, 1)).toEqual([1, 2]);
});
