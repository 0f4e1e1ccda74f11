import { savePolicy } from '../../../core/engine';
import { ItsmNotifyError } from '../../../core/errors';
import { parsePolicy } from '../../../core/preferences';
import { readJson } from '../../shared/json';
import type { Resource } from './types';

export const policy: Resource = {
	properties: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['policy'] } },
			options: [
				{
					name: 'Get',
					value: 'get',
					description: 'Get the policy with all its defaults filled in',
					action: 'Get the policy',
				},
				{
					name: 'Update',
					value: 'update',
					description: 'Replace the policy; what is left out has its default',
					action: 'Update the policy',
				},
			],
			default: 'get',
		},
		{
			displayName: 'Policy',
			name: 'policy',
			type: 'json',
			typeOptions: { rows: 16 },
			default: '{}',
			required: true,
			description:
				'Sections aggregation, silence, priority, escalation, routing, interaction and retry',
			displayOptions: { show: { resource: ['policy'], operation: ['update'] } },
		},
	],
	operations: {
		async get({ store }) {
			const saved = await store.policies.get();
			return [
				{
					policy_id: saved?.id ?? null,
					saved: saved?.document ?? {},
					policy: parsePolicy(saved?.document ?? {}),
				},
			];
		},
		async update({ context, store, now }, index) {
			const document = readJson(context.getNodeParameter('policy', index), 'Policy');
			if (typeof document !== 'object' || document === null || Array.isArray(document)) {
				throw new ItsmNotifyError('invalid_policy', '"Policy" must be an object', {
					field: 'policy',
					fix: 'Write an object with the sections that you want to change.',
				});
			}
			const id = await savePolicy(store, document as Record<string, unknown>, now.getTime());
			return [{ policy_id: id, policy: parsePolicy(document) }];
		},
	},
};
