import type { IDataObject } from 'n8n-workflow';
import { setClock } from '../kit/clock.ts';
import { delivery, event } from '../kit/data.ts';
import { outputsOf, runNode } from '../kit/run.ts';
import { freshStore, storeNode } from '../kit/store.ts';
import { JOHN } from '../kit/data.ts';

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('policy', () => {
	it('get shows every default before anything is saved', async () => {
		expect(await storeNode(freshStore(), 'policy', 'get')).toMatchObject([
			{
				policy_id: 'default',
				saved: {},
				policy: { aggregation: { group_wait: '30s' }, silence: { action: 'defer' } },
			},
		]);
	});

	it('update replaces the whole: what is left out has its default again', async () => {
		const credentials = freshStore();
		const update = (policy: object) =>
			storeNode(credentials, 'policy', 'update', { policy: JSON.stringify(policy) });
		await update({ aggregation: { group_wait: '1m' }, silence: { action: 'drop' } });
		await update({ aggregation: { group_wait: '2m' } });
		expect(await storeNode(credentials, 'policy', 'get')).toMatchObject([
			{
				saved: { aggregation: { group_wait: '2m' } },
				policy: { aggregation: { group_wait: '2m', max_items: 100 }, silence: { action: 'defer' } },
			},
		]);
	});

	it.each([
		['a duration that is none', { aggregation: { group_wait: 'soon' } }, 'aggregation.group_wait'],
		['a section that is none', { agregation: {} }, 'agregation'],
		[
			'a role that is none',
			{ routing: { recipients: { ticket_closed: ['boss'] } } },
			'routing.recipients',
		],
		['a list', [], '"Policy" must be an object'],
	])('%s is refused, and the old one stays', async (_name, policy, field) => {
		const credentials = freshStore();
		const parameters = { resource: 'policy', operation: 'update', policy: JSON.stringify(policy) };
		const result = await runNode('itsmNotificationStore', { credentials, parameters });
		expect(result.error()?.message).toContain(field);
		expect((result.error() as { description?: string }).description).toBeTruthy();
		expect(await storeNode(credentials, 'policy', 'get')).toMatchObject([{ saved: {} }]);
	});
});

describe('presence', () => {
	const SET = { resource: 'presence', operation: 'set', userId: 'john', status: 'dnd' };

	it('is available until it is set', async () => {
		const credentials = freshStore();
		const get = () => storeNode(credentials, 'presence', 'get', { userId: 'john' });
		expect(await get()).toEqual([{ user_id: 'john', status: 'available' }]);
		const until = inAnHour();
		await storeNode(credentials, 'presence', 'set', {
			userId: 'john',
			status: 'in_meeting',
			until,
		});
		expect(await get()).toMatchObject([{ user_id: 'john', status: 'in_meeting', until }]);
		await storeNode(credentials, 'presence', 'set', { userId: 'john', status: 'available' });
		expect(await get()).toMatchObject([{ status: 'available', until: null }]);
	});

	it('is available again once its end has come', async () => {
		const credentials = freshStore();
		setClock('2027-03-01T12:00:00Z');
		const until = '2027-03-01T13:00:00.000Z';
		await storeNode(credentials, 'presence', 'set', { userId: 'john', status: 'dnd', until });
		const get = () => storeNode(credentials, 'presence', 'get', { userId: 'john' });
		setClock('2027-03-01T12:59:59Z');
		expect(await get()).toMatchObject([{ status: 'dnd', until }]);
		setClock(until);
		expect(await get()).toMatchObject([{ user_id: 'john', status: 'available' }]);
	});

	it.each([
		['Asia/Shanghai', '2099-03-01T10:00:00.000Z'],
		['America/New_York', '2099-03-01T23:00:00.000Z'],
	])('a time without a zone is of the workflow: %s', async (timezone, until) => {
		const result = await runNode('itsmNotificationStore', {
			credentials: freshStore(),
			parameters: { ...SET, until: '2099-03-01T18:00:00' },
			timezone,
		});
		expect(result.json('Node')).toMatchObject([{ until }]);
	});

	it('an end that is no time is an error that names it', async () => {
		const parameters = { ...SET, until: 'soon' };
		const result = await runNode('itsmNotificationStore', {
			credentials: freshStore(),
			parameters,
		});
		expect(result.error()?.message).toBe('"Until" is no time: soon [item 0]');
	});
});

describe('silence', () => {
	const matchers = ['content.priority="Low"'];
	const create = (credentials: ReturnType<typeof freshStore>, more: IDataObject = {}) =>
		storeNode(credentials, 'silence', 'create', {
			matchers,
			endsAt: inAnHour(),
			comment: 'CHG1',
			options: { author: 'emma' },
			...more,
		});

	it('create, get many, end; an ended one never comes back', async () => {
		const credentials = freshStore();
		const [made] = await create(credentials);
		expect(made).toMatchObject({
			id: expect.any(String),
			matchers,
			author: 'emma',
			comment: 'CHG1',
		});
		expect(await storeNode(credentials, 'silence', 'getAll')).toMatchObject([{ id: made.id }]);
		const end = { silenceId: made.id as string };
		expect(await storeNode(credentials, 'silence', 'end', end)).toEqual([
			{ id: made.id, ended: true },
		]);
		expect(await storeNode(credentials, 'silence', 'getAll')).toMatchObject([
			{ id: made.id, ended_at: expect.any(String) },
		]);
		await expect(storeNode(credentials, 'silence', 'end', end)).rejects.toThrow(
			/no running silence/,
		);
	});

	it('ending it lets go what it held', async () => {
		const credentials = freshStore();
		const [made] = await create(credentials);
		const low = (id: string) =>
			delivery({}, event('ticket_assigned', { priority: 'Low', ticket_id: id }));
		const gate = (item: IDataObject) =>
			outputsOf('itsmAggregateSilence', { credentials, items: [item] });
		expect((await gate(low('A')))[1]).toHaveLength(1);
		await storeNode(credentials, 'silence', 'end', { silenceId: made.id as string });
		expect((await gate(low('B')))[0]).toHaveLength(1);
	});

	it('takes one matcher as a text, as an expression gives it', async () => {
		const credentials = freshStore();
		expect(await create(credentials, { matchers: matchers[0] })).toMatchObject([{ matchers }]);
	});

	it.each<[string, IDataObject, RegExp]>([
		['what is no text', { matchers: [{ path: 'x' }] }, /matcher .*is not a text/i],
		['no matcher', { matchers: [] }, /match every event/],
		['one that matches everything', { matchers: ['content.priority=~".*"'] }, /confirm|every/i],
		['one that cannot be read', { matchers: ['priority is low'] }, /matcher/i],
		[
			'a regular expression that is none',
			{ matchers: ['content.priority=~"("'] },
			/matcher|expression/i,
		],
		['an end before the start', { endsAt: '2020-01-01T00:00:00Z' }, /end/i],
		['an end that is no time', { endsAt: 'soon' }, /end/i],
		['no end', { endsAt: '' }, /end/i],
	])('%s is refused', async (_name, more, message) => {
		await expect(create(freshStore(), more)).rejects.toThrow(message);
	});

	it('one that matches everything, confirmed, is made', async () => {
		const more = { matchers: ['content.priority=~".*"'], options: { confirmed: true } };
		expect(await create(freshStore(), more)).toHaveLength(1);
	});
});

describe('the node itself', () => {
	it('Continue On Fail: a bad item says why, the others are done', async () => {
		const result = await runNode('itsmNotificationStore', {
			credentials: freshStore(),
			parameters: { resource: 'preference', operation: 'upsert', document: '={{ $json }}' },
			items: [JOHN as unknown as IDataObject, { nobody: 1 }],
			settings: { continueOnFail: true },
		});
		expect(result.json('Node')).toMatchObject([
			{ user_id: 'john', saved: true },
			{
				error: expect.stringContaining('user_id'),
				details: { code: 'invalid_preferences', field: 'user_id' },
			},
		]);
	});

	it('an operation that is none', async () => {
		const parameters = { resource: 'policy', operation: 'explode' };
		const result = await runNode('itsmNotificationStore', {
			credentials: freshStore(),
			parameters,
		});
		expect(result.error()?.message).toContain('There is no operation "explode" of "policy"');
	});
});
