import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { gate } from '../../core/engine';
import { deliveryReader, type Delivery } from '../../core/events';
import { storeCredentialTest } from '../shared/credential-tests';
import { asNodeError, asTest, itemOf, originOf, readItems, testRunId } from '../shared/items';
import { runPolicy } from '../shared/policy';
import { storeOf } from '../shared/store';
import { takeTurn } from '../shared/urgent-first';
import { properties } from './properties';

export class ItsmAggregateSilence implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Aggregate / Silence',
		name: 'itsmAggregateSilence',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: 'send, hold or silence',
		description:
			'Decides for each delivery whether it goes now, waits for a digest or a better hour, or is silenced',
		defaults: { name: 'ITSM Aggregate / Silence' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Send', 'Held', 'Silenced'],
		usableAsTool: true,
		credentials: [{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' }],
		hints: [
			{
				message:
					'What is held comes out of an ITSM Release Trigger: publish the workflow ITSM Notify 02 Release too.',
				whenToDisplay: 'always',
				location: 'outputPane',
			},
		],
		properties,
	};

	methods = { credentialTest: { storeCredentialTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const testId = testRunId(this);
		const read = deliveryReader();
		const { good, bad } = readItems(this, (json) => asTest(read(json), testId));
		try {
			await takeTurn(good.map(({ value }) => value.event));
			const now = new Date();
			const store = await storeOf(this);
			const settings = await runPolicy(
				store,
				{ aggregation: aggregationOf(this), silence: silenceOf(this) },
				now,
			);
			if (settings.invalid) this.logger.warn(`ITSM Aggregate / Silence: ${settings.invalid}`);
			const result = await gate(
				store,
				good.map(({ value }) => value),
				{
					policy: settings.policy,
					policyId: settings.policyId,
					now: now.getTime(),
					testId,
					aggregationInvalid: settings.invalid,
				},
			);
			const origin = originOf(good);
			// A digest of a full window descends from the item that filled it.
			const last = good.length > 0 ? good[good.length - 1].index : 0;
			const items = (list: readonly Delivery[]): INodeExecutionData[] =>
				list.map((d) => itemOf(d, origin(d.delivery_id) ?? last));
			return [[...items(result.send), ...bad], items(result.held), items(result.silenced)];
		} catch (error) {
			throw asNodeError(this.getNode(), error);
		}
	}
}

const list = (text: unknown): string[] =>
	String(text ?? '')
		.split(/[,，\s]+/)
		.filter((word) => word !== '');

const NUMBERS = new Set(['max_items', 'recent_limit']);

/** n8n's variables are texts. */
const asNumber = (value: unknown): unknown =>
	typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;

/** Only what is set; an empty text is not. */
function aggregationOf(context: IExecuteFunctions): Record<string, unknown> {
	const {
		types,
		group_by: groupBy,
		...rest
	} = context.getNodeParameter('aggregation', 0, {}) as IDataObject;
	return {
		...Object.fromEntries(
			Object.entries(rest)
				.filter(([, value]) => value !== '')
				.map(([name, value]) => [name, NUMBERS.has(name) ? asNumber(value) : value]),
		),
		...(list(types).length > 0 ? { types: list(types) } : {}),
		...(list(groupBy).length > 0 ? { group_by: list(groupBy) } : {}),
	};
}

function silenceOf(context: IExecuteFunctions): Record<string, unknown> {
	const { silenceAction, ...rest } = context.getNodeParameter('silence', 0, {}) as IDataObject;
	return { ...rest, ...(silenceAction ? { action: silenceAction } : {}) };
}
