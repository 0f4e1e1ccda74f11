import { createHash } from 'node:crypto';

import { ItsmNotifyError } from '../../errors';
import type { Delivery } from '../../events/delivery';
import { httpUrl, required } from '../credential';
import { textIn, type Json } from '../text';
import type { Credential, HttpRequest, SendContext } from '../types';
import { api, isGroup, modeOf, NAME, oapi, robotCode } from './credential';
import { toNotice, toParams, toRobot, toRobotMessage } from './forms';
import { asOwn } from './notice';
import { robotSign } from './sign';
import { tokenRequest } from './token-request';

/** A member's userid (a group's openConversationId where the app's robot is in it). */
export const address = (document: Readonly<Record<string, unknown>>): string | undefined =>
	textIn(document, 'userid', 'address');

export const post = (
	url: string,
	body: Json,
	headers: Record<string, string> = {},
): HttpRequest => ({
	kind: 'http',
	method: 'POST',
	url,
	headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
	body,
});

/** A call of the new API, which wants the token in a header. */
export const apiPost = (
	credential: Credential,
	path: string,
	prepared: Json,
	body: Json,
): HttpRequest =>
	post(`${api(credential)}${path}`, body, {
		'x-acs-dingtalk-access-token': String(prepared.token ?? ''),
	});

/** A test run and a standalone node send each time, equal or not. */
const sendsAnew = (delivery: Delivery): boolean =>
	delivery.test === true || delivery.standalone === true;

/** Names the message at DingTalk: the same for every try of one delivery. */
const ownId = ({ delivery, now }: SendContext): string =>
	sendsAnew(delivery) ? `${delivery.delivery_id}-${now.getTime()}` : delivery.delivery_id;

/** A card has its outTrackId, a work notice its text: a repeat is no second message. */
export const recognisesRepeats = ({ credential, delivery }: SendContext): boolean =>
	['card', 'notice'].includes(modeOf(credential)) && !sendsAnew(delivery);

/** The robot's URL: whole as copied, or made of its access token; signed where the credential has a secret. */
export function robotUrl(credential: Credential, now: Date): string {
	const given = required(credential, 'webhookSecretUrl', 'Webhook URL', NAME);
	const whole = /^https?:/i.test(given)
		? given
		: `${oapi(credential)}/robot/send?access_token=${encodeURIComponent(given)}`;
	const url = new URL(httpUrl(whole, 'webhookSecretUrl', 'Webhook URL', NAME));
	const secret = textIn(credential, 'signSecret');
	if (secret) {
		const timestamp = String(now.getTime());
		url.searchParams.set('timestamp', timestamp);
		url.searchParams.set('sign', robotSign(secret, timestamp));
	}
	return url.href;
}

function receiver(delivery: Delivery): string {
	const found = address(delivery.address);
	if (found) return found;
	throw new ItsmNotifyError('no_address', 'The recipient has no DingTalk userid.', {
		field: 'address.userid',
	});
}

/** The robot's webhook, batchSend, asyncsend_v2 or createAndDeliver. Throws `no_address`, `invalid_credential`. */
export function request(payload: Json, context: SendContext, prepared: Json): HttpRequest {
	const { credential, delivery, now } = context;
	const mode = modeOf(credential);
	if (mode === 'robot') return post(robotUrl(credential, now), toRobot(payload));
	const to = receiver(delivery);
	if (mode === 'notice') return notice(payload, context, prepared, to);
	if (mode === 'card') return card(payload, context, prepared, to);
	const group = isGroup(to);
	return apiPost(
		credential,
		group ? '/v1.0/robot/groupMessages/send' : '/v1.0/robot/oToMessages/batchSend',
		prepared,
		{
			robotCode: robotCode(credential),
			...(group ? { openConversationId: to } : { userIds: [to] }),
			...toRobotMessage(payload),
		},
	);
}

function notice(payload: Json, context: SendContext, prepared: Json, to: string): HttpRequest {
	const { credential, delivery } = context;
	if (isGroup(to))
		throw new ItsmNotifyError('no_address', 'A work notice reaches members, not groups.', {
			field: 'address.userid',
		});
	const agent = required(credential, 'agentId', 'Agent ID', NAME);
	const number = createHash('sha256').update(ownId(context)).digest('hex').slice(0, 8);
	const label = delivery.recipient?.language?.toLowerCase().startsWith('zh') ? '编号' : 'No.';
	return post(
		`${oapi(credential)}/topapi/message/corpconversation/asyncsend_v2?access_token=${encodeURIComponent(String(prepared.token ?? ''))}`,
		{
			agent_id: /^\d{1,15}$/.test(agent) ? Number(agent) : agent,
			userid_list: to,
			to_all_user: false,
			msg: asOwn(toNotice(payload), `${label} ${number}`),
		},
	);
}

function card(payload: Json, context: SendContext, prepared: Json, to: string): HttpRequest {
	const { credential, streamed } = context;
	const route = streamed ? undefined : textIn(credential, 'callbackRouteKey');
	const code = robotCode(credential);
	return apiPost(credential, '/v1.0/card/instances/createAndDeliver', prepared, {
		cardTemplateId: required(credential, 'cardTemplateId', 'Card Template ID', NAME),
		outTrackId: ownId(context),
		callbackType: streamed ? 'STREAM' : 'HTTP',
		...(route ? { callbackRouteKey: route } : {}),
		cardData: { cardParamMap: toParams(payload) },
		userIdType: 1,
		...(isGroup(to)
			? {
					openSpaceId: `dtv1.card//IM_GROUP.${to}`,
					imGroupOpenSpaceModel: { supportForward: false },
					imGroupOpenDeliverModel: { robotCode: code },
				}
			: {
					openSpaceId: `dtv1.card//IM_ROBOT.${to}`,
					imRobotOpenSpaceModel: { supportForward: false },
					imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode: code },
				}),
	});
}

/** PUT card/instances; `ref` is `{out_track_id}` as recorded. Throws `not_updatable` for everything but a card. */
export function update(
	payload: Json,
	ref: Json,
	{ credential }: SendContext,
	prepared: Json,
): HttpRequest {
	const outTrackId = textIn(ref, 'out_track_id');
	if (credential.mode === 'robot' || !outTrackId)
		throw new ItsmNotifyError(
			'not_updatable',
			'Only an interactive card of DingTalk can be changed.',
			{
				field: 'ref.out_track_id',
			},
		);
	return {
		...apiPost(credential, '/v1.0/card/instances', prepared, {
			outTrackId,
			cardData: { cardParamMap: toParams(payload) },
			cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
			userIdType: 1,
		}),
		method: 'PUT',
	};
}

/** A fresh token; a robot is asked with an empty body, which it refuses without posting. */
export const probe = (credential: Credential, _prepared: Json, now = new Date()): HttpRequest =>
	modeOf(credential) === 'robot' ? post(robotUrl(credential, now), {}) : tokenRequest(credential);

/** Tells DingTalk where the presses of cards go; `url` is the public address of the Interaction Trigger. */
export function registerCallback(credential: Credential, url: string, prepared: Json): HttpRequest {
	return apiPost(credential, '/v1.0/card/callbacks/register', prepared, {
		callbackRouteKey: required(credential, 'callbackRouteKey', 'Callback Route Key', NAME),
		callbackUrl: url,
		apiSecret: required(credential, 'callbackSecret', 'Callback API Secret', NAME),
		forceUpdate: true,
	});
}
