import type { Answer, Call } from '../http.ts';
import type { Json, SmsConfig } from './config.ts';
import { sid } from './twilio.ts';
import type { Accepted } from './twilio.ts';

/** Somebody's own service: a number and a text, told by a bearer token. */
export function gateway(
	config: SmsConfig,
	call: Call,
	accept: (message: Accepted) => void,
): Answer {
	const own = config.gateway;
	if (!own || call.path !== '/gateway/send') return { status: 404, body: { error: 'not found' } };
	if (call.headers.authorization !== `Bearer ${own.token}`)
		return { status: 401, body: { error: 'unauthorized' } };
	let body: Json;
	try {
		body = JSON.parse(call.text) as Json;
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
