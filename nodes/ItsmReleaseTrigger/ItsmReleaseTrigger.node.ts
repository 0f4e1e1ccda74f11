import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { storeCredentialTest } from '../shared/credential-tests';
import { asJson, asNodeError } from '../shared/items';
import { loopName } from '../shared/process';
import { readNumber } from '../shared/parameters';
import { joinRelease } from '../shared/release';
import { storeOf } from '../shared/store';
import { releaseLoop } from './loop';
import { sampleOrDue } from './sample';

export class ItsmReleaseTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Release Trigger',
		name: 'itsmReleaseTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: 'what has become due',
		description:
			'Starts when something that was held is due: digests, batch times, ends of quiet hours, retries, escalations',
		eventTriggerDescription: '',
		activationMessage: 'What was held now goes out when it is due.',
		defaults: { name: 'ITSM Release Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' }],
		properties: [
			{
				displayName: 'Look Every (Seconds)',
				name: 'everySeconds',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 10,
				description:
					'Longest pause between two looks at the store; what is due sooner goes at its own time. On PostgreSQL it looks every second.',
			},
			{
				displayName: 'Lease (Minutes)',
				name: 'leaseMinutes',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 15,
				description: 'What was handed out and has no outcome after this time is handed out again',
			},
		],
	};

	methods = { credentialTest: { storeCredentialTest } };

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		// Read once: an expression that is read later, in the background, finds no engine.
		const { pollMs, leaseMs } = timesOf(this);
		const store = await storeOf(this);
		const toItems = (deliveries: readonly object[]): INodeExecutionData[] =>
			deliveries.map((d) => ({ json: asJson(d) as IDataObject }));

		if (this.getMode() === 'manual') {
			const manualTriggerFunction = async (): Promise<void> => {
				this.emit([toItems(await sampleOrDue(store, new Date()))]);
			};
			return { manualTriggerFunction };
		}
		const loop = releaseLoop({
			store,
			...loopName(`${this.getWorkflow().id ?? ''}|${this.getNode().id}`),
			pollMs,
			leaseMs,
			now: Date.now,
			emit: (deliveries) => this.emit([toItems(deliveries)]),
			warn: (message) =>
				this.logger.error(`ITSM Release Trigger "${this.getNode().name}": ${message}`),
		});
		const leave = joinRelease(store, () => loop.wake());
		return {
			closeFunction: async () => {
				leave();
				await loop.stop();
			},
		};
	}

	/** Returns its input: n8n runs it where a run begins at this node with data. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			return [this.getInputData()];
		} catch (error) {
			throw asNodeError(this.getNode(), error);
		}
	}
}

const YEAR_MINUTES = 525_600;

function timesOf(context: ITriggerFunctions): { pollMs: number; leaseMs: number } {
	const read = (name: string, field: string, fallback: number): number =>
		readNumber(context.getNodeParameter(name, fallback), field, {
			fallback,
			min: 0.1,
			max: YEAR_MINUTES,
		});
	try {
		return {
			pollMs: read('everySeconds', 'Look Every (Seconds)', 10) * 1000,
			leaseMs: read('leaseMinutes', 'Lease (Minutes)', 15) * 60_000,
		};
	} catch (error) {
		throw asNodeError(context.getNode(), error);
	}
}
