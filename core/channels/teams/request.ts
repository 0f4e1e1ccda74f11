import { ItsmNotifyError } from '../../errors';
import { fingerprint, httpUrl, required } from '../credential';
import { isObject, textIn, type Json } from '../text';
import type { Credential, HttpRequest, SendContext } from '../types';
import { onlyLinks } from './actions';
import { receiverOf } from './address';
import { adaptiveCard, messageOf } from './card';
import { check } from './check';

const NAME = 'Teams';
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };
const SCOPE = 'https://api.botframework.com/.default';

export const isWorkflow = (credential: Credential): boolean => credential.mode === 'workflow';

const url = (credential: Credential, field: string, label: string, standard: string): string =>
	httpUrl((textIn(credential, field) ?? standard).replace(/\/+$/, ''), field, label, NAME);

/** Where the bot posts unless a verified call has told another address. */
export const serviceUrlOf = (credential: Credential): string =>
	url(credential, 'serviceUrl', 'Service URL', 'https://smba.trafficmanager.net/teams/');

const loginUrl = (credential: Credential): string =>
	url(credential, 'loginBaseUrl', 'Login Base URL', 'https://login.microsoftonline.com');

const app = (credential: Credential): [string, string, string] => [
	required(credential, 'appId', 'App ID', NAME),
	required(credential, 'appSecret', 'App Secret', NAME),
	textIn(credential, 'tenantId') ?? 'botframework.com',
];

/** One token per login address, app and tenant; the key shows none of them. */
export const tokenKey = (credential: Credential): string =>
	`teams:${fingerprint(loginUrl(credential), ...app(credential))}`;

export function tokenRequest(credential: Credential): HttpRequest {
	const [id, secret, tenant] = app(credential);
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: id,
		client_secret: secret,
		scope: SCOPE,
	});
	return {
		kind: 'http',
		method: 'POST',
		url: `${loginUrl(credential)}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: form.toString(),
	};
}

const call = (
	method: 'POST' | 'PUT',
	address: string,
	body: Json,
	prepared: Json,
): HttpRequest => ({
	kind: 'http',
	method,
	url: address,
	headers: { ...JSON_HEADERS, authorization: `Bearer ${String(prepared.token ?? '')}` },
	body,
});

const trimmed = (address: string): string => address.replace(/\/+$/, '');

const activities = (serviceUrl: string, conversation: string): string =>
	`${trimmed(serviceUrl)}/v3/conversations/${encodeURIComponent(conversation)}/activities`;

/** Where a message goes: what an installed chat has told, else the address itself; undefined: it must be opened first. */
export function conversationOf({
	conversation,
	credential,
	delivery,
}: SendContext): { serviceUrl: string; conversationId: string } | undefined {
	const known = conversation && textIn(conversation, 'conversationId');
	const standard = serviceUrlOf(credential);
	if (known)
		return { conversationId: known, serviceUrl: textIn(conversation, 'serviceUrl') ?? standard };
	const receiver = receiverOf(delivery.address);
	return receiver?.kind === 'conversation'
		? { conversationId: receiver.id, serviceUrl: standard }
		: undefined;
}

/** Opens the 1:1 chat with a person. */
export function openRequest(credential: Credential, person: string, prepared: Json): HttpRequest {
	const tenantId = textIn(credential, 'tenantId');
	return call(
		'POST',
		`${serviceUrlOf(credential)}/v3/conversations`,
		{
			bot: { id: `28:${required(credential, 'appId', 'App ID', NAME)}` },
			members: [{ id: person }],
			isGroup: false,
			...(tenantId ? { tenantId, channelData: { tenant: { id: tenantId } } } : {}),
		},
		prepared,
	);
}

function workflowRequest(payload: Json, credential: Credential): HttpRequest {
	const label = 'Webhook URL';
	const target = required(credential, 'webhookSecretUrl', label, NAME);
	const { text, attachments } = payload;
	// A flow posts cards; a text becomes one.
	const message =
		Array.isArray(attachments) && attachments.length > 0
			? payload
			: messageOf(adaptiveCard([{ type: 'TextBlock', text, wrap: true }]), '');
	const body = onlyLinks(message);
	const sent = isObject(body) ? body : {};
	check(sent);
	return {
		kind: 'http',
		method: 'POST',
		url: httpUrl(target, 'webhookSecretUrl', label, NAME),
		headers: JSON_HEADERS,
		body: sent,
	};
}

/** A post into the conversation that `prepareRecipient` found, or to the flow. Throws `no_address`, `invalid_credential`, `invalid_payload`. */
export function request(payload: Json, context: SendContext, prepared: Json): HttpRequest {
	if (isWorkflow(context.credential)) return workflowRequest(payload, context.credential);
	const opened = textIn(prepared, 'conversationId');
	const found = opened
		? {
				conversationId: opened,
				serviceUrl: textIn(prepared, 'serviceUrl') ?? serviceUrlOf(context.credential),
			}
		: conversationOf(context);
	if (!found) {
		throw new ItsmNotifyError(
			'no_address',
			'The recipient has no Teams conversation, and none was opened.',
			{
				field: 'address.aad_object_id',
			},
		);
	}
	return call('POST', activities(found.serviceUrl, found.conversationId), payload, prepared);
}

/** PUT of a sent message; `ref` is `{conversation_id, activity_id, service_url}` as recorded. Throws `not_updatable`. */
export function update(
	payload: Json,
	ref: Json,
	{ credential }: SendContext,
	prepared: Json,
): HttpRequest {
	const conversation = textIn(ref, 'conversation_id');
	const activity = textIn(ref, 'activity_id');
	if (isWorkflow(credential) || !conversation || !activity) {
		throw new ItsmNotifyError(
			'not_updatable',
			'Only a message that a Teams bot has sent can be changed.',
			{
				field: 'ref.activity_id',
			},
		);
	}
	const base = activities(textIn(ref, 'service_url') ?? serviceUrlOf(credential), conversation);
	return call(
		'PUT',
		`${base}/${encodeURIComponent(activity)}`,
		{ ...payload, id: activity },
		prepared,
	);
}

/** A text below an activity; `reply` comes from a verified call. */
export function replyRequest(text: string, reply: Json, prepared: Json): HttpRequest | undefined {
	const { serviceUrl, conversationId, activityId } = reply;
	if (typeof serviceUrl !== 'string' || typeof conversationId !== 'string') return undefined;
	const id =
		typeof activityId === 'string' && activityId ? `/${encodeURIComponent(activityId)}` : '';
	const body = { type: 'message', textFormat: 'plain', text };
	return call('POST', `${activities(serviceUrl, conversationId)}${id}`, body, prepared);
}
