import { DateTime } from 'luxon';

import { ItsmNotifyError } from '../../errors';
import type { Delivery } from '../../events/delivery';
import { baseUrl, fingerprint, required } from '../credential';
import { isObject, textIn, type Json } from '../text';
import type { Credential, HttpRequest, SendContext } from '../types';
import { dataOf, namesOf, readMapping } from './mapping';

const NAME = 'WeChat';

/** A follower's openid, which is of this one account. */
export const address = (document: Readonly<Record<string, unknown>>): string | undefined =>
	textIn(document, 'openid', 'address');

const base = (credential: Credential): string =>
	baseUrl(credential, 'https://api.weixin.qq.com', NAME);

const secrets = (credential: Credential): [string, string] => [
	required(credential, 'appId', 'App ID', NAME),
	required(credential, 'appSecret', 'App Secret', NAME),
];

/** One token per base, account and secret; the key shows none of them. */
export const tokenKey = (credential: Credential): string =>
	`wechat:${fingerprint(base(credential), ...secrets(credential))}`;

const post = (url: string, body: Json): HttpRequest => ({
	kind: 'http',
	method: 'POST',
	url,
	headers: { 'content-type': 'application/json; charset=utf-8' },
	body,
});

/** stable_token: unlike `token` it does not void what another program of the account uses. */
export function tokenRequest(credential: Credential): HttpRequest {
	const [appid, secret] = secrets(credential);
	return post(`${base(credential)}/cgi-bin/stable_token`, {
		grant_type: 'client_credential',
		appid,
		secret,
		force_refresh: false,
	});
}

const api = (credential: Credential, path: string, prepared: Json): string =>
	`${base(credential)}/cgi-bin/message/${path}?access_token=${encodeURIComponent(String(prepared.token ?? ''))}`;

/** A test run and a standalone node send each time, equal or not. */
const sendsAnew = (delivery: Delivery): boolean =>
	delivery.test === true || delivery.standalone === true;

export const recognisesRepeats = ({ delivery }: SendContext): boolean => !sendsAnew(delivery);

/** When it happened, in the reader's zone, as a `time` of WeChat is written. */
function timeOf({ delivery, now }: SendContext): string {
	const zone = delivery.recipient?.timezone ?? 'utc';
	const at = DateTime.fromISO(delivery.event?.timestamp ?? '', { zone });
	const known = at.isValid ? at : DateTime.fromJSDate(now, { zone });
	return (known.isValid ? known : DateTime.fromJSDate(now, { zone: 'utc' })).toFormat(
		'yyyy-MM-dd HH:mm',
	);
}

/** message/template/send. Throws `no_address`, `invalid_credential`, `invalid_payload` (a value that its key cannot hold). */
export function request(payload: Json, context: SendContext, prepared: Json): HttpRequest {
	const { credential, delivery, now } = context;
	const touser = address(delivery.address);
	if (!touser)
		throw new ItsmNotifyError('no_address', 'The recipient has no WeChat openid.', {
			field: 'address.openid',
		});
	const template_id =
		textIn(payload, 'template_id') ?? required(credential, 'templateId', 'Template ID', NAME);
	const names = {
		time: timeOf(context),
		...namesOf(isObject(payload.template_data) ? payload.template_data : {}),
	};
	const mapping = readMapping(payload.template_mapping) ?? readMapping(credential.templateMapping);
	return post(api(credential, 'template/send', prepared), {
		touser,
		template_id,
		...(payload.url ? { url: payload.url } : {}),
		...(payload.miniprogram ? { miniprogram: payload.miniprogram } : {}),
		client_msg_id: sendsAnew(delivery)
			? `${delivery.delivery_id}-${now.getTime()}`
			: delivery.delivery_id,
		data: dataOf(names, mapping),
	});
}

/** A customer service text: for 48 hours after the person wrote. */
export const customerText = (
	credential: Credential,
	openid: string,
	content: string,
	prepared: Json,
): HttpRequest =>
	post(api(credential, 'custom/send', prepared), {
		touser: openid,
		msgtype: 'text',
		text: { content },
	});
