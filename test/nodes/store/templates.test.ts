import type { IDataObject } from 'n8n-workflow';
import { freshStore, storeNode } from '../kit/store.ts';
import { refusal } from './refusal.ts';

const template = (title: string, more: object = {}) => ({
	template_id: 'ticket_assigned',
	channels: ['slack'],
	templates: { card: { title } },
	...more,
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
