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
import { NodeConnectionTypes } from 'n8n-workflow';

import { messageOf } from '../../core/errors';
import { readAnswer } from '../../core/intake';
import { storeCredentialTest } from '../shared/credential-tests';
import { nameOf, startIntake } from '../shared/intake';
import { asJson, asNodeError } from '../shared/items';
import { loopName } from '../shared/process';
import { bodyLength, readRequest } from '../shared/request';
import {
	dingtalkCredentialTest,
	feishuCredentialTest,
	slackCredentialTest,
	smsCredentialTest,
	teamsCredentialTest,
	wechatCredentialTest,
	wecomCredentialTest,
} from '../shared/sender/channel-tests';
import { signingKeyOf } from '../shared/signing';
import { storeOf } from '../shared/store';
import { activate, baseUrl, deactivate } from './activate';
import { answerLink, answerProvider, type Answered } from './answer';
import { followUpLoops } from './follow-ups';
import { properties } from './properties';
import { receiverOf, servesLinks } from './receivers';
import { retryLoop } from './retries';
import { holdStreams } from './streams';

export class ItsmInteractionTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITSM Interaction Trigger',
		name: 'itsmInteractionTrigger',
		icon: { light: 'file:icon.svg', dark: 'file:icon.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["channels"].join(", ") }}',
		description:
			'Starts when somebody answers a message: presses a button, writes a command, opens a signed link',
		eventTriggerDescription: 'Waiting for a call at the test URL',
		activationMessage:
			'Messages now carry buttons. Enter the production URL of each channel at its provider, unless this n8n connects to it.',
		defaults: { name: 'ITSM Interaction Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'itsmNotifySlackApi',
				testedBy: 'slackCredentialTest',
				displayOptions: { show: { channels: ['slack'] } },
			},
			{
				name: 'itsmNotifyTeamsApi',
				testedBy: 'teamsCredentialTest',
				displayOptions: { show: { channels: ['teams'] } },
			},
			{
				name: 'itsmNotifyWeComApi',
				testedBy: 'wecomCredentialTest',
				displayOptions: { show: { channels: ['wecom'] } },
			},
			{
				name: 'itsmNotifyWeChatApi',
				testedBy: 'wechatCredentialTest',
				displayOptions: { show: { channels: ['wechat'] } },
			},
			{
				name: 'itsmNotifyDingTalkApi',
				testedBy: 'dingtalkCredentialTest',
				displayOptions: { show: { channels: ['dingtalk'] } },
			},
			{
				name: 'itsmNotifyFeishuApi',
				testedBy: 'feishuCredentialTest',
				displayOptions: { show: { channels: ['feishu'] } },
			},
			{
				name: 'itsmNotifySmsApi',
				testedBy: 'smsCredentialTest',
				displayOptions: { show: { channels: ['sms'] } },
			},
			{ name: 'itsmNotifyStoreApi', testedBy: 'storeCredentialTest' },
		],
		webhooks: [
			{
				name: 'setup',
				httpMethod: 'GET',
				responseMode: 'onReceived',
				responseData: '',
				path: '={{ $parameter["path"] + "/:channel" }}',
				isFullPath: true,
				ndvHideUrl: true,
			},
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: '={{ $parameter["path"] + "/:channel" }}',
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
			// Asked at every start of n8n: the address and the channels may have changed.
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				if (this.getMode() !== 'manual') await activate(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				if (this.getMode() !== 'manual') await deactivate(this);
				return true;
			},
		},
	};

	methods = {
		credentialTest: {
			storeCredentialTest,
			slackCredentialTest,
			teamsCredentialTest,
			wecomCredentialTest,
			wechatCredentialTest,
			dingtalkCredentialTest,
			feishuCredentialTest,
			smsCredentialTest,
		},
	};

	/** Runs what `webhook()` has committed, and what the ITSM could not take before; holds connections. On the leading process. */
	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		if (this.getMode() === 'manual') return {};
		const node = { workflow_id: this.getWorkflow().id ?? '', node_id: this.getNode().id };
		const title = 'ITSM Interaction Trigger';
		const store = await storeOf(this);
		const warn = (message: string): void =>
			this.logger.error(`${title} "${this.getNode().name}": ${message}`);
		const intake = await startIntake(this, node, { title, noun: 'answer', read: readAnswer });
		const retries = retryLoop({
			store,
			...loopName(`${nameOf(node)}|retries`),
			now: Date.now,
			emit: (items) => this.emit([items.map((item) => ({ json: asJson(item) as IDataObject }))]),
			warn,
		});
		const asking = await followUpLoops(this, store, warn);
		const streams = await holdStreams(this, { store, node, warn });
		return {
			closeFunction: async () => {
				await Promise.all([intake, retries, ...asking, ...streams].map((loop) => loop.stop()));
			},
		};
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
		const label = `ITSM Interaction Trigger "${this.getNode().name}"`;
		const reply = ({ status, headers = {}, body }: Answered): { noWebhookResponse: true } => {
			const response = this.getResponseObject().status(status);
			for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
			response.end(body);
			return { noWebhookResponse: true };
		};
		const id = String((this.getParamsData() as IDataObject).channel ?? '');
		const options = this.getNodeParameter('options', {}) as IDataObject;
		const receiver = await receiverOf(this, id);
		if (!receiver && !(id === 'link' && servesLinks(this))) {
			this.logger.warn(
				`${label} does not listen to "${id.slice(0, 40)}", or has no credential for it`,
			);
			return reply({ status: 404, body: '' });
		}
		const read = await readRequest(this);
		if (bodyLength(read) > Number(options.maxBodyKib ?? 1024) * 1024)
			return reply({ status: 413, body: '' });
		const base = baseUrl(this.getNodeWebhookUrl('default') ?? '', options.publicUrl);
		const { originalUrl = '' } = this.getRequestObject();
		const query = originalUrl.includes('?') ? originalUrl.slice(originalUrl.indexOf('?')) : '';
		const request = {
			method: this.getWebhookName() === 'setup' ? ('GET' as const) : ('POST' as const),
			headers: read.headers,
			query: read.query ?? {},
			rawBody: read.rawBody ?? Buffer.alloc(0),
			url: `${base}/${id}${query}`,
		};
		const test = this.getMode() === 'manual';
		try {
			const intake = {
				node: { workflow_id: this.getWorkflow().id ?? '', node_id: this.getNode().id },
				options: { key: await signingKeyOf(this), now: new Date(), test },
			};
			const answered = receiver
				? await answerProvider(this, receiver, request, () => storeOf(this), intake)
				: await answerLink(request, await storeOf(this), intake);
			if (answered.refused)
				this.logger.warn(`${label} refused a call of ${id}: ${answered.refused}`);
			const items = test ? (answered.interactions ?? []) : [];
			if (items.length === 0) return reply(answered);
			return {
				...reply(answered),
				workflowData: [items.map((item) => ({ json: asJson(item) as IDataObject }))],
			};
		} catch (error) {
			// The provider calls again: nothing was taken.
			this.logger.error(`${label} could not take a call of ${id}: ${messageOf(error)}`);
			return reply({ status: 503, body: '' });
		}
	}
}
