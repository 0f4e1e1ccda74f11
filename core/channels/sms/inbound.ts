import { createHash } from 'node:crypto';

import type {
	Inbound,
	InboundAnswer,
	InboundCall,
	InboundContext,
	InboundRequest,
	InboundResult,
} from '../inbound';
import { clean, isObject, textIn, wordsOf, type Json } from '../text';
import type { Credential } from '../types';
import { gateway } from './gateway';
import { e164, fromChina } from './number';
import { DEAD, twilio } from './twilio';
import { isSame, verifyTwilio, type FormParameters } from './twilio-signature';

const refused = (code: string): InboundResult => ({ kind: 'refused', status: 401, code });

/** An answer that sends nothing back. */
const TWIML: InboundAnswer = {
	status: 200,
	headers: { 'content-type': 'text/xml; charset=utf-8' },
	body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
};
const json = (body: Json): InboundAnswer => ({
	status: 200,
	headers: { 'content-type': 'application/json; charset=utf-8' },
	body: JSON.stringify(body),
});

const decode = (raw: Uint8Array): string => Buffer.from(raw).toString('utf8');

const answered = (calls: InboundCall[], answer: InboundAnswer): InboundResult =>
	calls.length > 0 ? { kind: 'calls', calls, answer } : { kind: 'answered', answer };

/** Words that Twilio takes as "no more messages", also where it does not say so itself. */
const STOP = /^(?:stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)$/i;

function twilioCalls(form: Json): InboundCall[] {
	const sid = textIn(form, 'MessageSid', 'SmsSid');
	if (!sid) return [];
	const state = textIn(form, 'MessageStatus')?.toLowerCase();
	if (state) {
		const known = { delivered: 'delivered', read: 'read', undelivered: 'failed', failed: 'failed' };
		if (!Object.hasOwn(known, state)) return [];
		const code = textIn(form, 'ErrorCode');
		const to = e164(form.To);
		return [
			{
				type: 'status',
				replayKey: `twilio:${sid}:${state}`,
				providerMessageId: sid,
				status: known[state as keyof typeof known] as 'delivered' | 'read' | 'failed',
				...(to ? { recipient: to } : {}),
				...(code ? { code } : {}),
				...(DEAD.has(Number(code)) ? { deadAddress: true } : {}),
			},
		];
	}
	const from = e164(form.From);
	if (!from) return [];
	const text = clean(wordsOf(form.Body)).trim();
	const optOut = textIn(form, 'OptOutType')?.toUpperCase();
	if (optOut === 'STOP' || (!optOut && STOP.test(text))) {
		return [
			{
				type: 'status',
				replayKey: `twilio:${sid}:stop`,
				providerMessageId: sid,
				recipient: from,
				status: 'failed',
				code: 'opted_out',
				message: 'The person wants no more SMS from this number.',
				deadAddress: true,
			},
		];
	}
	// START and HELP are between the person and Twilio.
	if (optOut || !text) return [];
	const to = e164(form.To);
	return [
		{
			type: 'text',
			replayKey: `twilio:${sid}`,
			channelUserId: from,
			text,
			reply: { to: from, ...(to ? { from: to } : {}) },
		},
	];
}

function receiveTwilio(request: InboundRequest, credential: Credential): InboundResult {
	const token = textIn(credential, 'authToken');
	if (!token) return refused('no_secret');
	const signature = request.headers['x-twilio-signature']?.trim();
	if (!signature) return refused('missing_signature');
	const isForm = /x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '');
	const form: FormParameters = Object.create(null) as FormParameters;
	if (isForm)
		for (const [name, value] of new URLSearchParams(decode(request.rawBody)))
			(form[name] ??= []).push(value);
	if (!verifyTwilio(token, signature, request.url, request.rawBody, form))
		return refused('bad_signature');
	const fields = isForm
		? Object.fromEntries(Object.entries(form).map(([name, [value]]) => [name, value]))
		: parsed(request.rawBody);
	return answered(isObject(fields) ? twilioCalls(fields) : [], TWIML);
}

function parsed(raw: Uint8Array): unknown {
	try {
		return JSON.parse(decode(raw));
	} catch {
		return undefined;
	}
}

const short = (...parts: unknown[]): string =>
	createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** SmsReport and SmsUp of Aliyun: lists. */
function aliyunCall(row: Json): InboundCall[] {
	const number = fromChina(row.phone_number);
	if (!number) return [];
	if (row.content !== undefined) {
		const text = clean(wordsOf(row.content)).trim();
		const id = textIn(row, 'sequence_id') ?? short(number, row.send_time, text);
		return text
			? [
					{
						type: 'text',
						replayKey: `aliyun:up:${id}`,
						channelUserId: number,
						text,
						reply: { to: number },
					},
				]
			: [];
	}
	const id = textIn(row, 'biz_id');
	if (!id) return [];
	const isDelivered = row.success === true || row.success === 'true';
	return [
		reported(
			'aliyun',
			id,
			number,
			isDelivered,
			textIn(row, 'err_code'),
			textIn(row, 'err_msg'),
			row.report_time,
		),
	];
}

/** Delivery reports of Tencent Cloud are a list, a reply is one object. */
function tencentCall(row: Json): InboundCall[] {
	const nation = textIn(row, 'nationcode') ?? '86';
	const number = e164(`+${nation.replace(/^\+/, '')}${textIn(row, 'mobile') ?? ''}`);
	if (!number) return [];
	if (row.text !== undefined) {
		const text = clean(wordsOf(row.text)).trim();
		const id = short(number, row.time, row.extend, text);
		return text
			? [
					{
						type: 'text',
						replayKey: `tencent:up:${id}`,
						channelUserId: number,
						text,
						reply: { to: number },
					},
				]
			: [];
	}
	const id = textIn(row, 'sid');
	if (!id) return [];
	const isDelivered = row.report_status === 'SUCCESS';
	return [
		reported(
			'tencent',
			id,
			number,
			isDelivered,
			textIn(row, 'errmsg'),
			textIn(row, 'description'),
			row.user_receive_time,
		),
	];
}

const reported = (
	provider: string,
	id: string,
	recipient: string,
	isDelivered: boolean,
	code: string | undefined,
	message: string | undefined,
	at: unknown,
): InboundCall => ({
	type: 'status',
	replayKey: `${provider}:${id}:${short(recipient, isDelivered, at)}`,
	providerMessageId: id,
	recipient,
	status: isDelivered ? 'delivered' : 'failed',
	...(isDelivered || !code ? {} : { code }),
	...(isDelivered || !message ? {} : { message: clean(message).slice(0, 200) }),
});

/** Neither provider signs its calls: the URL carries a secret that only they were told. */
function receiveKeyed(
	request: InboundRequest,
	credential: Credential,
	read: (row: Json) => InboundCall[],
	answer: InboundAnswer,
): InboundResult {
	const secret = textIn(credential, 'callbackSecret');
	if (!secret) return refused('no_secret');
	const given = request.query.key;
	if (typeof given !== 'string' || given === '') return refused('missing_key');
	if (!isSame(given, secret)) return refused('wrong_key');
	const body = request.method === 'POST' ? parsed(request.rawBody) : undefined;
	const rows = (Array.isArray(body) ? body : [body]).filter(isObject);
	return answered(rows.flatMap(read), answer);
}

export const inbound: Inbound = {
	receive(request: InboundRequest, { credential }: InboundContext): InboundResult {
		switch (credential.provider) {
			case 'aliyun':
				return receiveKeyed(request, credential, aliyunCall, json({ code: 0, msg: 'OK' }));
			case 'tencent':
				return receiveKeyed(request, credential, tencentCall, json({ result: 0, errmsg: 'OK' }));
			case 'http':
				return refused('no_inbound');
			default:
				return receiveTwilio(request, credential);
		}
	},
	respond(text, reply, { credential }) {
		const to = e164(reply.to);
		if (!to || !text.trim()) return undefined;
		if (credential.provider === 'http') return gateway.reply(text, to, credential);
		// Aliyun and Tencent send fixed templates only.
		if (credential.provider === 'aliyun' || credential.provider === 'tencent') return undefined;
		return twilio.reply?.(text, to, reply, credential);
	},
};
