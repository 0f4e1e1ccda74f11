import type { IDataObject } from 'n8n-workflow';

import { ItsmNotifyError } from '../../../core/errors';
import { parseInteraction, type Interaction } from '../../../core/events';
import {
	checkPermission,
	completeInteraction,
	resultOf,
	takeMail,
} from '../../../core/interaction';
import { policyReader } from '../../../core/engine';
import { commitInteractions } from '../../shared/answers';
import { testRunId } from '../../shared/items';
import { readText, readTexts } from '../../shared/parameters';
import { faceOf, signingKeyOf } from '../../shared/signing';
import type { OperationContext, Resource } from './types';

const show = (...operations: string[]): { show: { resource: string[]; operation: string[] } } => ({
	show: { resource: ['interaction'], operation: operations },
});

/** The interaction that came with the item, checked. */
const itemOf = ({ context }: OperationContext, index: number): Interaction =>
	parseInteraction(context.getInputData()[index].json);

export const interaction: Resource = {
	properties: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['interaction'] } },
			options: [
				{
					name: 'Check Permission',
					value: 'check',
					description: 'Whether the person may do this on the ticket now',
					action: 'Check the permission of an answer',
				},
				{
					name: 'Complete',
					value: 'complete',
					description:
						'End an answer: stop the escalation, change the messages that are out, answer the person, write the record',
					action: 'Complete an answer',
				},
				{
					name: 'Read Mail',
					value: 'readMail',
					description:
						'Read a mail of the Email Trigger (IMAP) as an answer, and hand it to the Interaction Trigger',
					action: 'Read a mail as an answer',
				},
			],
			default: 'check',
		},
		{
			displayName: 'Options',
			name: 'mailOptions',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			displayOptions: show('readMail'),
			options: [
				{
					displayName: 'Authentication Server',
					name: 'authservId',
					type: 'string',
					default: '',
					placeholder: 'e.g. mx.example.com',
					description:
						'Name by which your own mail server signs Authentication-Results. A sender that passed its DMARC check is then believed; without it only who answers to a signed address is.',
				},
				{
					displayName: 'Hand Over',
					name: 'handOver',
					type: 'boolean',
					default: true,
					description:
						'Whether the Interaction Trigger starts a run with the answer; else it is only in the output',
				},
				{
					displayName: 'Message-ID Domains',
					name: 'idDomains',
					type: 'string',
					typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Domain' },
					default: [],
					placeholder: 'e.g. example.com',
					description:
						'Domains of the Message-IDs of your own mails, so that they are not taken for answers',
				},
			],
		},
	],
	operations: {
		async check(run, index) {
			const item = itemOf(run, index);
			const { interaction: rules } = await policyReader(run.store)(null);
			const permission = await checkPermission(run.store, item, rules.permissions);
			return [{ ...item, permission }];
		},
		async complete(run, index) {
			const item = itemOf(run, index);
			const result = resultOf(item);
			if (testRunId(run.context) !== undefined) return [{ ...item, result, completed: false }];
			const completed = await completeInteraction(run.store, item, result, run.now);
			return [{ ...item, result, completed: true, ...completed }];
		},
		async readMail(run, index) {
			const { context, store, now } = run;
			const options = context.getNodeParameter('mailOptions', index, {}) as IDataObject;
			const face = await faceOf(store);
			const test = testRunId(context) !== undefined;
			const handOver = options.handOver !== false && !test;
			if (handOver && !face)
				throw new ItsmNotifyError('no_interaction_trigger', 'No Interaction Trigger is active', {
					fix: 'Publish the workflow "ITSM Notify 04 Interaction" first, or switch off Hand Over.',
				});
			const { json } = context.getInputData()[index];
			// A whole mail as text, from another source than n8n's trigger.
			const mail = typeof json.raw === 'string' ? json.raw : json;
			const taking = {
				key: await signingKeyOf(context),
				now,
				test,
				authservId: readText(options.authservId, 'Authentication Server') || undefined,
				idDomains: readTexts(options.idDomains, 'Message-ID Domains'),
			};
			const { interactions, result } = await commitInteractions(
				store,
				handOver ? face?.node : undefined,
				now,
				(tx) => takeMail(tx, mail, taking),
			);
			return interactions.length > 0
				? interactions.map((one) => ({ ...one, mail: result, handed_over: handOver }))
				: [{ mail: result, handed_over: false }];
		},
	},
};
