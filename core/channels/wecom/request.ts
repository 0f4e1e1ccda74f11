import { ItsmNotifyError } from '../../errors';
import type { Delivery } from '../../events/delivery';
import { baseUrl, fingerprint, httpUrl, required } from '../credential';
import { bytes, cut } from '../cut';
import type { Reply } from '../inbound';
import { clean, isObject, mapStrings, textIn, type Json } from '../text';
import type { Answers, Credential, HttpRequest, SendContext } from '../types';
import { WECOM } from './limits';
import { asOwn } from './repeat';

const NAME = 'WeCom';
const STANDARD = 'https://qyapi.weixin.qq.com';

/** WeCom drops an equal message to the same people within this time: a repeat after a lost answer is no second one. */
const DUPLICATE_SECONDS = 1800;

/**
 * A test run and a standalone node send each time, equal text or not; elsewhere an equal message is a repeat.
 */
export const checksDuplicates = (delivery: Delivery): boolean =>
	!delivery.test && delivery.standalone !== true;

export const isRobot = (credential: Credential): boolean => credential.mode === 'robot';

/** Presses come back to an app whose callback settings are filled in. */
export const answers = (credential: Credential): Answers =>
	!isRobot(credential) &&
	textIn(credential, 'callbackToken') &&
	textIn(credential, 'encodingAesKeySecret')
		? 'callback'
		: 'link';

/** A member's userid (several joined by `|`). */
export const address = (document: Readonly<Record<string, unknown>>): string | undefined =>
	textIn(document, 'userid', 'address');

const base = (credential: Credential): string => baseUrl(credential, STANDARD, NAME);

const secrets = (credential: Credential): [string, string] => [
	required(credential, 'corpId', 'Corp ID', NAME),
	required(credential, 'corpSecret', 'App Secret', NAME),
];

/** One token per base, corporation and secret; the key shows none of them. */
export const tokenKey = (credential: Credential): string =>
	`wecom:${fingerprint(base(credential), ...secrets(credential))}`;

export function tokenRequest(credential: Credential): HttpRequest {
	const [corpid, corpsecret] = secrets(credential);
	const query = new URLSearchParams({ corpid, corpsecret });
	return { kind: 'http', method: 'GET', url: `${base(credential)}/cgi-bin/gettoken?${query}` };
}

function post(url: string, body: Json): HttpRequest {
	// WeCom refuses `\uXXXX` in JSON: without control characters and half pairs, JSON.stringify writes none.
	return {
		kind: 'http',
		method: 'POST',
		url,
		headers: { 'content-type': 'application/json; charset=utf-8' },
		body: mapStrings(body, clean),
	};
}

const api = (credential: Credential, path: string, prepared: Json): string =>
	`${base(credential)}/cgi-bin/${path}?access_token=${encodeURIComponent(String(prepared.token ?? ''))}`;

/** The agent id as a number where it is one. */
function agentId(credential: Credential): number | string {
	const value = required(credential, 'agentId', 'Agent ID', NAME);
	return /^\d+$/.test(value) ? Number(value) : value;
}

/** The robot's URL: whole as copied from WeCom, or made of `key` and the base URL. */
export function robotUrl(credential: Credential): string {
	const whole = textIn(credential, 'webhookSecretUrl');
	if (whole && /^https?:/i.test(whole))
		return httpUrl(whole, 'webhookSecretUrl', 'Webhook URL', NAME);
	const key = whole ?? required(credential, 'key', 'Webhook URL', NAME);
	return `${base(credential)}/cgi-bin/webhook/send?key=${encodeURIComponent(key)}`;
}

/** `task_id` names a card for ever; it must be the same for every try of one delivery. */
const taskId = (deliveryId: string): string =>
	deliveryId.replace(/[^0-9A-Za-z_\-@]/g, '_').slice(0, 128);

const needsTask = (card: Json): boolean =>
	card.card_type !== 'text_notice' || card.action_menu !== undefined;

/** message/send of the app, or webhook/send of a group robot. Throws `no_address`, `invalid_credential`. */
export function request(
	payload: Json,
	{ delivery, credential, now }: SendContext,
	prepared: Json,
): HttpRequest {
	const { robot, ...app } = payload;
	delete app.card;
	if (isRobot(credential)) return post(robotUrl(credential), isObject(robot) ? robot : app);
	const touser = address(delivery.address);
	if (!touser)
		throw new ItsmNotifyError('no_address', 'The recipient has no WeCom userid.', {
			field: 'address.userid',
		});
	// What may be sent twice on purpose needs a name of its own each time.
	const id = checksDuplicates(delivery)
		? delivery.delivery_id
		: `${delivery.delivery_id}-${now.getTime()}`;
	return post(api(credential, 'message/send', prepared), {
		...asOwn(app, taskId(id)),
		touser,
		agentid: agentId(credential),
		safe: 0,
		...(checksDuplicates(delivery)
			? { enable_duplicate_check: 1, duplicate_check_interval: DUPLICATE_SECONDS }
			: {}),
	});
}

/**
 * update_template_card; `ref` is that of the send, or the `reply` of the last press: its `response_code` works once,
 * within 72 hours. A payload `{button: {replace_name}}` greys the buttons, a template_card, or the
 * `card` beside a markdown, takes the card's place.
 * Throws `not_updatable`.
 */
export function update(
	payload: Json,
	ref: Json,
	{ delivery, credential }: SendContext,
	prepared: Json,
): HttpRequest {
	const code = textIn(ref, 'response_code');
	const { button, template_card: card = payload.card } = payload;
	const part = isObject(button)
		? { button }
		: isObject(card)
			? {
					template_card: {
						...card,
						...(needsTask(card)
							? {
									// An app takes each task_id once: every change has its own.
									task_id:
										card.task_id ??
										taskId(`${delivery.delivery_id}-${fingerprint(code).slice(0, 8)}`),
								}
							: {}),
					},
				}
			: undefined;
	if (isRobot(credential) || !code || !part) {
		throw new ItsmNotifyError(
			'not_updatable',
			'Only a card of a WeCom app with an unused response_code can be changed.',
			{ field: 'ref.response_code' },
		);
	}
	const userid = textIn(ref, 'userid') ?? address(delivery.address);
	return post(api(credential, 'message/update_template_card', prepared), {
		...(userid ? { userids: userid.split('|') } : {}),
		agentid: agentId(credential),
		response_code: code,
		...part,
	});
}

/** A text of the app to the person. Undefined for a robot, which hears nothing. */
export function respond(
	text: string,
	reply: Reply,
	{ credential, prepared }: { credential: Credential; prepared: Json },
): HttpRequest | undefined {
	const touser = textIn(reply, 'userid');
	if (isRobot(credential) || !touser) return undefined;
	// A text may hold `<a href>`: the words of others must not.
	const content = cut(clean(text).replace(/</g, '＜'), WECOM.robotPlain, bytes);
	return post(api(credential, 'message/send', prepared), {
		touser,
		msgtype: 'text',
		text: { content },
		agentid: agentId(credential),
		safe: 0,
	});
}

/** gettoken; a robot is asked with an empty text, which it refuses without posting. */
export const probe = (credential: Credential): HttpRequest =>
	isRobot(credential)
		? post(robotUrl(credential), { msgtype: 'text', text: { content: '' } })
		: tokenRequest(credential);
