// An Interaction Trigger with a store of its own, and calls as Slack and browsers make them.
import { createHmac } from 'node:crypto';
import type { IDataObject, WorkflowExecuteMode } from 'n8n-workflow';
import { signToken, type TokenClaims } from '../../../core/actions/index.ts';
import { signingKey } from '../../../core/store/index.ts';
import {
	runWebhook,
	runWebhookMethod,
	startTrigger,
	type StartedTrigger,
} from '../../harness/contexts.ts';
import { node, type CredentialData } from '../../harness/engine.ts';
import { event, JOHN } from '../kit/data.ts';
import { outputsOf } from '../kit/run.ts';
import { freshStore, savePeople } from '../kit/store.ts';
import { told } from './store.ts';

export const SLACK = { authMode: 'token', token: 'xoxb-1', signingSecret: '8f742231b10e8888abcd' };
export const CHANNELS = ['slack', 'wecom', 'link'];

export const interactionNode = (parameters: IDataObject = {}, select?: string[]) =>
	node(
		'Answers',
		'itsmInteractionTrigger',
		{ channels: CHANNELS, path: 'itsm-answers', ...parameters },
		{ credentials: select ?? ['itsmNotifyStoreApi', 'itsmNotifySlackApi'] },
	);

export interface Request {
	channel?: string;
	method?: 'GET' | 'POST';
	body?: string;
	headers?: Record<string, string>;
	query?: Record<string, string>;
	mode?: WorkflowExecuteMode;
}

/** Slack's signature over the raw body, now. */
export function slackHeaders(body: string, secret = SLACK.signingSecret, at = Date.now()) {
	const seconds = String(Math.floor(at / 1000));
	const mac = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
	return {
		'content-type': 'application/x-www-form-urlencoded',
		'x-slack-request-timestamp': seconds,
		'x-slack-signature': `v0=${mac}`,
	};
}

/** A slash command; `trigger` tells one from the next. */
export const slash = (text: string, user = 'U0JOHN', trigger = text): string =>
	new URLSearchParams({
		command: '/itsm',
		text,
		user_id: user,
		team_id: 'T1',
		channel_id: 'D1',
		response_url: 'https://hooks.slack.com/commands/T1/1/x',
		trigger_id: trigger,
	}).toString();

export async function desk(parameters: IDataObject = {}, more: CredentialData = {}) {
	const credentials = freshStore({ itsmNotifySlackApi: SLACK, ...more });
	const on = interactionNode(parameters, Object.keys(credentials));
	const { file } = credentials.itsmNotifyStoreApi as { file: string };
	const key = signingKey({ kind: 'sqlite', file }) as Uint8Array;
	const started: StartedTrigger[] = [];
	return {
		on,
		credentials,
		key,
		async call({ channel = 'slack', method = 'POST', body = '', mode, ...request }: Request = {}) {
			const { items, response } = await runWebhook({
				node: on,
				credentials,
				mode,
				webhookName: method === 'GET' ? 'setup' : 'default',
				request: { method, body, params: { channel }, ...request },
			});
			return {
				status: response.statusCode,
				headers: response.headers,
				body: response.body,
				items: items?.[0].map((item) => item.json),
			};
		},
		slack(body: string, more: Request = {}) {
			return this.call({ body, headers: slackHeaders(body), ...more });
		},
		async start() {
			const trigger = await startTrigger({ node: on, credentials });
			started.push(trigger);
			return trigger;
		},
		activate: () => runWebhookMethod('create', { node: on, credentials }),
		deactivate: () => runWebhookMethod('delete', { node: on, credentials }),
		/** John is known, and told of one open ticket. */
		async withTicket(content: object = {}) {
			await savePeople(credentials, JOHN);
			const about = event('ticket_assigned', {
				ticket_id: 'INC-7',
				number: 'INC0000007',
				...content,
			});
			await outputsOf('itsmPreferenceResolver', { credentials, items: [about] });
			await told(credentials, about);
			return 'test:INC-7';
		},
		token: (claims: Partial<TokenClaims> = {}) =>
			signToken(
				{
					ticket_key: 'test:INC-7',
					action: 'acknowledge',
					user_id: 'john',
					channel: 'email',
					delivery_id: 'd_1',
					status: 'assigned',
					expires: Math.floor(Date.now() / 1000) + 60,
					...claims,
				},
				key,
			),
		async close() {
			for (const one of started.splice(0)) await one.close();
		},
	};
}
