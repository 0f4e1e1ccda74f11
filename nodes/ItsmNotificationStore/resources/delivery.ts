import type { IDataObject } from 'n8n-workflow';

import { explain } from '../../../core/engine';
import type { DeliveryFilter } from '../../../core/store';
import { instantOf, paging, readPages, type Resource } from './types';

const LABELS = { since: 'Since', until: 'Until' };

export const delivery: Resource = {
	properties: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['delivery'] } },
			options: [
				{
					name: 'Explain',
					value: 'explain',
					description: 'Say why a person got, or did not get, what there is to a ticket',
					action: 'Explain deliveries',
				},
				{
					name: 'Get Many',
					value: 'getAll',
					description: 'Get many deliveries, newest first',
					action: 'Get many deliveries',
				},
			],
			default: 'getAll',
		},
		{
			displayName: 'Ticket ID',
			name: 'ticketId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. INC-001234',
			displayOptions: { show: { resource: ['delivery'], operation: ['explain'] } },
		},
		{
			displayName: 'User ID',
			name: 'userId',
			type: 'string',
			default: '',
			placeholder: 'e.g. user-001',
			description: 'Leave empty for everybody',
			displayOptions: { show: { resource: ['delivery'], operation: ['explain'] } },
		},
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			placeholder: 'Add Filter',
			default: {},
			displayOptions: { show: { resource: ['delivery'], operation: ['getAll'] } },
			options: [
				{
					displayName: 'Channel',
					name: 'channel',
					type: 'string',
					default: '',
					placeholder: 'e.g. slack',
				},
				{ displayName: 'Event ID', name: 'event_id', type: 'string', default: '' },
				{
					displayName: 'Include Test Runs',
					name: 'include_test',
					type: 'boolean',
					default: false,
					description: 'Whether to return what test runs in the editor have sent too',
				},
				{ displayName: 'Since', name: 'since', type: 'dateTime', default: '' },
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					options: [
						{ name: 'Delivered', value: 'delivered' },
						{ name: 'Failed', value: 'failed' },
						{ name: 'No Route', value: 'no_route' },
						{ name: 'Pending', value: 'pending' },
						{ name: 'Sent', value: 'sent' },
						{ name: 'Silenced', value: 'silenced' },
						{ name: 'Superseded', value: 'superseded' },
					],
					default: 'failed',
				},
				{ displayName: 'Ticket ID', name: 'ticket_id', type: 'string', default: '' },
				{ displayName: 'Until', name: 'until', type: 'dateTime', default: '' },
				{ displayName: 'User ID', name: 'user_id', type: 'string', default: '' },
			],
		},
		...paging('delivery'),
	],
	operations: {
		async getAll(run, index) {
			const filters = run.context.getNodeParameter('filters', index, {}) as IDataObject;
			const filter = Object.fromEntries(
				Object.entries(filters).filter(([, value]) => value !== ''),
			) as DeliveryFilter;
			for (const name of ['since', 'until'] as const)
				if (filter[name]) filter[name] = instantOf(run.context, filter[name], LABELS[name]);
			const rows = await readPages(run, index, (page) =>
				run.store.deliveries.list({ ...filter, ...page }),
			);
			return rows.map((row) => ({
				...row,
				item: undefined,
				lease_owner: undefined,
				lease_until: undefined,
				recipient: row.item?.recipient ?? { user_id: row.user_id },
				event_type: row.item?.event.event_type ?? null,
			}));
		},
		async explain({ context, store }, index) {
			const ticket_id = context.getNodeParameter('ticketId', index) as string;
			const user_id = (context.getNodeParameter('userId', index, '') as string) || undefined;
			return explain(await store.deliveries.list({ ticket_id, user_id, limit: 200 }));
		},
	},
};
