import { savePresence } from '../../../core/engine';
import type { Presence } from '../../../core/store';
import { readChoice, requireText } from '../../shared/parameters';
import { instantOf, type Resource } from './types';

const show = (...operations: string[]): { show: { resource: string[]; operation: string[] } } => ({
	show: { resource: ['presence'], operation: operations },
});

const STATUSES: ReadonlyArray<Presence['status']> = ['available', 'dnd', 'focused', 'in_meeting'];

export const presence: Resource = {
	properties: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['presence'] } },
			options: [
				{
					name: 'Get',
					value: 'get',
					description: 'Get what a person is doing',
					action: 'Get a presence',
				},
				{
					name: 'Set',
					value: 'set',
					description: 'Set what a person is doing, for example from a calendar',
					action: 'Set a presence',
				},
			],
			default: 'set',
		},
		{
			displayName: 'User ID',
			name: 'userId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. user-001',
			displayOptions: show('get', 'set'),
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: [
				{ name: 'Available', value: 'available' },
				{ name: 'Do Not Disturb', value: 'dnd' },
				{ name: 'Focused', value: 'focused' },
				{ name: 'In a Meeting', value: 'in_meeting' },
			],
			default: 'available',
			displayOptions: show('set'),
		},
		{
			displayName: 'Until',
			name: 'until',
			type: 'dateTime',
			default: '',
			description: 'Leave empty until it is changed',
			displayOptions: show('set'),
		},
	],
	operations: {
		async get({ context, store, now }, index) {
			const userId = requireText(context.getNodeParameter('userId', index), 'User ID');
			const [row] = await store.presence.get([userId]);
			const isOver = row?.until != null && Date.parse(row.until) <= now.getTime();
			return [row && !isOver ? row : { user_id: userId, status: 'available' }];
		},
		async set({ context, store, now }, index) {
			const row = {
				user_id: requireText(context.getNodeParameter('userId', index), 'User ID'),
				status: readChoice(context.getNodeParameter('status', index), 'Status', STATUSES),
				until: instantOf(context, context.getNodeParameter('until', index, ''), 'Until') ?? null,
			};
			await savePresence(store, row, now.getTime());
			return [row];
		},
	},
};
