import type { Callback, Caller, Deed } from '../two-way.ts';
import type { Json, SentSms, SmsConfig, SmsProviderId } from './config.ts';
import { sid, sign } from './twilio.ts';

const PATIENCE_MS = 15_000;

export interface SmsPeople {
	config: SmsConfig;
	caller: Caller;
	now(): number;
	/** By id. */
	sent: Map<string, SentSms>;
}

/** Twilio signs the address with its query, then the form. */
function asTwilio(
	{ config, caller }: SmsPeople,
	form: Record<string, string>,
	deed?: Deed,
	url?: string,
): Promise<Callback> {
	return caller.call(
		deed,
		({ secret }, address) => ({
			headers: {
				'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
				'x-twilio-signature': sign(secret(config.twilio!.authToken), address, form),
			},
			body: new URLSearchParams(form).toString(),
			timeoutMs: PATIENCE_MS,
		}),
		url,
	);
}

/** Aliyun and Tencent sign nothing: the `key` in their address is the proof. */
const asJson = ({ config, caller }: SmsPeople, body: unknown, deed?: Deed): Promise<Callback> =>
	caller.call(deed, ({ secret }) => ({
		query: { key: secret(config.callbackSecret ?? '') },
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
		timeoutMs: PATIENCE_MS,
	}));

const local = (number: string): string => number.replace(/^\+86/, '');

/** With whom a person writes: who sent the message that is answered, or the last one. */
function providerFor({ sent, config }: SmsPeople, user: string, messageId?: string): SmsProviderId {
	const one = messageId
		? sent.get(messageId)
		: [...sent.values()].reverse().find(({ to }) => to === user);
	if (one) return one.provider;
	if (messageId) throw new Error(`no such message: ${messageId}`);
	return config.twilio ? 'twilio' : config.aliyun ? 'aliyun' : 'tencent';
}

/** A person answers: the provider's own signed or keyed call. */
export async function say(
	people: SmsPeople,
	user: string,
	text: string,
	messageId?: string,
	provider: SmsProviderId = providerFor(people, user, messageId),
): Promise<Callback> {
	const { config, now } = people;
	if (!config.numbers.includes(user)) throw new Error(`no such number: ${user}`);
	const deed = { user, said: text, messageId };
	switch (provider) {
		case 'aliyun': {
			const reply = {
				phone_number: local(user),
				content: text,
				send_time: new Date(now()).toISOString(),
				sign_name: config.aliyun?.signName,
				dest_code: '1234',
				sequence_id: Math.floor(now()),
			};
			return await asJson(people, [reply], deed);
		}
		case 'tencent': {
			const reply: Json = {
				extend: '1',
				mobile: local(user),
				nationcode: '86',
				sign: config.tencent?.signName,
				text,
				time: Math.floor(now() / 1000),
			};
			return await asJson(people, reply, deed);
		}
		case 'twilio': {
			const form = {
				MessageSid: sid(),
				AccountSid: config.twilio!.accountSid,
				From: user,
				To: config.twilio!.from,
				Body: text,
				NumMedia: '0',
				...(/^stop$/i.test(text.trim()) ? { OptOutType: 'STOP' } : {}),
			};
			return await asTwilio(people, form, deed);
		}
		default:
			throw new Error('a plain gateway has no way back');
	}
}

/** What became of a message, in the provider's own way. */
export async function report(
	people: SmsPeople,
	id: string,
	status: 'delivered' | 'failed',
	errorCode?: string,
): Promise<Callback> {
	const { config, now, sent } = people;
	const message = sent.get(id);
	if (!message) throw new Error(`no SMS ${id} was sent`);
	const isDelivered = status === 'delivered';
	const at = new Date(now()).toISOString();
	if (message.provider === 'aliyun') {
		const row = {
			phone_number: local(message.to),
			success: isDelivered,
			biz_id: id,
			err_code: errorCode ?? (isDelivered ? 'DELIVERED' : 'UNDELIVERED'),
			err_msg: status,
			report_time: at,
		};
		return await asJson(people, [row]);
	}
	if (message.provider === 'tencent') {
		const row = {
			sid: id,
			mobile: local(message.to),
			nationcode: '86',
			report_status: isDelivered ? 'SUCCESS' : 'FAIL',
			errmsg: errorCode ?? 'DELIVRD',
			description: status,
			user_receive_time: at,
		};
		return await asJson(people, [row]);
	}
	const form = {
		MessageSid: id,
		MessageStatus: isDelivered ? 'delivered' : 'undelivered',
		To: message.to,
		From: config.twilio!.from,
		...(errorCode ? { ErrorCode: errorCode } : {}),
	};
	return await asTwilio(people, form, undefined, message.statusCallback);
}
