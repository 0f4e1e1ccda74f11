import { randomUUID } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { endSilence, saveSilence } from '../../../core/engine';
import { ItsmNotifyError } from '../../../core/errors';
import { matcherTexts } from '../../../core/preferences';
import { readInstant } from '../../../core/time';
import { readText } from '../../shared/parameters';
import { instantOf, paging, readPages, textOf, type Resource } from './types';

const show = (...operations: string[]): { show: { resource: string[]; operation: string[] } } => ({
	show: { resource: ['silence'], operation: operations },
});

export const silence: Resource = {
	properties: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['silence'] } },
			options: [
				{
					name: 'Create',
					value: 'create',
					description: 'Silence events that match, for everybody',
					action: 'Create a silence',
				},
				{
					name: 'End',
					value: 'end',
					description: 'End a silence now; what it held goes out',
					action: 'End a silence',
				},
				{
					name: 'Get Many',
					value: 'getAll',
					description: 'Get many silences',
					action: 'Get many silences',
				},
			],
			default: 'create',
		},
		{
			displayName: 'Matchers',
			name: 'matchers',
			type: 'string',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Matcher' },
			default: [],
			required: true,
			placeholder: 'e.g. content.priority="Low"',
			description: 'Path, operator (=, !=, =~, !~) and value; all must hold',
			displayOptions: show('create'),
		},
		{
			displayName: 'Ends At',
			name: 'endsAt',
			type: 'dateTime',
			default: '',
			required: true,
			displayOptions: show('create'),
		},
		{
			displayName: 'Comment',
			name: 'comment',
			type: 'string',
			default: '',
			placeholder: 'e.g. Planned maintenance CHG0030001',
			displayOptions: show('create'),
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			displayOptions: show('create'),
			options: [
				{ displayName: 'Author', name: 'author', type: 'string', default: '' },
				{
					displayName: 'Confirmed',
					name: 'confirmed',
					type: 'boolean',
					default: false,
					description: 'Whether it is meant to silence every event',
				},
				{
					displayName: 'Starts At',
					name: 'startsAt',
					type: 'dateTime',
					default: '',
					description: 'Leave empty for now',
				},
			],
		},
		{
			displayName: 'Silence ID',
			name: 'silenceId',
			type: 'string',
			default: '',
			required: true,
			displayOptions: show('end'),
		},
		...paging('silence'),
	],
	operations: {
		async create({ context, store, now }, index) {
			const options = context.getNodeParameter('options', index, {}) as IDataObject;
			const row = {
				id: randomUUID(),
				matchers: matcherTexts(context.getNodeParameter('matchers', index)),
				starts_at: instantOf(context, options.startsAt, 'Starts At') ?? now.toISOString(),
				ends_at: readInstant(
					context.getNodeParameter('endsAt', index),
					'Ends At',
					context.getTimezone(),
				),
				author: readText(options.author, 'Author'),
				comment: readText(context.getNodeParameter('comment', index, ''), 'Comment'),
				confirmed: options.confirmed === true,
			};
			await saveSilence(store, row, now.getTime());
			return [row];
		},
		async end(run, index) {
			const { store, now } = run;
			const id = textOf(run, index, 'silenceId', 'Silence ID');
			if (!(await endSilence(store, id, now.getTime()))) {
				throw new ItsmNotifyError('not_found', `There is no running silence "${id}"`, {
					field: 'silenceId',
					fix: 'List the silences with Get Many.',
				});
			}
			return [{ id, ended: true }];
		},
		async getAll(run, index) {
			return readPages(run, index, (page) => run.store.silences.list(page));
		},
	},
};
