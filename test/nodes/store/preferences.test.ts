import type { IDataObject } from 'n8n-workflow';
import { JOHN, WEI } from '../kit/data.ts';
import { freshStore, savePeople, storeNode } from '../kit/store.ts';
import { refusal } from './refusal.ts';

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
