import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { explain } from '../../../core/engine';
import type { DeliveryFilter } from '../../../core/store';
import { readInstant } from '../../../core/time';
import { readFlag, readChoice, requireText } from '../../shared/parameters';
import { paging, readPages, textOf, type Resource } from './types';

const TEXTS = {
	channel: 'Channel',
	event_id: 'Event ID',
	ticket_id: 'Ticket ID',
	user_id: 'User ID',
} as const;
const TIMES = { since: 'Since', until: 'Until' } as const;
const STATUSES = [
	'delivered',
	'failed',
	'no_route',
	'pending',
	'sent',
	'silenced',
	'superseded',
] as const;

const namesOf = <T extends object>(labels: T): Array<keyof T> =>
	Object.keys(labels) as Array<keyof T>;

/** What is set; an expression that finds nothing must not ask for everything. */
function filterOf(context: IExecuteFunctions, given: IDataObject): DeliveryFilter {
	const isSet = (name: string): boolean => name in given && given[name] !== '';
	const filter: DeliveryFilter = {};
	for (const name of namesOf(TEXTS).filter(isSet))
		filter[name] = requireText(given[name], TEXTS[name]);
	for (const name of namesOf(TIMES).filter(isSet))
		filter[name] = readInstant(given[name], TIMES[name], context.getTimezone());
	if (isSet('status')) filter.status = readChoice(given.status, 'Status', STATUSES);
	if (readFlag(given.include_test)) filter.include_test = true;
	return filter;
}

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
			const filter = filterOf(run.context, filters);
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
		async explain(run, index) {
			const ticket_id = textOf(run, index, 'ticketId', 'Ticket ID');
			const user_id = textOf(run, index, 'userId', 'User ID') || undefined;
			return explain(await run.store.deliveries.list({ ticket_id, user_id, limit: 200 }));
		},
	},
};
