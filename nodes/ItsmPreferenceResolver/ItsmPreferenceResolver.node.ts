import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { observe, updateMessages } from '../../core/engine';
import { CHANNEL_IDS, parseEvent, ticketKey, type Delivery } from '../../core/events';
import { resolveEvents } from '../../core/preferences';
import { storeCredentialTest } from '../shared/credential-tests';
import { asNodeError, asTest, itemOf, readItems, testRunId } from '../shared/items';
import { readJson } from '../shared/json';
import { runPolicy } from '../shared/policy';
import { recordUndelivered } from '../shared/record';
import { storeOf } from '../shared/store';
import { takeTurn } from '../shared/urgent-first';
import { properties } from './properties';

export class ItsmPreferenceResolver implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Preference Resolver',
		name: 'itsmPreferenceResolver',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ "from " + $parameter["preferenceSource"] }}',
		description:
			'Turns an event into deliveries: who is meant, on which channels, in which language',
		defaults: { name: 'ITSM Preference Resolver' },
		inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		inputNames: ['Events', 'Preferences'],
		requiredInputs: 1,
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Deliver', 'No Route'],
		usableAsTool: true,
		credentials: [{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' }],
		hints: [
			{
				message:
					'Wire a node that gives preference documents to the second input, for example a Data Table.',
				displayCondition: '={{ $parameter["preferenceSource"] === "input" }}',
				whenToDisplay: 'beforeExecution',
				location: 'ndv',
			},
		],
		properties,
	};

	methods = { credentialTest: { storeCredentialTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { good, bad } = readItems(this, (json) => parseEvent(json));
		try {
			await takeTurn(good.map(({ value }) => value));
			const now = new Date();
			const store = await storeOf(this);
			const { policy, invalid } = await runPolicy(store, { routing: routingOf(this) }, now);
			if (invalid) this.logger.warn(`ITSM Preference Resolver: ${invalid}`);
			const documents = documentsOf(this);
			const testId = testRunId(this);
			const given = good.map(({ value }) => value);
			const events = testId ? given : await observe(store, given, policy, now.getTime());
			// Messages that are out about these tickets are changed to how the tickets are now.
			if (!testId) await updateMessages(store, [...new Set(events.map(ticketKey))], now.getTime());

			const resolved = await resolveEvents(events, {
				store,
				documents,
				policy,
				now,
				knownChannels: CHANNEL_IDS,
			});
			for (const warning of resolved.warnings)
				this.logger.warn(`ITSM Preference Resolver: ${warning.message}`);
			const indexOf = new Map(events.map((event, i) => [event, good[i].index]));
			const carried = new Map(
				(documents ?? []).map((document) => [String(document.user_id), document]),
			);

			const deliveries = [...resolved.deliveries, ...resolved.unsupported].map((delivery) =>
				finish(delivery, carried, testId),
			);
			await recordUndelivered(store, deliveries, resolved.noRoute, now, testId);
			const deliver = deliveries.map((delivery, i) => {
				const source = [...resolved.deliveries, ...resolved.unsupported][i].event;
				return {
					failed: delivery.status?.status === 'failed',
					item: itemOf(delivery, indexOf.get(source) ?? 0),
				};
			});
			const noRoute = resolved.noRoute.map((row) =>
				itemOf(
					{ event: row.event, recipient: row.recipient, reason: row.reason, details: row.details },
					indexOf.get(row.event) ?? 0,
				),
			);
			return [
				[...deliver.filter((d) => !d.failed).map((d) => d.item), ...bad],
				[...noRoute, ...deliver.filter((d) => d.failed).map((d) => d.item)],
			];
		} catch (error) {
			throw asNodeError(this.getNode(), error);
		}
	}
}

/** With the document that the store does not know, and as a test where the run is one. */
function finish(
	delivery: Delivery,
	carried: ReadonlyMap<string, IDataObject>,
	testId: string | undefined,
): Delivery {
	const preference = carried.get(delivery.recipient.user_id);
	return asTest({ ...delivery, ...(preference ? { preference } : {}) }, testId);
}

/** The node's own settings over the routing section of the policy. */
function routingOf(context: IExecuteFunctions): Record<string, unknown> {
	const options = context.getNodeParameter('options', 0, {}) as IDataObject;
	const rules = ((context.getNodeParameter('recipients', 0, {}) as IDataObject).rule ??
		[]) as Array<{ eventType?: string; roles?: string }>;
	const recipients = Object.fromEntries(
		rules
			.filter((r) => r.eventType)
			.map((r) => [r.eventType, (r.roles ?? '').split(/[,，\s]+/).filter((word) => word !== '')]),
	);
	return {
		...(options.language ? { language: options.language } : {}),
		...(options.timezone ? { timezone: options.timezone } : {}),
		...(options.notifyActor === undefined ? {} : { notify_actor: options.notifyActor }),
		...(options.unknownPerson ? { unknown_person: options.unknownPerson } : {}),
		...(Object.keys(recipients).length > 0 ? { recipients } : {}),
	};
}

/** Preference documents of the second input or the parameter; undefined = the store is asked. */
function documentsOf(context: IExecuteFunctions): IDataObject[] | undefined {
	const source = context.getNodeParameter('preferenceSource', 0) as string;
	if (source === 'store') return undefined;
	if (source === 'input') return context.getInputData(1).map((item) => item.json);
	const parsed = readJson(context.getNodeParameter('preferencesJson', 0), 'Preferences');
	return (Array.isArray(parsed) ? parsed : [parsed]) as IDataObject[];
}
