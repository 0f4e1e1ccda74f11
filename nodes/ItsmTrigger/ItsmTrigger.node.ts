import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import { messageOf } from '../../core/errors';
import { glpiChallengeAnswer, type SourceId } from '../../core/events';
import { readEvent } from '../../core/intake';
import { inboundCredentialTest, storeCredentialTest } from '../shared/credential-tests';
import { authenticate, type Authentication } from '../shared/inbound';
import { startIntake } from '../shared/intake';
import { asJson, asNodeError } from '../shared/items';
import { bodyLength, readRequest } from '../shared/request';
import { optionalCredential, storeOf } from '../shared/store';
import { commit } from './durable';
import { properties } from './properties';
import { asTaken, dropSeen, receive, type ReceiveSettings } from './receive';

const INBOUND_CREDENTIAL = 'itsmNotifyInboundApi';

export class ItsmTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Trigger',
		name: 'itsmTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: [1, 1.1],
		defaultVersion: 1.1,
		subtitle: '={{ $parameter["source"] }}',
		description: 'Starts when your ITSM or monitoring system reports something about a ticket',
		eventTriggerDescription: 'Waiting for your ITSM to call the test URL',
		activationMessage: 'Your ITSM can now call the production URL.',
		defaults: { name: 'ITSM Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'itsmNotifyInboundApi',
				displayOptions: { show: { authentication: ['headerToken', 'basicAuth', 'signature'] } },
				testedBy: 'inboundCredentialTest',
			},
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		webhooks: [
			{
				name: 'setup',
				httpMethod: 'GET',
				responseMode: 'onReceived',
				responseData: '',
				path: '={{ $parameter["path"] }}',
				isFullPath: true,
				ndvHideUrl: true,
			},
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: '={{ $parameter["path"] }}',
				isFullPath: true,
			},
		],
		properties,
	};

	webhookMethods = {
		setup: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return true;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				const authentication = this.getNodeParameter('authentication') as Authentication;
				const source = this.getNodeParameter('source') as SourceId | 'auto';
				if (authentication === 'signature' && source === 'auto') {
					throw new NodeOperationError(
						this.getNode(),
						'Authentication "Signature" needs a named source',
						{
							description: 'Choose your system under Source, or authenticate by Header Token.',
						},
					);
				}
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	methods = { credentialTest: { inboundCredentialTest, storeCredentialTest } };

	/** Durable intake: what `webhook()` has committed is run from here, on the leading process. */
	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		if (this.getMode() === 'manual') return {};
		// Whatever the intake, a store that cannot be had is told at activation, not to the first caller.
		await storeOf(this);
		if (this.getNodeParameter('intake', 'direct') !== 'durable') return {};
		const node = { workflow_id: this.getWorkflow().id ?? '', node_id: this.getNode().id };
		const loop = await startIntake(this, node, {
			title: 'ITSM Trigger',
			noun: 'event',
			read: readEvent,
		});
		return { closeFunction: async () => loop.stop() };
	}

	/** Returns its input: without it the editor's test of a node with both webhook and trigger hangs. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			return [this.getInputData()];
		} catch (error) {
			throw asNodeError(this.getNode(), error);
		}
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const reply = (status: number, body: Record<string, unknown>): IWebhookResponseData => {
			this.getResponseObject().status(status).json(body);
			return { noWebhookResponse: true };
		};
		if (this.getWebhookName() === 'setup') {
			const token = challengeToken(this);
			if (token === undefined) return reply(404, { error: 'post_events_here' });
			const answer = await challengeAnswer(this, token);
			if (answer === undefined) return reply(401, { error: 'unauthorized' });
			this.getResponseObject().status(200).type('text/plain').send(answer);
			return { noWebhookResponse: true };
		}
		const now = new Date();
		const options = this.getNodeParameter('options', {}) as IDataObject;
		const source = this.getNodeParameter('source') as SourceId | 'auto';
		const authentication = this.getNodeParameter('authentication') as Authentication;
		// An expression may give anything: no number is no licence for any size.
		const maxBodyKib = Number(options.maxBodyKib);
		const maxBodyBytes = (maxBodyKib > 0 ? maxBodyKib : 1024) * 1024;

		const request = await readRequest(this);
		if (bodyLength(request) > maxBodyBytes)
			return reply(413, { error: 'body_too_large', limit_bytes: maxBodyBytes });

		const credential =
			authentication === 'none' ? undefined : await optionalCredential(this, INBOUND_CREDENTIAL);
		const verified = authenticate(authentication, credential, source, request, now);
		if (!verified.ok) {
			this.logger.warn(`ITSM Trigger "${this.getNode().name}" refused a call: ${verified.code}`);
			return reply(401, { error: 'unauthorized' });
		}

		const settings: ReceiveSettings = {
			source,
			eventTypes: eventTypesIn(this.getNodeParameter('eventTypes', [])),
			fieldMap: fieldMap(this.getNodeParameter('fieldMapping', {}) as IDataObject),
			baseUrl: typeof options.baseUrl === 'string' ? options.baseUrl || undefined : undefined,
			includeRaw: options.includeRaw === true,
			maxBodyBytes,
		};
		const received = receive(request, settings, now);
		if ('answer' in received) return reply(received.answer.status, received.answer.body);

		const durable = this.getNodeParameter('intake', 'direct') === 'durable';
		const node = { workflow_id: this.getWorkflow().id ?? '', node_id: this.getNode().id };
		let events = received.events;
		// A test run in the editor marks nothing as seen and starts at once: the same event may be tried again.
		const test = this.getMode() === 'manual';
		if (!test && events.length > 0) {
			try {
				const store = await storeOf(this);
				events = durable
					? await commit(store, node, events, now)
					: (await dropSeen(store, `${node.workflow_id}|${node.node_id}`, events, now)).map(
							(event) => asTaken(event, now),
						);
			} catch (error) {
				this.logger.error(
					`ITSM Trigger "${this.getNode().name}" cannot reach its store: ${messageOf(error)}`,
				);
				return reply(503, { error: 'store_unavailable' });
			}
		}
		// Only neutral keys: some systems act on what they are answered.
		const answer = {
			ok: 1,
			events: events.length,
			duplicates: received.events.length - events.length,
		};
		if (events.length === 0 || (durable && !test)) return { webhookResponse: answer };
		return {
			webhookResponse: answer,
			workflowData: [events.map((event) => ({ json: asJson(event) as IDataObject }))],
		};
	}
}

/** An expression may give text, or nothing: what names no type filters nothing, so that no event is lost by it. */
const eventTypesIn = (value: unknown): string[] =>
	(Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,，\s]+/) : [])
		.map((type) => String(type).trim())
		.filter((type) => type !== '');

/** GLPI asks before each delivery whether the receiver knows the secret. */
function challengeToken(context: IWebhookFunctions): string | undefined {
	if (context.getNodeParameter('source') !== 'glpi') return undefined;
	const { crc_token: token } = context.getQueryData() as { crc_token?: unknown };
	return token === undefined ? undefined : String(token);
}

async function challengeAnswer(
	context: IWebhookFunctions,
	token: string,
): Promise<string | undefined> {
	const hasNone = context.getNodeParameter('authentication') === 'none';
	const credential = hasNone ? undefined : await optionalCredential(context, INBOUND_CREDENTIAL);
	const secret = String(credential?.signingSecret ?? '');
	return glpiChallengeAnswer(secret, token);
}

function fieldMap(mapping: IDataObject): Record<string, string> | undefined {
	const fields = (mapping.field ?? []) as Array<{ name?: string; path?: string }>;
	const pairs = fields
		.filter((f) => f.name && f.path)
		.map((f) => [f.name as string, f.path as string]);
	return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}
