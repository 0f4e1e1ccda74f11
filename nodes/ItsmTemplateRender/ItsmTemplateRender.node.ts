import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { channels } from '../../core/channels';
import { policyReader } from '../../core/engine';
import { CHANNEL_IDS, deliveryReader, type Delivery } from '../../core/events';
import { renderer, type RenderOptions } from '../../core/templates';
import type { LedgerRow } from '../../core/store';
import { storeCredentialTest } from '../shared/credential-tests';
import { asNodeError, asTest, itemOf, readItems, testRunId } from '../shared/items';
import { readJson } from '../shared/json';
import { requireText } from '../shared/parameters';
import { storeOf } from '../shared/store';
import { takeTurn } from '../shared/urgent-first';
import { properties } from './properties';

/** The output after the channels. */
const UNDELIVERABLE = CHANNEL_IDS.length;

export class ItsmTemplateRender implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Template Render',
		name: 'itsmTemplateRender',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ $parameter["templateChoice"] === "id" ? $parameter["templateId"] : "by event type" }}',
		description:
			'Writes the message of each delivery in the language of its reader and the form of its channel',
		defaults: { name: 'ITSM Template Render' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
			NodeConnectionTypes.Main,
		],
		outputNames: [
			'Slack',
			'Email',
			'WeCom',
			'Teams',
			'WeChat',
			'DingTalk',
			'Feishu',
			'Push',
			'SMS',
			'In-App',
			'Undeliverable',
		],
		usableAsTool: true,
		credentials: [{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' }],
		properties,
	};

	methods = { credentialTest: { storeCredentialTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const outputs: INodeExecutionData[][] = Array.from({ length: UNDELIVERABLE + 1 }, () => []);
		const testId = testRunId(this);
		const read = deliveryReader();
		const templateIdOf = templateChoice(this);
		const { good, bad } = readItems(this, (json, index) => ({
			delivery: asTest(read(json), testId),
			templateId: templateIdOf(index),
		}));
		try {
			await takeTurn(good.map(({ value }) => value.delivery.event));
			const store = await storeOf(this);
			const policy = await policyReader(store)(null);
			const options = await renderOptions(
				this,
				(await store.templates.list()).map((row) => row.document),
				policy.routing.language,
			);
			const render = renderer(options);
			const failed: Array<Partial<LedgerRow> & { delivery_id: string }> = [];
			for (const { value, index } of good) {
				const { delivery, templateId } = value;
				// A sender's Failed without a next channel: told as it is.
				if (delivery.status?.status === 'failed') {
					outputs[UNDELIVERABLE].push(itemOf(delivery, index));
					continue;
				}
				const rendered = render(delivery, templateId);
				const output = CHANNEL_IDS.indexOf(delivery.channel as (typeof CHANNEL_IDS)[number]);
				if (rendered.ok && output >= 0) {
					// The sender adds the buttons: it knows whether they can be pressed there.
					const card = rendered.card && !delivery.digest ? { card: rendered.card } : {};
					outputs[output].push(itemOf({ ...delivery, message: rendered.message, ...card }, index));
					continue;
				}
				const error = rendered.ok
					? { code: 'unsupported_channel', message: `There is no channel "${delivery.channel}".` }
					: {
							code: rendered.code,
							message: rendered.message,
							template_id: rendered.template_id,
							path: rendered.path ?? null,
						};
				outputs[UNDELIVERABLE].push(itemOf(undeliverable(delivery, error, options.now), index));
				failed.push({
					delivery_id: delivery.delivery_id,
					stage: 'done',
					status: 'failed',
					reason: error.code,
					error,
					updated_at: options.now.toISOString(),
				});
			}
			if (failed.length > 0) await store.deliveries.update(failed);
			outputs[UNDELIVERABLE].push(...bad);
			return outputs;
		} catch (error) {
			throw asNodeError(this.getNode(), error);
		}
	}
}

function undeliverable(
	delivery: Delivery,
	error: { code: string; message: string },
	now: Date,
): Delivery {
	return {
		...delivery,
		status: { status: 'failed', timestamp: now.toISOString(), reason: error.code, error },
	};
}

/** The template that the node names, which an expression may do for each item. */
function templateChoice(context: IExecuteFunctions): (index: number) => string | undefined {
	const isById = context.getNodeParameter('templateChoice', 0) === 'id';
	return (index) =>
		isById ? requireText(context.getNodeParameter('templateId', index), 'Template ID') : undefined;
}

async function renderOptions(
	context: IExecuteFunctions,
	stored: ReadonlyArray<Record<string, unknown>>,
	policyLanguage: string | null,
): Promise<RenderOptions & { now: Date }> {
	const options = context.getNodeParameter('options', 0, {}) as IDataObject;
	const own = readJson(
		context.getNodeParameter('templatesJson', 0, '[]'),
		'Templates of This Node',
	);
	const system = context.getNodeParameter('system', 0, {}) as IDataObject;
	return {
		channels,
		overrides: [...(Array.isArray(own) ? own : [own]), ...stored],
		missing: context.getNodeParameter('missing', 0) as 'error' | 'marker',
		system: Object.fromEntries(Object.entries(system).filter(([, value]) => value !== '')),
		defaultLanguage: (options.defaultLanguage as string) || policyLanguage || undefined,
		defaultTimezone: (options.defaultTimezone as string) || undefined,
		now: new Date(),
	};
}
