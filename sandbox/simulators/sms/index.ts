import { startHttp } from '../http.ts';
import type { Answer, Call, Simulator, StartOptions } from '../http.ts';
import { createRate } from '../rate.ts';
import { aliyun, tencent } from './china.ts';
import type { SmsConfig } from './config.ts';
import { sid, sign, twilio } from './twilio.ts';
import type { Accepted } from './twilio.ts';

export type { SmsConfig } from './config.ts';

export type SmsProviderId = 'twilio' | 'aliyun' | 'tencent' | 'http';

export interface SmsSimulator extends Simulator {
	/** A person answers: the provider's own signed or keyed call to `callbackUrl`, and what that answered. */
	say(
		from: string,
		text: string,
		provider?: SmsProviderId,
	): Promise<{ status: number; body: string }>;
	/** Reports what became of a message, in the provider's own way. */
	report(
		messageId: string,
		status: 'delivered' | 'failed',
		errorCode?: string,
	): Promise<{ status: number; body: string }>;
	/** Every callback that was made, with its answer. */
	callbacks: Array<{ url: string; status: number; body: string }>;
}

/** Twilio, Aliyun, Tencent Cloud and a plain gateway behind one address; each is told by its own form. */
export async function startSms(options: StartOptions<SmsConfig>): Promise<SmsSimulator> {
	const { recorder, config } = options;
	const now = config.now ?? Date.now;
	const rate = config.rate ? createRate(config.rate, now) : undefined;
	const isPaced = (to: string): boolean => (rate?.take(to) ?? 0) > 0;
	const sent = new Map<string, Accepted & { provider: SmsProviderId }>();
	const callbacks: SmsSimulator['callbacks'] = [];

	function providerOf(call: Call): SmsProviderId {
		if (call.path.startsWith('/2010-04-01/')) return 'twilio';
		if (call.headers['x-acs-action'] !== undefined) return 'aliyun';
		if (call.headers['x-tc-action'] !== undefined) return 'tencent';
		return 'http';
	}

	function gateway(call: Call, accept: (message: Accepted) => void): Answer {
		const own = config.gateway;
		if (!own || call.path !== '/gateway/send') return { status: 404, body: { error: 'not found' } };
		if (call.headers.authorization !== `Bearer ${own.token}`)
			return { status: 401, body: { error: 'unauthorized' } };
		let body: Record<string, unknown>;
		try {
			body = JSON.parse(call.text) as Record<string, unknown>;
		} catch {
			return { status: 400, body: { error: 'no JSON' } };
		}
		const to = String(body['to']);
		if (!config.numbers.includes(to))
			return { status: 200, body: { result: { code: 7, message: 'unknown number' } } };
		const id = sid();
		accept({ id, to, text: String(body['text']) });
		return { status: 200, body: { result: { code: 0, id } } };
	}

	function handle(call: Call): Answer {
		const provider = providerOf(call);
		const accept = (message: Accepted): void => {
			sent.set(message.id, { ...message, provider });
			recorder.message({
				channel: 'sms',
				ref: message.id,
				to: [message.to],
				sender: provider,
				payload: { text: message.text, provider },
				rendered: { text: message.text },
				raw: {
					headers: Object.keys(call.headers),
					query: Object.fromEntries(call.query),
					body: call.text,
				},
			});
		};
		const answer =
			provider === 'twilio'
				? twilio(config, call, accept, isPaced)
				: provider === 'aliyun'
					? aliyun(config, call, accept, isPaced, now())
					: provider === 'tencent'
						? tencent(config, call, accept, isPaced, now())
						: gateway(call, accept);
		const code = codeOf(answer);
		if (code) refused(answer.status, code, call);
		return answer;
	}

	const refused = (status: number, code: string, call: Call): void => {
		recorder.refusal({
			channel: 'sms',
			status,
			code,
			why: `${call.method} ${call.path}`,
			raw: call.text,
		});
	};

	async function post(url: string, headers: Record<string, string>, body: string) {
		const response = await fetch(url, { method: 'POST', headers, body });
		const answer = { status: response.status, body: await response.text() };
		callbacks.push({ url, ...answer });
		return answer;
	}

	function asTwilio(url: string, form: Record<string, string>) {
		const signature = sign(config.twilio!.authToken, url, form);
		const type = 'application/x-www-form-urlencoded; charset=UTF-8';
		return post(
			url,
			{ 'content-type': type, 'x-twilio-signature': signature },
			new URLSearchParams(form).toString(),
		);
	}

	const asJson = (body: unknown) =>
		post(callbackUrl(), { 'content-type': 'application/json' }, JSON.stringify(body));

	function callbackUrl(): string {
		if (!config.callbackUrl) throw new Error('the SMS simulator has no callbackUrl');
		return config.callbackUrl;
	}

	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
		handle,
		spell(fault, call) {
			const answer = spell(fault.kind, fault.status, providerOf(call));
			if (answer) refused(answer.status, codeOf(answer) ?? 'fault', call);
			return answer;
		},
		lost: (fault, call) => refused(0, fault.kind, call),
	});
	return {
		...simulator,
		callbacks,
		async say(from, text, provider = 'twilio') {
			const local = from.replace(/^\+86/, '');
			if (provider === 'aliyun')
				return asJson([
					{
						phone_number: local,
						content: text,
						send_time: new Date(now()).toISOString(),
						sign_name: config.aliyun?.signName,
						dest_code: '1234',
						sequence_id: Math.floor(now()),
					},
				]);
			if (provider === 'tencent')
				return asJson({
					extend: '1',
					mobile: local,
					nationcode: '86',
					sign: config.tencent?.signName,
					text,
					time: Math.floor(now() / 1000),
				});
			const optOut: Record<string, string> = /^stop$/i.test(text.trim())
				? { OptOutType: 'STOP' }
				: {};
			return asTwilio(callbackUrl(), {
				MessageSid: sid(),
				AccountSid: config.twilio!.accountSid,
				From: from,
				To: config.twilio!.from,
				Body: text,
				NumMedia: '0',
				...optOut,
			});
		},
		async report(id, status, errorCode) {
			const message = sent.get(id);
			if (!message) throw new Error(`no SMS ${id} was sent`);
			const local = message.to.replace(/^\+86/, '');
			const isDelivered = status === 'delivered';
			if (message.provider === 'aliyun')
				return asJson([
					{
						phone_number: local,
						success: isDelivered,
						biz_id: id,
						err_code: errorCode ?? (isDelivered ? 'DELIVERED' : 'UNDELIVERED'),
						err_msg: status,
						report_time: new Date(now()).toISOString(),
					},
				]);
			if (message.provider === 'tencent')
				return asJson([
					{
						sid: id,
						mobile: local,
						nationcode: '86',
						report_status: isDelivered ? 'SUCCESS' : 'FAIL',
						errmsg: errorCode ?? 'DELIVRD',
						description: status,
						user_receive_time: new Date(now()).toISOString(),
					},
				]);
			return asTwilio(message.statusCallback ?? callbackUrl(), {
				MessageSid: id,
				MessageStatus: isDelivered ? 'delivered' : 'undelivered',
				To: message.to,
				From: config.twilio!.from,
				...(errorCode ? { ErrorCode: errorCode } : {}),
			});
		},
	};
}

/** The provider's own code of a refusal; undefined for a success. */
function codeOf(answer: Answer): string | undefined {
	const body = (answer.body ?? {}) as Record<string, unknown>;
	const response = body['Response'] as
		| { Error?: { Code: string }; SendStatusSet?: Array<{ Code: string }> }
		| undefined;
	const inside =
		response?.Error?.Code ?? response?.SendStatusSet?.find((one) => one.Code !== 'Ok')?.Code;
	if (inside) return inside;
	if (typeof body['Code'] === 'string') return body['Code'] === 'OK' ? undefined : body['Code'];
	const result = body['result'] as { code?: number } | undefined;
	if (result?.code) return String(result.code);
	return answer.status >= 400 ? String(body['code'] ?? `http_${answer.status}`) : undefined;
}

function spell(
	kind: string,
	status: number | undefined,
	provider: SmsProviderId,
): Answer | undefined {
	if (kind === '5xx') return { status: status ?? 503, body: 'Service Unavailable' };
	if (kind !== '429' && kind !== 'reject_auth') return undefined;
	const isRate = kind === '429';
	if (provider === 'aliyun')
		return {
			status: isRate ? 200 : 400,
			body: {
				Code: isRate ? 'isv.BUSINESS_LIMIT_CONTROL' : 'SignatureDoesNotMatch',
				Message: 'by a fault switch',
			},
		};
	if (provider === 'tencent')
		return {
			status: 200,
			body: {
				Response: {
					Error: {
						Code: isRate ? 'RequestLimitExceeded' : 'AuthFailure.SignatureFailure',
						Message: 'by a fault switch',
					},
				},
			},
		};
	if (provider === 'twilio')
		return {
			status: isRate ? 429 : 401,
			body: {
				code: isRate ? 20429 : 20003,
				message: 'by a fault switch',
				status: isRate ? 429 : 401,
			},
		};
	return { status: isRate ? 429 : 401, body: { error: 'by a fault switch' } };
}
