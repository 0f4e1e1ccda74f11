import { ItsmNotifyError } from '../../../core/errors';
import type { IntakeRow } from '../../../core/store';
import { wakeIntake } from '../../shared/intake';
import { readChoice, requireText } from '../../shared/parameters';
import { paging, readPages, type Resource } from './types';

/** What the editor calls the states of an intake row. */
const STATES: Record<string, IntakeRow['status']> = {
	set_aside: 'poison',
	waiting: 'queued',
	in_work: 'leased',
	done: 'done',
};
const STATE_NAMES = Object.keys(STATES);

const shown = (row: IntakeRow): object => ({
	...row,
	status: STATE_NAMES.find((name) => STATES[name] === row.status),
	seq: undefined,
	lease_owner: undefined,
	lease_until: undefined,
});

export const intake: Resource = {
	properties: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['intake'] } },
			options: [
				{
					name: 'Get Many',
					value: 'getAll',
					description: 'Get many events and answers that triggers have taken in',
					action: 'Get many events of the intake',
				},
				{
					name: 'Retry',
					value: 'retry',
					description: 'Run once more what was set aside after five failed runs',
					action: 'Retry an event that was set aside',
				},
			],
			default: 'getAll',
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: [
				{ name: 'Done', value: 'done' },
				{ name: 'In Work', value: 'in_work' },
				{ name: 'Set Aside', value: 'set_aside' },
				{ name: 'Waiting', value: 'waiting' },
			],
			default: 'set_aside',
			description: 'Set aside is what failed in five runs and is not tried again by itself',
			displayOptions: { show: { resource: ['intake'], operation: ['getAll'] } },
		},
		{
			displayName: 'Intake ID',
			name: 'intakeId',
			type: 'string',
			default: '={{ $json.id }}',
			required: true,
			description: 'The ID that Get Many gives',
			displayOptions: { show: { resource: ['intake'], operation: ['retry'] } },
		},
		...paging('intake'),
	],
	operations: {
		async getAll(run, index) {
			const given = run.context.getNodeParameter('status', index, 'set_aside');
			const status = STATES[readChoice(given, 'Status', STATE_NAMES)];
			const rows = await readPages(run, index, (page) =>
				run.store.intake.list({ status, ...page }),
			);
			return rows.map(shown);
		},
		async retry({ context, store, now }, index) {
			const id = requireText(context.getNodeParameter('intakeId', index), 'Intake ID');
			const rows = await store.intake.retry([id], now.toISOString());
			if (rows.length === 0)
				throw new ItsmNotifyError('not_found', `Nothing is set aside under "${id}"`, {
					field: 'intakeId',
					fix: 'List what is set aside with Get Many.',
				});
			rows.forEach(wakeIntake);
			return rows.map(shown);
		},
	},
};
