import { ItsmNotifyError } from '../../errors';
import { lostAnswer } from '../lost-answer';
import { clean, isObject, oneLine, textIn, type Json } from '../text';
import type { Channel, ChannelRequest, ChannelResponse, Credential, Outcome } from '../types';
import { aliyun } from './aliyun';
import { draw } from './card';
import { gateway, gatewayOutcome } from './gateway';
import { inbound } from './inbound';
import { limits, SMS } from './limits';
import { address } from './number';
import type { SmsProvider } from './provider';
import { raw } from './raw';
import { tencent } from './tencent';
import { twilio } from './twilio';

const PROVIDERS: Record<string, SmsProvider> = { twilio, aliyun, tencent };

const isGateway = (credential: Credential): boolean => credential.provider === 'http';

function providerOf(credential: Credential): SmsProvider {
	const id = textIn(credential, 'provider') ?? 'twilio';
	if (Object.hasOwn(PROVIDERS, id)) return PROVIDERS[id];
	throw new ItsmNotifyError('invalid_credential', `There is no SMS provider "${id}".`, {
		field: 'provider',
	});
}

const refuse = (field: string, why: string): never => {
	throw new ItsmNotifyError('invalid_payload', `The SMS cannot be sent: ${field} ${why}.`, {
		field,
	});
};

function check(payload: Json): void {
	const { text, params, parts } = payload;
	if (text !== undefined && (typeof text !== 'string' || !text.trim())) refuse('text', 'is empty');
	if (typeof text === 'string' && text.length > SMS.twilioBody)
		refuse('text', `is over ${SMS.twilioBody} characters`);
	if (params !== undefined && !isObject(params)) refuse('params', 'is no object');
	if (parts !== undefined && !isObject(parts)) refuse('parts', 'is no object');
	if (text === undefined && params === undefined) refuse('text', 'is missing');
}

/** The answer does not say whose it is, the request does. */
function outcome(response: ChannelResponse, request: ChannelRequest): Outcome {
	if ('answers' in response) {
		const [answer] = response.answers;
		return answer.error ? lostAnswer(answer.error) : gatewayOutcome(answer.response, answer.about);
	}
	if (!('status' in response) || request.kind !== 'http')
		return { ok: false, class: 'config', code: 'unexpected_answer', message: 'No HTTP answer' };
	const headers = request.headers ?? {};
	const provider = headers['x-acs-action'] ? aliyun : headers['x-tc-action'] ? tencent : twilio;
	return provider.outcome(response, request);
}

/** SMS by Twilio, Aliyun, Tencent Cloud, or any gateway that takes one HTTP call. */
export const sms: Channel = {
	id: 'sms',
	name: 'SMS',
	limits,
	rate: (credential) => (isGateway(credential) ? gateway.rate : providerOf(credential).rate),
	escape: clean,
	address,
	draw,
	raw,
	summary: (payload) =>
		oneLine(
			textIn(payload, 'text') ??
				(isObject(payload.params) ? Object.values(payload.params).join(' ') : ''),
		),
	check,
	request: (payload, context) =>
		isGateway(context.credential)
			? gateway.request(payload, context)
			: providerOf(context.credential).request(payload, context),
	outcome,
	probe: (credential) =>
		isGateway(credential) ? undefined : providerOf(credential).probe?.(credential),
	answers(credential) {
		if (isGateway(credential)) return 'link';
		return credential.provider === 'aliyun' || credential.provider === 'tencent' ? 'none' : 'reply';
	},
	inbound,
};
