import type { IDataObject } from 'n8n-workflow';
import { JOHN, WEI } from '../kit/data.ts';
import { runNode } from '../kit/run.ts';
import { freshStore, savePeople, storeNode } from '../kit/store.ts';

type Failed = Error & { description?: string; context?: { itemIndex?: number } };

/** The error of one operation. */
async function refusal(
	resource: string,
	operation: string,
	parameters: IDataObject,
	credentials = freshStore(),
) {
	const result = await runNode('itsmNotificationStore', {
		credentials,
		parameters: { resource, operation, ...parameters },
		items: [{}],
	});
	const error = result.error() as Failed;
	expect(error?.name).toBe('NodeOperationError');
	expect(error.message).toContain('[item 0]');
	return { message: error.message, fix: error.description ?? '' };
}

const template = (title: string, more: object = {}) => ({
	template_id: 'ticket_assigned',
	channels: ['slack'],
	templates: { card: { title } },
	...more,
});

describe('preference', () => {
	it('create, get, update, get many, search, delete', async () => {
		const credentials = freshStore();
		const call = (operation: string, parameters: IDataObject = {}) =>
			storeNode(credentials, 'preference', operation, parameters);
		expect(await call('upsert', { document: JSON.stringify(JOHN) })).toMatchObject([
			{ user_id: 'john', saved: true, document: { username: 'john.doe' } },
		]);
		expect(await call('get', { userId: 'john' })).toMatchObject([JOHN]);
		await call('upsert', { document: JSON.stringify({ ...JOHN, language: 'zh-CN' }) });
		expect(await call('get', { userId: 'john' })).toMatchObject([{ language: 'zh-CN' }]);
		await call('upsert', { document: JSON.stringify(WEI) });
		expect((await call('getAll')).map((d) => d.user_id).sort()).toEqual(['john', 'wei']);
		expect((await call('getAll', { search: 'ZHANG' })).map((d) => d.user_id)).toEqual(['wei']);
		expect((await call('getAll', { search: 'john@example' })).map((d) => d.user_id)).toEqual([
			'john',
		]);
		expect(await call('delete', { userId: 'john' })).toEqual([{ deleted: true }]);
		expect((await call('getAll')).map((d) => d.user_id)).toEqual(['wei']);
	});

	it('the item itself is the document by default', async () => {
		const credentials = freshStore();
		const items = [JOHN, WEI] as unknown as IDataObject[];
		const document = '={{ $json }}';
		const saved = await storeNode(credentials, 'preference', 'upsert', { document }, items);
		expect(saved.map((row) => row.user_id)).toEqual(['john', 'wei']);
	});

	it.each<[string, string, IDataObject, RegExp, RegExp]>([
		['no user_id', 'upsert', { document: '{}' }, /user_id/, /Correct user_id/],
		[
			'a zone that is none',
			'upsert',
			{ document: JSON.stringify({ ...JOHN, timezone: 'CST' }) },
			/timezone/,
			/Correct timezone/,
		],
		[
			'batch without times',
			'upsert',
			{ document: JSON.stringify({ user_id: 'x', frequency: 'batch' }) },
			/batch_time/,
			/Correct/,
		],
		[
			'no JSON',
			'upsert',
			{ document: '{' },
			/"Document" is not JSON/,
			/Write "Document" as a JSON document/,
		],
		['a list where one is meant', 'upsert', { document: '[]' }, /Preferences/, /./],
		[
			'get: nobody of that name',
			'get',
			{ userId: 'ghost' },
			/no preference document of "ghost"/,
			/Get Many/,
		],
		[
			'delete: nobody of that name',
			'delete',
			{ userId: 'ghost' },
			/no preference document of "ghost"/,
			/Get Many/,
		],
		[
			'import: one of two is broken',
			'import',
			{ documents: JSON.stringify([JOHN, { user_id: '' }]) },
			/user_id/,
			/Correct user_id/,
		],
	])('%s', async (_name, operation, parameters, message, fix) => {
		const error = await refusal('preference', operation, parameters);
		expect(error.message).toMatch(message);
		expect(error.fix).toMatch(fix);
	});

	it('import saves all or none', async () => {
		const credentials = freshStore();
		await refusal(
			'preference',
			'import',
			{ documents: JSON.stringify([JOHN, { user_id: '' }]) },
			credentials,
		);
		expect(await storeNode(credentials, 'preference', 'getAll')).toEqual([]);
	});

	it('flat rows of a sheet: the good ones are saved, the others are named', async () => {
		const credentials = freshStore();
		const rows = [
			{
				user_id: 'ann',
				email: 'ann@example.test',
				slack_userid: 'U1',
				timezone: 'Europe/Berlin',
				categories: 'assigned, comment',
			},
			{ user_id: 'bob', email: 'bob@example.test', timezone: 'CST' },
			{ user_id: '', email: 'nobody@example.test' },
			{ user_id: 'ann', email: 'other@example.test' },
			{ user_id: 7, mobile: 8613800138000, active: 'maybe' },
		];
		const answer = await storeNode(
			credentials,
			'preference',
			'import',
			{ importFrom: 'rows' },
			rows as never,
		);
		expect(answer).toMatchObject([
			{
				imported: 1,
				user_ids: ['ann'],
				errors: [
					{ row: 1, user_id: 'bob', field: 'timezone' },
					{ row: 2, field: 'user_id' },
					{ row: 3, user_id: 'ann', field: 'user_id' },
					{ row: 4, user_id: '7', field: 'active' },
				],
			},
		]);
		const [saved] = await storeNode(credentials, 'preference', 'getAll');
		expect(saved).toMatchObject({
			user_id: 'ann',
			timezone: 'Europe/Berlin',
			notification_preferences: {
				slack: { userid: 'U1', categories: ['assigned', 'comment'] },
				email: { address: 'ann@example.test' },
			},
		});
	});

	it.each([
		[{ returnAll: false, limit: 2 }, 2],
		[{ returnAll: true }, 620],
		[{}, 50],
	])('pages: %o gives %i', async (parameters, count) => {
		const credentials = freshStore();
		const people = Array.from({ length: 620 }, (_, i) => ({
			...JOHN,
			user_id: `u${i}`,
			username: `u${i}`,
		}));
		await savePeople(credentials, ...people);
		const found = await storeNode(credentials, 'preference', 'getAll', parameters);
		expect(new Set(found.map((d) => d.user_id)).size).toBe(count);
	});
});

describe('template', () => {
	it('create, get, get many, shipped, delete', async () => {
		const credentials = freshStore();
		const call = (operation: string, parameters: IDataObject = {}) =>
			storeNode(credentials, 'template', operation, parameters);
		const id = { templateId: 'ticket_assigned' };
		const shipped = await call('get', { ...id, language: 'zh-CN' });
		expect(shipped).toMatchObject([{ template_id: 'ticket_assigned', language: 'zh-CN' }]);
		expect(await call('upsert', { document: JSON.stringify(template('Mine')) })).toEqual([
			{ template_id: 'ticket_assigned', language: '', saved: true },
		]);
		expect(await call('get', id)).toMatchObject([template('Mine')]);
		await call('upsert', { document: JSON.stringify(template('Meins', { language: 'de' })) });
		expect(await call('get', { ...id, language: 'de' })).toMatchObject([template('Meins')]);
		expect(await call('getAll')).toHaveLength(2);
		expect((await call('getAll', { includeShipped: true })).length).toBeGreaterThan(30);
		expect(await call('delete', id)).toEqual([{ deleted: true }]);
		expect(await call('getAll')).toHaveLength(1);
		expect((await call('get', id))[0].templates).not.toEqual(template('Mine').templates);
	});

	it('import', async () => {
		const credentials = freshStore();
		const documents = JSON.stringify([
			template('A', { template_id: 'a' }),
			template('B', { template_id: 'b' }),
		]);
		expect(await storeNode(credentials, 'template', 'import', { documents })).toEqual([
			{ imported: 2 },
		]);
		expect(await storeNode(credentials, 'template', 'getAll')).toHaveLength(2);
	});

	it.each<[string, string, IDataObject, RegExp]>([
		[
			'no id',
			'upsert',
			{ document: '{"channels":["slack"],"templates":{"card":{"title":"x"}}}' },
			/template_id/,
		],
		[
			'no channels',
			'upsert',
			{ document: '{"template_id":"x","channels":[],"templates":{"card":{"title":"x"}}}' },
			/channels/,
		],
		['a card without a title', 'upsert', { document: JSON.stringify(template('')) }, /title/],
		[
			'a template that cannot be parsed',
			'upsert',
			{ document: JSON.stringify(template('{{#if x}}')) },
			/title/,
		],
		['get: none of that id', 'get', { templateId: 'ghost' }, /no template "ghost"/],
		[
			'delete: a shipped one',
			'delete',
			{ templateId: 'ticket_assigned' },
			/no template "ticket_assigned"/,
		],
		[
			'import: one of two is broken',
			'import',
			{ documents: JSON.stringify([template('A'), {}]) },
			/template_id/,
		],
	])('%s', async (_name, operation, parameters, message) => {
		const error = await refusal('template', operation, parameters);
		expect(error.message).toMatch(message);
		expect(error.fix).not.toBe('');
	});
});
