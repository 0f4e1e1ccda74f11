import { createHmac, randomBytes } from 'node:crypto';

import type { Answer, Call } from '../http.ts';
import { isNumber } from './config.ts';
import type { SentSms, SmsConfig } from './config.ts';

export const sid = (): string => `SM${randomBytes(16).toString('hex')}`;

const wrong = (status: number, code: number, message: string): Answer => ({
	status,
	body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

export type Accepted = Omit<SentSms, 'provider'>;

/** Messages.json and the account itself; `accept` records. */
export function twilio(
	config: SmsConfig,
	call: Call,
	accept: (message: Accepted) => void,
	isPaced: (to: string) => boolean,
): Answer {
	const own = config.twilio;
	if (!own) return wrong(404, 20404, 'The requested resource was not found');
	const basic = `Basic ${Buffer.from(`${own.accountSid}:${own.authToken}`).toString('base64')}`;
	if (call.headers.authorization !== basic)
		return wrong(401, 20003, 'Authenticate: authentication error - invalid username or password');
	const account = `/2010-04-01/Accounts/${own.accountSid}`;
	if (call.method === 'GET' && call.path === `${account}.json`)
		return { status: 200, body: { sid: own.accountSid, status: 'active' } };
	if (call.method !== 'POST' || call.path !== `${account}/Messages.json`)
		return wrong(404, 20404, `The requested resource ${call.path} was not found`);
	if (!/^application\/x-www-form-urlencoded/.test(String(call.headers['content-type'])))
		return wrong(400, 21604, "A 'To' phone number is required.");
	const form = new URLSearchParams(call.text);
	const [to, body] = [form.get('To') ?? '', form.get('Body') ?? ''];
	if (!to) return wrong(400, 21604, "A 'To' phone number is required.");
	if (!isNumber(to)) return wrong(400, 21211, `Invalid 'To' Phone Number: ${to}`);
	if (!config.numbers.includes(to))
		return wrong(400, 21614, `'To' number is not a valid mobile number: ${to}`);
	if (body === '') return wrong(400, 21602, 'Message body is required.');
	if (body.length > 1600)
		return wrong(400, 21617, 'The concatenated message body exceeds the 1600 character limit.');
	const service = form.get('MessagingServiceSid');
	if (service ? service !== own.messagingServiceSid : form.get('From') !== own.from)
		return wrong(
			400,
			21606,
			"The 'From' phone number is not a valid, SMS-capable inbound phone number",
		);
	const statusCallback = form.get('StatusCallback') ?? undefined;
	if (statusCallback !== undefined && !URL.canParse(statusCallback))
		return wrong(400, 21609, `The 'StatusCallback' URL ${statusCallback} is not a valid URL.`);
	if (isPaced(to)) return wrong(429, 20429, 'Too Many Requests');
	const id = sid();
	accept({ id, to, text: body, statusCallback });
	return {
		status: 201,
		body: {
			sid: id,
			status: 'queued',
			to,
			from: own.from,
			body,
			num_segments: '1',
			error_code: null,
			error_message: null,
		},
	};
}

/** What Twilio signs: the URL, then each parameter's name and value, by name. */
export function sign(token: string, url: string, form: Record<string, string>): string {
	const rest = Object.keys(form)
		.sort()
		.map((name) => name + form[name])
		.join('');
	return createHmac('sha1', token)
		.update(Buffer.from(url + rest, 'utf8'))
		.digest('base64');
}
