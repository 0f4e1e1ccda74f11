import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { storeCredentialTest } from '../shared/credential-tests';
import { itsmCredentialTest } from '../shared/itsm';
import { properties } from './properties';
import { run } from './run';

export class ItsmTicket implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Ticket',
		name: 'itsmTicket',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle:
			'={{ $parameter["operation"] === "fromInteraction" ? "what the person asked for" : $parameter["operation"] }}',
		description:
			'Acknowledges, assigns, comments on, resolves and escalates tickets: once, and overwriting nobody',
		defaults: { name: 'ITSM Ticket' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
		],
		outputNames: ['Done', 'Conflict', 'Failed', 'Pending'],
		usableAsTool: true,
		credentials: [
			{
				name: 'itsmNotifyServiceNowApi',
				testedBy: 'serviceNowCredentialTest',
				displayOptions: { show: { system: ['auto', 'serviceNow'] } },
			},
			{
				name: 'itsmNotifyRequestTrackerApi',
				testedBy: 'requestTrackerCredentialTest',
				displayOptions: { show: { system: ['auto', 'requestTracker'] } },
			},
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		hints: [
			{
				message:
					'Wire all four outputs to ITSM Notification Store, <i>Interaction → Complete</i>, so that the person hears what came of it.',
				displayCondition: '={{ $parameter["operation"] === "fromInteraction" }}',
				whenToDisplay: 'beforeExecution',
				location: 'ndv',
			},
		],
		properties,
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
			serviceNowCredentialTest: itsmCredentialTest('serviceNow'),
			requestTrackerCredentialTest: itsmCredentialTest('requestTracker'),
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return run(this);
	}
}
