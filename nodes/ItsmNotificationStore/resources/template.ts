import { ItsmNotifyError } from '../../../core/errors';
import { parseTemplate, shippedTemplates } from '../../../core/templates';
import type { Store } from '../../../core/store';
import { readJson } from '../../shared/json';
import { readFlag } from '../../shared/parameters';
import { paging, readPages, textOf, type Resource } from './types';

const show = (...operations: string[]): { show: { resource: string[]; operation: string[] } } => ({
	show: { resource: ['template'], operation: operations },
});

export const template: Resource = {
	properties: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['template'] } },
			options: [
				{
					name: 'Create or Update',
					value: 'upsert',
					description:
						'Create a new record, or update the current one if it already exists (upsert)',
					action: 'Create or update a template',
				},
				{
					name: 'Delete',
					value: 'delete',
					description: 'Delete a template; the shipped one of that ID counts again',
					action: 'Delete a template',
				},
				{
					name: 'Get',
					value: 'get',
					description: 'Get a template, of the store or shipped',
					action: 'Get a template',
				},
				{
					name: 'Get Many',
					value: 'getAll',
					description: 'Get many templates',
					action: 'Get many templates',
				},
				{
					name: 'Import',
					value: 'import',
					description: 'Import an array of template documents',
					action: 'Import templates',
				},
			],
			default: 'upsert',
		},
		{
			displayName: 'Template ID',
			name: 'templateId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. ticket_assigned',
			displayOptions: show('get', 'delete'),
		},
		{
			displayName: 'Language',
			name: 'language',
			type: 'string',
			default: '',
			placeholder: 'e.g. zh-CN',
			description: 'Leave empty for the one that names no language',
			displayOptions: show('get', 'delete'),
		},
		{
			displayName: 'Document',
			name: 'document',
			type: 'json',
			typeOptions: { rows: 12 },
			default: '={{ $json }}',
			required: true,
			description: 'The template document',
			displayOptions: show('upsert'),
		},
		{
			displayName: 'Documents',
			name: 'documents',
			type: 'json',
			typeOptions: { rows: 12 },
			default: '[]',
			required: true,
			description: 'All are checked before the first one is saved',
			displayOptions: show('import'),
		},
		{
			displayName: 'Include Shipped',
			name: 'includeShipped',
			type: 'boolean',
			default: false,
			description: 'Whether to return the templates that come with the package too',
			displayOptions: show('getAll'),
		},
		...paging('template'),
	],
	operations: {
		async upsert({ context, store, now }, index) {
			return save(store, [readJson(context.getNodeParameter('document', index), 'Document')], now);
		},
		async import({ context, store, now }, index) {
			const given = readJson(context.getNodeParameter('documents', index), 'Documents');
			return [
				{ imported: (await save(store, Array.isArray(given) ? given : [given], now)).length },
			];
		},
		async get(run, index) {
			const { store } = run;
			const id = textOf(run, index, 'templateId', 'Template ID');
			const language = textOf(run, index, 'language', 'Language');
			const stored = await store.templates.get(id, language);
			const found =
				stored?.document ??
				shippedTemplates.find(
					(t) => t.template_id === id && (language === '' || t.language === language),
				);
			if (!found) throw notFound(id);
			return [found];
		},
		async getAll(run, index) {
			const rows = await readPages(run, index, (page) => run.store.templates.list(page));
			const shipped = readFlag(run.context.getNodeParameter('includeShipped', index, false))
				? shippedTemplates
				: [];
			return [...rows.map((row) => row.document), ...shipped];
		},
		async delete(run, index) {
			const id = textOf(run, index, 'templateId', 'Template ID');
			const language = textOf(run, index, 'language', 'Language');
			const count = await run.store.templates.delete(id, language);
			if (count === 0) throw notFound(id);
			return [{ deleted: true }];
		},
	},
};

async function save(store: Store, documents: readonly unknown[], now: Date): Promise<object[]> {
	const rows = documents.map((given) => {
		const parsed = parseTemplate(given);
		return {
			id: parsed.template_id,
			language: parsed.language ?? '',
			document: given as Record<string, unknown>,
			updated_at: now.toISOString(),
		};
	});
	await store.templates.put(rows);
	return rows.map((row) => ({ template_id: row.id, language: row.language, saved: true }));
}

const notFound = (id: string): ItsmNotifyError =>
	new ItsmNotifyError('not_found', `There is no template "${id}"`, {
		field: 'templateId',
		fix: 'Look at the ID and the language, or list the templates with Get Many.',
	});
