import fc from 'fast-check';

import { channels, sendDelivery, TransportError, type HttpRequest } from '../../../core/channels';
import { segments } from '../../../core/channels/sms/segments';
import { anyCard, digest, incident } from './cards';
import { aDelivery, fails, fakeIo, json } from './fakes';

const { sms } = channels;
type Json = Record<string, unknown>;
const textOf = (card: Parameters<typeof sms.draw>[0]): string => String(sms.draw(card).text);

const twilio = {
	provider: 'twilio',
	accountSid: 'AC1',
	authToken: 'tok-secret',
	from: '+15017122661',
};
const aliyun = {
	provider: 'aliyun',
	accessKeyId: 'AK',
	accessKeySecret: 'ak-secret',
	signName: '运维',
	templateId: 'SMS_1',
	templateParams: 'ticket=number, title=title, p=priority',
};
const tencent = {
	provider: 'tencent',
	secretId: 'sid',
	secretKey: 'tc-secret',
	sdkAppId: '14',
	signName: '运维',
	templateId: '7',
	templateParams: 'number, title',
};
const gateway = {
	provider: 'http',
	gatewaySecretUrl: 'https://sms.test/send',
	headersSecret: '{"Authorization":"Bearer g-secret"}',
	bodyTemplate: '{"to":"{{to}}","text":"{{text}}"}',
	successPath: 'result.code',
	successValue: '0',
	messageIdPath: 'result.id',
};

const delivery = (message: Json = sms.draw(incident)) =>
	aDelivery({ channel: 'sms', address: { number: '+86 138-0013-8000' }, message });
const send = (
	credential: Json,
	step: Parameters<typeof fakeIo>[0][number] = json({}),
	message?: Json,
) => {
	const io = fakeIo([step]);
	return sendDelivery(sms, delivery(message), credential, io, {
		inRunRetryMs: 0,
		publicUrl: 'https://n8n.test/webhook/abc/',
	}).then(({ outcome, request }) => ({
		outcome,
		shown: request,
		request: io.calls[0]?.request as HttpRequest,
	}));
};

describe('text', () => {
	it('one line, the link, the word to answer with', () => {
		expect(textOf({ ...incident, footer: 'Reply ACK K7Q2' })).toBe(
			'New incident: INC0010001 Mail is down & <slow> https://itsm.test/INC0010001?a=1&b=2 Reply ACK K7Q2',
		);
	});

	it('stays GSM-7 where only signs are typographic, and short', () => {
		const text = textOf({ ...incident, title: 'Disk – “full” … now', footer: undefined });
		expect(text).toContain('INC0010001 Disk - "full" ... now');
		expect(segments(text)).toBe(1);
	});

	it('a long title is cut, the ticket, the link and the reply word stay', () => {
		for (const filler of ['long words ', '很长的标题']) {
			const text = textOf({
				...incident,
				title: `${filler.repeat(200)} INC0010001`,
				footer: 'Reply ACK K7Q2',
			});
			expect(text.startsWith('INC0010001 ')).toBe(true);
			for (const part of ['https://itsm.test/INC0010001', 'Reply ACK K7Q2'])
				expect(text).toContain(part);
			expect(segments(text)).toBeLessThanOrEqual(3);
		}
	});

	it('a digest says how many', () => expect(textOf(digest)).toBe('12 tickets in the last hour'));

	it('whatever is drawn is accepted, in three parts, with the number', () => {
		fc.assert(
			fc.property(anyCard, (card) => {
				const payload = sms.draw(card);
				sms.check(payload);
				expect(String(payload.text)).not.toMatch(/\n|javascript:/);
				expect(segments(String(payload.text))).toBeLessThanOrEqual(3);
				const number = (payload.parts as Json).number as string;
				if (/^[\w-]+$/.test(number)) expect(payload.text).toContain(number);
			}),
			{ numRuns: 300 },
		);
	});

	it.each<[string, Json, string]>([
		['nothing', {}, 'empty_message'],
		['blank', { text: ' ' }, 'empty_message'],
	])('raw refuses %s', (_name, document, code) => {
		expect(() => sms.raw(document)).toThrow(expect.objectContaining({ code }));
	});
});

describe('address', () => {
	it.each([
		[{ number: '+86 138-0013-8000' }, '+8613800138000'],
		[{ address: '+1 (501) 712-2661' }, '+15017122661'],
		[{ number: '13800138000' }, undefined],
		[{ number: '+0123456789' }, undefined],
		[{}, undefined],
	])('%j', (document, number) => expect(sms.address(document)).toBe(number));
});

describe('Twilio', () => {
	it('asks as documented', async () => {
		const { request, outcome, shown } = await send(
			twilio,
			json({ sid: 'SM1', status: 'queued', num_segments: '1' }, 201),
		);
		expect(request.url).toBe('https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json');
		expect(request.headers?.authorization).toBe(
			`Basic ${Buffer.from('AC1:tok-secret').toString('base64')}`,
		);
		expect(Object.fromEntries(new URLSearchParams(request.body as string))).toMatchObject({
			To: '+8613800138000',
			From: '+15017122661',
			StatusCallback: 'https://n8n.test/webhook/abc/sms',
		});
		expect(outcome).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: 'SM1',
			ref: { sid: 'SM1', segments: 1 },
		});
		expect(JSON.stringify(shown)).not.toContain(Buffer.from('AC1:tok-secret').toString('base64'));
	});

	it('a messaging service chooses the sender', async () => {
		const { request } = await send(
			{ ...twilio, messagingServiceSid: 'MG1' },
			json({ sid: 'SM1' }, 201),
		);
		const form = new URLSearchParams(request.body as string);
		expect([form.get('MessagingServiceSid'), form.get('From')]).toEqual(['MG1', null]);
	});

	it.each<[string, number[], number]>([
		['rate', [20429, 14107, 30001], 429],
		['retry', [20500, 30008, 30003], 500],
		['auth', [20003], 401],
		['config', [20404, 21212, 21606, 21659, 21660, 21408, 21608, 30002, 30034], 400],
		['recipient', [21211, 21614, 21610, 30004, 30005, 30006], 400],
		['payload', [21602, 21617, 30007], 400],
	])('%s: %j', async (kind, codes, status) => {
		for (const code of codes) {
			const { outcome } = await send(twilio, json({ code, message: 'no', status }, status));
			expect(outcome).toMatchObject({ ok: false, class: kind, code: String(code) });
			const dead = [21211, 21614, 21610, 30005, 30006].includes(code);
			expect('deadAddresses' in outcome).toBe(dead);
		}
	});

	it('an unknown code goes by the status and stops nobody else', async () => {
		expect((await send(twilio, json({ code: 99999, message: 'x' }, 400))).outcome).toMatchObject({
			class: 'payload',
			onlyHere: true,
		});
		expect((await send(twilio, json('<html>', 502))).outcome).toMatchObject({
			class: 'retry',
			code: 'http_502',
		});
		expect((await send(twilio, json('<html>', 200))).outcome).toMatchObject({
			code: 'unexpected_answer',
		});
	});

	it('a lost answer is in doubt', async () => {
		expect(
			(await send(twilio, fails(new TransportError('timeout', 'no answer', true)))).outcome,
		).toMatchObject({ class: 'retry', ambiguous: true });
	});
});

describe('Aliyun', () => {
	it('fills the template in the query, with an empty body', async () => {
		const { request, outcome } = await send(
			aliyun,
			json({ Code: 'OK', BizId: 'b1', RequestId: 'r' }),
		);
		const url = new URL(request.url);
		expect(Object.fromEntries(url.searchParams)).toMatchObject({
			PhoneNumbers: '13800138000',
			SignName: '运维',
			TemplateCode: 'SMS_1',
			OutId: 'd_0001',
			TemplateParam: JSON.stringify({
				ticket: 'INC0010001',
				title: 'New incident: INC0010001 Mail is d…',
				p: 'Critical',
			}),
		});
		expect(request.body).toBeUndefined();
		expect(outcome).toMatchObject({ ok: true, providerMessageId: 'b1' });
	});

	it.each<[string, string]>([
		[
			'rate',
			'isv.BUSINESS_LIMIT_CONTROL Throttling Throttling.User isv.HOUR_LIMIT_CONTROL isv.DAY_LIMIT_CONTROL isv.MONTH_LIMIT_CONTROL',
		],
		['retry', 'isp.SYSTEM_ERROR ServiceUnavailable InternalError SignatureNonceUsed'],
		['auth', 'SignatureDoesNotMatch InvalidAccessKeyId.NotFound InvalidTimeStamp.Expired'],
		[
			'config',
			'isp.RAM_PERMISSION_DENY isv.AMOUNT_NOT_ENOUGH isv.OUT_OF_SERVICE isv.PRODUCT_UN_SUBSCRIPT isv.SMS_SIGNATURE_ILLEGAL isv.SMS_TEMPLATE_ILLEGAL isv.DENY_IP_RANGE isv.NEVER_HEARD_OF',
		],
		[
			'recipient',
			'isv.MOBILE_NUMBER_ILLEGAL isv.BLACK_KEY_CONTROL_LIMIT isv.DOMESTIC_NUMBER_NOT_SUPPORTED',
		],
		[
			'payload',
			'isv.TEMPLATE_MISSING_PARAMETERS isv.INVALID_JSON_PARAM isv.PARAM_LENGTH_LIMIT isv.SMS_CONTENT_ILLEGAL isv.MOBILE_COUNT_OVER_LIMIT',
		],
	])('%s', async (kind, codes) => {
		for (const code of codes.split(' ')) {
			const { outcome } = await send(aliyun, json({ Code: code, Message: 'no' }));
			expect(outcome).toMatchObject({ ok: false, class: kind, code });
			if (code === 'isv.MOBILE_NUMBER_ILLEGAL')
				expect(outcome).toMatchObject({ deadAddresses: ['+8613800138000'] });
		}
	});

	it('a part that is none is said', async () => {
		expect((await send({ ...aliyun, templateParams: 'x=nonsense' })).outcome).toMatchObject({
			class: 'auth',
			code: 'invalid_credential',
		});
	});
});

describe('Tencent Cloud', () => {
	const answer = (Code: string) =>
		json({
			Response: {
				SendStatusSet: [
					{
						SerialNo: Code === 'Ok' ? 's1' : '',
						PhoneNumber: '+8613800138000',
						Fee: 1,
						Code,
						Message: 'm',
					},
				],
				RequestId: 'r',
			},
		});
	const error = (Code: string) =>
		json({ Response: { Error: { Code, Message: 'm' }, RequestId: 'r' } });

	it('sends the body that it has signed', async () => {
		const { request, outcome } = await send(tencent, answer('Ok'));
		expect(JSON.parse(request.body as string)).toEqual({
			PhoneNumberSet: ['+8613800138000'],
			SmsSdkAppId: '14',
			TemplateId: '7',
			SignName: '运维',
			TemplateParamSet: ['INC0010001', 'New incident: INC0010001 Mail is d…'],
			SessionContext: 'd_0001',
		});
		expect(outcome).toMatchObject({ ok: true, providerMessageId: 's1' });
	});

	it.each<[string, string]>([
		[
			'rate',
			'RequestLimitExceeded LimitExceeded.PhoneNumberThirtySecondLimit LimitExceeded.PhoneNumberOneHourLimit LimitExceeded.PhoneNumberDailyLimit LimitExceeded.PhoneNumberSameContentDailyLimit LimitExceeded.DeliveryFrequencyLimit LimitExceeded.AppDailyLimit',
		],
		['retry', 'InternalError InternalError.Timeout InternalError.SendAndRecvFail'],
		['auth', 'AuthFailure.SignatureFailure AuthFailure.SignatureExpire'],
		[
			'config',
			'UnauthorizedOperation.SmsSdkAppIdVerifyFail FailedOperation.SignatureIncorrectOrUnapproved FailedOperation.TemplateIncorrectOrUnapproved FailedOperation.InsufficientBalanceInSmsPackage Never.Heard',
		],
		[
			'recipient',
			'InvalidParameterValue.IncorrectPhoneNumber FailedOperation.PhoneNumberInBlacklist',
		],
		[
			'payload',
			'FailedOperation.ContainSensitiveWord InvalidParameterValue.TemplateParameterFormatError InvalidParameterValue.TemplateParameterLengthLimit MissingParameter.EmptyPhoneNumberSet',
		],
	])('%s, on both levels', async (kind, codes) => {
		for (const code of codes.split(' ')) {
			for (const level of [answer, error]) {
				const { outcome } = await send(tencent, level(code));
				expect(outcome).toMatchObject({ ok: false, class: kind, code });
				if (code.endsWith('SendAndRecvFail')) expect(outcome).toMatchObject({ ambiguous: true });
			}
		}
	});
});

describe('any gateway', () => {
	const nasty = 'a "quote" \\ back\nnew {{to}} line & 中文';

	it('puts number and text in as JSON, however they look', async () => {
		const { request } = await send(gateway, json({ result: { code: 0, id: 9 } }), { text: nasty });
		expect(JSON.parse(request.body as string)).toEqual({ to: '+8613800138000', text: nasty });
	});

	it('as a form, and in the URL', async () => {
		const form = await send({ ...gateway, bodyTemplate: 'to={{to}}&text={{text}}' }, json({}), {
			text: nasty,
		});
		expect(new URLSearchParams(form.request.body as string).get('text')).toBe(nasty);
		const get = await send(
			{ ...gateway, method: 'GET', gatewaySecretUrl: 'https://sms.test/?t={{text}}&to={{to}}' },
			json({}),
			{ text: nasty },
		);
		expect(new URL(get.request.url).searchParams.get('t')).toBe(nasty);
		expect(get.request.body).toBeUndefined();
	});

	it('judges by the path, else by the status', async () => {
		expect((await send(gateway, json({ result: { code: 0, id: 9 } }))).outcome).toMatchObject({
			ok: true,
			providerMessageId: '9',
		});
		expect((await send(gateway, json({ result: { code: 7 } }))).outcome).toMatchObject({
			ok: false,
			code: 'gateway_7',
		});
		expect((await send(gateway, json('OK'))).outcome).toMatchObject({
			ok: false,
			code: 'unexpected_answer',
		});
		expect((await send({ ...gateway, successPath: '' }, json('OK'))).outcome).toMatchObject({
			ok: true,
		});
		expect((await send(gateway, json({}, 503))).outcome).toMatchObject({
			class: 'retry',
			code: 'http_503',
		});
		expect(
			(await send(gateway, fails(new TransportError('timeout', 'x', true)))).outcome,
		).toMatchObject({ class: 'retry', ambiguous: true });
	});

	it.each<[string, Json]>([
		['headers that are no JSON', { headersSecret: 'Authorization: x' }],
		['a header with a line break', { headersSecret: '{"a":"b\\r\\nc: d"}' }],
		['a body that is no JSON', { bodyTemplate: '{"to": {{to}} }' }],
		['a URL that is none', { gatewaySecretUrl: 'ftp://x' }],
	])('refuses %s, telling no secret', async (_name, patch) => {
		const { outcome } = await send({ ...gateway, ...patch });
		expect(outcome).toMatchObject({ ok: false, code: 'invalid_credential' });
		expect(JSON.stringify(outcome)).not.toContain('g-secret');
	});
});

it('what can come back', () => {
	expect([twilio, gateway, aliyun, tencent].map((one) => sms.answers?.(one))).toEqual([
		'reply',
		'link',
		'none',
		'none',
	]);
});
