import type { IDataObject, INode } from 'n8n-workflow';
import { setClock } from '../kit/clock.ts';
import { delivery, event } from '../kit/data.ts';
import { at, outputsOf, pairsOf, runNode, type NodeRun } from '../kit/run.ts';
import { deadStore, freshStore, ledger, savePeople, savePolicy, storeNode } from '../kit/store.ts';

const gate = 'itsmAggregateSilence';
const comment = (content: IDataObject = {}, more: IDataObject = {}) =>
	delivery(more, event('ticket_comment', content));

const OUTPUTS = ['send', 'held', 'silenced'];

/** `<output> <reason>` per item, in the order of the outputs. */
async function decided(options: NodeRun): Promise<string[]> {
	const outputs = await outputsOf(gate, options);
	return outputs.flatMap((items, i) =>
		items.map((item) => `${OUTPUTS[i]} ${String(at(item, 'decision.reason'))}`),
	);
}

const MONDAY_NOON = '2027-03-01T12:00:00Z';
const person = (more: object) => ({
	user_id: 'john',
	notification_preferences: {
		channels: ['slack'],
		slack: { userid: 'U0JOHN', categories: ['all'] },
	},
	timezone: 'UTC',
	...more,
});
const OFFICE = { working_hours: { monday: [['13:00', '18:00']] } };
const NIGHT = { quiet_hours: { monday: [['11:00', '14:00']] } };
const BATCH = {
	notification_preferences: {
		channels: ['slack'],
		slack: { userid: 'U0JOHN', frequency: 'batch', batch_time: '14:00', categories: ['all'] },
	},
};

describe('timetable: Monday 12:00 UTC', () => {
	it.each<[string, object, IDataObject, string, string | undefined]>([
		['news', {}, delivery(), 'send send_now', undefined],
		['a comment waits 30 s for more', {}, comment(), 'held aggregated', '2027-03-01T12:00:30.000Z'],
		['an urgent comment', {}, comment({ priority: 'Critical' }), 'send urgent', undefined],
		[
			'before working hours',
			OFFICE,
			delivery(),
			'held outside_working_hours',
			'2027-03-01T13:00:00.000Z',
		],
		['quiet hours', NIGHT, delivery(), 'held quiet_hours', '2027-03-01T14:00:00.000Z'],
		[
			'urgent in quiet hours',
			NIGHT,
			delivery({}, event('ticket_assigned', { priority: 'High' })),
			'send urgent',
			undefined,
		],
		['a holiday', { holidays: ['2027-03-01'] }, delivery(), 'held holiday', undefined],
		['do not disturb', { do_not_disturb: true }, delivery(), 'held do_not_disturb', undefined],
		[
			'urgent in do not disturb',
			{ do_not_disturb: true },
			delivery({}, event('ticket_assigned', { priority: 'High' })),
			'held do_not_disturb',
			undefined,
		],
		[
			'mandatory in do not disturb',
			{ do_not_disturb: true },
			delivery({}, event('approval_requested')),
			'send mandatory',
			undefined,
		],
		['batch', BATCH, delivery(), 'held batch_scheduled', '2027-03-01T14:00:00.000Z'],
	])('%s', async (_name, document, item, expected, until) => {
		setClock(MONDAY_NOON);
		const credentials = freshStore();
		await savePeople(credentials, person(document));
		const outputs = await outputsOf(gate, { credentials, items: [item] });
		const found = outputs.flatMap((items, i) => items.map((one) => ({ i, one })));
		expect(found).toHaveLength(1);
		const [{ i, one }] = found;
		expect(`${OUTPUTS[i]} ${String(at(one, 'decision.reason'))}`).toBe(expected);
		if (until) expect(at(one, 'decision.until')).toBe(until);
	});

	it.each([
		['available', 'send send_now'],
		['focused', 'held focused'],
		['in_meeting', 'held in_meeting'],
		['dnd', 'held do_not_disturb'],
	])('presence %s', async (status, expected) => {
		setClock(MONDAY_NOON);
		const credentials = freshStore();
		await savePeople(credentials, person({}));
		await storeNode(credentials, 'presence', 'set', { userId: 'john', status });
		expect(await decided({ credentials, items: [delivery()] })).toEqual([expected]);
	});

	it('an administrator silences what matches', async () => {
		setClock(MONDAY_NOON);
		const credentials = freshStore();
		await storeNode(credentials, 'silence', 'create', {
			matchers: ['content.priority="Low"'],
			endsAt: '2027-03-01T15:00:00Z',
		});
		const items = [delivery({}, event('ticket_assigned', { priority: 'Low' })), delivery()];
		expect(await decided({ credentials, items })).toEqual([
			'send send_now',
			'held silenced_by_administrator',
		]);
	});
});

describe('settings of the node', () => {
	it.each<[string, IDataObject, IDataObject, string]>([
		['types', { aggregation: { types: 'ticket_assigned' } }, delivery(), 'held aggregated'],
		[
			'types: no longer comments',
			{ aggregation: { types: 'ticket_assigned' } },
			comment(),
			'send send_now',
		],
		['max items 1', { aggregation: { max_items: 1 } }, comment(), 'send window_full'],
		['recent limit 0', { aggregation: { recent_limit: 0 } }, delivery(), 'send send_now'],
		['drop', { silence: { silenceAction: 'drop' } }, delivery(), 'silenced do_not_disturb'],
		[
			'urgent passes dnd',
			{ silence: { urgent_passes: ['dnd'] } },
			delivery({}, event('ticket_assigned', { priority: 'High' })),
			'send urgent',
		],
	])('%s', async (name, parameters, item, expected) => {
		const credentials = freshStore();
		const dnd = /drop|dnd/.test(name);
		await savePeople(credentials, person(dnd ? { do_not_disturb: true } : {}));
		expect(await decided({ credentials, parameters, items: [item] })).toEqual([expected]);
	});

	it('group wait moves the end of the window', async () => {
		setClock(MONDAY_NOON);
		const [, [held]] = await outputsOf(gate, {
			credentials: freshStore(),
			parameters: { aggregation: { group_wait: '2m' } },
			items: [comment()],
		});
		expect(at(held, 'decision.until')).toBe('2027-03-01T12:02:00.000Z');
	});

	it('an empty text is no setting', async () => {
		const parameters = { aggregation: { group_wait: '', types: '', group_by: '' } };
		expect(await decided({ credentials: freshStore(), parameters, items: [comment()] })).toEqual([
			'held aggregated',
		]);
	});

	it.each([
		['a duration', { group_wait: 'soon' }],
		['a number', { max_items: 0 }],
		['a path', { group_by: 'ticket', recent_window: '-5m' }],
	])('%s that is invalid lets it through, and says so', async (_name, aggregation) => {
		const run = { credentials: freshStore(), parameters: { aggregation }, items: [comment()] };
		expect(await decided(run)).toEqual(['send aggregation_settings_invalid']);
	});

	it('what travels with the held: the node that holds decides, whatever the store says later', async () => {
		setClock(MONDAY_NOON);
		const credentials = freshStore();
		const parameters = { aggregation: { types: 'ticket_assigned', group_wait: '10m' } };
		await outputsOf(gate, { credentials, parameters, items: [delivery()] });
		await savePolicy(credentials, { aggregation: { group_wait: '1s' } });
		const sameTicket = delivery(
			{ channel: 'slack' },
			event('ticket_assigned', { ticket_id: 'INC-9' }),
		);
		const [, [held]] = await outputsOf(gate, { credentials, parameters, items: [sameTicket] });
		expect(at(held, 'decision.until')).toBe('2027-03-01T12:10:00.000Z');
	});
});

describe('what stands in the store', () => {
	it('a held one, to be read by the Notification Store node', async () => {
		const credentials = freshStore();
		const item = comment({ ticket_id: 'INC-77' });
		await outputsOf(gate, { credentials, items: [item] });
		expect(await ledger(credentials, { ticket_id: 'INC-77' })).toMatchObject([
			{
				delivery_id: item.delivery_id,
				stage: 'held',
				status: 'pending',
				reason: 'aggregated',
				test: false,
				event_type: 'ticket_comment',
			},
		]);
	});

	it('the same items again are held once', async () => {
		const credentials = freshStore();
		const items = [comment(), comment()];
		for (const run of [1, 2, 3]) {
			expect(await decided({ credentials, items, executionId: `e${run}` })).toEqual([
				'held aggregated',
				'held aggregated',
			]);
		}
		expect(await ledger(credentials)).toHaveLength(2);
	});

	it('the same item twice in one run is held once', async () => {
		const credentials = freshStore();
		const item = comment();
		await decided({ credentials, items: [item, item] });
		expect(await ledger(credentials)).toHaveLength(1);
	});

	it('a test run writes test rows only, and leaves live groups alone', async () => {
		const credentials = freshStore();
		const item = comment();
		await decided({ credentials, items: [item], mode: 'manual' });
		const event_id = at(item, 'event.event_id');
		expect(await ledger(credentials)).toEqual([]);
		expect(await ledger(credentials, { include_test: true })).toMatchObject([
			{ event_id, test: true, stage: 'held' },
		]);
		expect(await decided({ credentials, items: [item] })).toEqual(['held aggregated']);
		expect(await ledger(credentials)).toHaveLength(1);
	});
});

it('pairs what goes and what is held with their inputs', async () => {
	const items = [comment(), delivery(), comment(), delivery()];
	const result = await runNode(gate, { credentials: freshStore(), items });
	expect(pairsOf(result, 0)).toEqual([1, 3]);
	expect(pairsOf(result, 1)).toEqual([0, 2]);
});

it('a store that cannot be opened is an error with a fix, without the password', async () => {
	const result = await runNode(gate, {
		credentials: deadStore(),
		items: [delivery()],
		settings: { onError: 'stopWorkflow' } satisfies Partial<INode>,
	});
	const error = result.error() as Error & { description?: string };
	expect(error.message).toBe('The store cannot be opened');
	expect(error.description).toContain('ECONNREFUSED');
	expect(JSON.stringify(result.run)).not.toContain('pg-pass-4711');
});

it('the same delivery twice in one run: each output item descends from an item of its own', async () => {
	const [now, later] = [delivery(), comment()];
	const items = [now, later, now, later];
	const result = await runNode(gate, { credentials: freshStore(), items });
	expect([0, 1, 2].map((output) => pairsOf(result, output))).toEqual([[0], [1], [2, 3]]);
});

it.each(['max_items', 'recent_limit'])(
	'%s as text, as a variable of n8n is, counts',
	async (name) => {
		const parameters = { aggregation: { [name]: '={{ "7" }}' } };
		const run = { credentials: freshStore(), items: [comment()], parameters };
		expect(await decided(run)).toEqual(['held aggregated']);
	},
);
