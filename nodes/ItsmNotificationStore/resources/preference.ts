import { deletePreferences, savePreferences } from '../../../core/engine';
import { ItsmNotifyError } from '../../../core/errors';
import { fromFlatRows } from '../../../core/preferences';
import { readJson } from '../../shared/json';
import { paging, readPages, textOf, type Resource } from './types';

const show = (...operations: string[]): { show: { resource: string[]; operation: string[] } } => ({
	show: { resource: ['preference'], operation: operations },
});

export const preference: Resource = {
	properties: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['preference'] } },
			options: [
				{
					name: 'Create or Update',
					value: 'upsert',
					description:
						'Create a new record, or update the current one if it already exists (upsert)',
					action: 'Create or update a preference',
				},
				{
					name: 'Delete',
					value: 'delete',
					description: 'Delete the document of a person',
					action: 'Delete a preference',
				},
				{
					name: 'Get',
					value: 'get',
					description: 'Get the document of a person',
					action: 'Get a preference',
				},
				{
					name: 'Get Many',
					value: 'getAll',
					description: 'Get many documents',
					action: 'Get many preferences',
				},
				{
					name: 'Import',
					value: 'import',
					description: 'Import an array of documents, or rows as a sheet gives them',
					action: 'Import preferences',
				},
			],
			default: 'upsert',
		},
		{
			displayName: 'User ID',
			name: 'userId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. user-001',
			displayOptions: show('get', 'delete'),
		},
		{
			displayName: 'Document',
			name: 'document',
			type: 'json',
			typeOptions: { rows: 12 },
			default: '={{ $json }}',
			required: true,
			description: 'The preference document of one person',
			displayOptions: show('upsert'),
		},
		{
			displayName: 'Documents Come As',
			name: 'importFrom',
			type: 'options',
			options: [
				{ name: 'JSON Array', value: 'json', description: 'An array of preference documents' },
				{
					name: 'Rows of the Input',
					value: 'rows',
					description: 'One person per item, with columns such as email, slack_userid and timezone',
				},
			],
			default: 'json',
			displayOptions: show('import'),
		},
		{
			displayName: 'Documents',
			name: 'documents',
			type: 'json',
			typeOptions: { rows: 12 },
			default: '[]',
			required: true,
			description: 'All are checked before the first one is saved',
			displayOptions: {
				show: { resource: ['preference'], operation: ['import'], importFrom: ['json'] },
			},
		},
		{
			displayName: 'Search',
			name: 'search',
			type: 'string',
			default: '',
			placeholder: 'e.g. john',
			description: 'Part of the user ID, the name or an address',
			displayOptions: show('getAll'),
		},
		...paging('preference'),
	],
	operations: {
		async upsert({ context, store, now }, index) {
			const document = readJson(context.getNodeParameter('document', index), 'Document');
			const [userId] = await savePreferences(store, [document], now.getTime());
			return [{ user_id: userId, saved: true, ...(await rowOf(store.preferences.get([userId]))) }];
		},
		async get(run, index) {
			const { store } = run;
			const userId = textOf(run, index, 'userId', 'User ID');
			const [row] = await store.preferences.get([userId]);
			if (!row)
				throw new ItsmNotifyError('not_found', `There is no preference document of "${userId}"`, {
					field: 'userId',
					fix: 'Look at the user ID, or list the documents with Get Many.',
				});
			return [row.document];
		},
		async getAll(run, index) {
			const search = textOf(run, index, 'search', 'Search') || undefined;
			const rows = await readPages(run, index, (page) =>
				run.store.preferences.list({ ...page, search }),
			);
			return rows.map((row) => row.document);
		},
		async delete(run, index) {
			const { store, now } = run;
			const userId = textOf(run, index, 'userId', 'User ID');
			const count = await deletePreferences(store, [userId], now.getTime());
			if (count === 0)
				throw new ItsmNotifyError('not_found', `There is no preference document of "${userId}"`, {
					field: 'userId',
					fix: 'Look at the user ID, or list the documents with Get Many.',
				});
			return [{ deleted: true }];
		},
		async import({ context, store, now }, index) {
			if (context.getNodeParameter('importFrom', index) === 'rows') {
				// All rows at once, with the first item; the rest of the items were part of it.
				if (index > 0) return [];
				const { documents, errors } = fromFlatRows(context.getInputData().map((item) => item.json));
				const saved = await savePreferences(store, documents, now.getTime());
				return [{ imported: saved.length, user_ids: saved, errors }];
			}
			const given = readJson(context.getNodeParameter('documents', index), 'Documents');
			const saved = await savePreferences(
				store,
				Array.isArray(given) ? given : [given],
				now.getTime(),
			);
			return [{ imported: saved.length, user_ids: saved, errors: [] }];
		},
	},
};

async function rowOf(
	rows: Promise<Array<{ document: Record<string, unknown> }>>,
): Promise<{ document?: Record<string, unknown> }> {
	return { document: (await rows)[0]?.document };
}
