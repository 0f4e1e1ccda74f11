import type { Inbound, InboundAnswer, InboundRequest, InboundResult } from '../inbound';
import { isObject, textIn, type Json } from '../text';
import type { Credential } from '../types';
import { commandCall, eventCalls, interactionCalls } from './inbound-calls';
import { respond } from './respond';
import { verifySlackSignature } from './signature';

/** Slack wants 200 and nothing else: a text would be shown to the person. */
const DONE: InboundAnswer = { status: 200, body: '' };

/** A body as Slack sends it: a form (`payload`, or a slash command's fields) or the JSON of the Events API. */
type Body = { form: URLSearchParams } | { json: unknown };

function readBody(request: InboundRequest): Body {
	const text = Buffer.from(request.rawBody).toString('utf8');
	const isForm = request.headers['content-type']
		?.toLowerCase()
		.startsWith('application/x-www-form-urlencoded');
	return isForm ? { form: new URLSearchParams(text) } : { json: parse(text) };
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Slack asks now and then, unsigned, whether the address has a good certificate. It learns nothing but that. */
function isSslCheck({ method, query, headers, rawBody }: InboundRequest): boolean {
	if (method === 'GET') return query.ssl_check === '1';
	if (headers['x-slack-signature'] !== undefined || rawBody.length > 500) return false;
	return new URLSearchParams(Buffer.from(rawBody).toString('utf8')).get('ssl_check') === '1';
}

function receive(
	request: InboundRequest,
	{ credential, now }: { credential: Credential; now: Date },
): InboundResult {
	if (isSslCheck(request)) return { kind: 'answered', answer: DONE };
	const proof = verifySlackSignature(
		textIn(credential, 'signingSecret') ?? '',
		{
			timestamp: request.headers['x-slack-request-timestamp'],
			signature: request.headers['x-slack-signature'],
			rawBody: request.rawBody,
		},
		now,
	);
	if (!proof.ok) return { kind: 'refused', status: 401, code: proof.code };
	const body = readBody(request);
	if ('form' in body) return fromForm(body.form, now);
	if (!isObject(body.json)) return { kind: 'refused', status: 400, code: 'invalid_json' };
	return fromEvent(body.json);
}

function fromForm(form: URLSearchParams, now: Date): InboundResult {
	const payload = form.get('payload');
	if (payload === null) {
		const call = commandCall(form, now);
		return call ? { kind: 'calls', calls: [call], answer: DONE } : unconcerned;
	}
	const read = parse(payload);
	if (!isObject(read)) return { kind: 'refused', status: 400, code: 'invalid_json' };
	return callsOrNothing(interactionCalls(read, now));
}

function fromEvent(body: Json): InboundResult {
	if (body.type === 'url_verification') {
		const headers = { 'content-type': 'text/plain; charset=utf-8' };
		return {
			kind: 'answered',
			answer: { status: 200, headers, body: textIn(body, 'challenge') ?? '' },
		};
	}
	return callsOrNothing(eventCalls(body));
}

const unconcerned: InboundResult = { kind: 'answered', answer: DONE };

const callsOrNothing = (calls: ReturnType<typeof eventCalls>): InboundResult =>
	calls.length > 0 ? { kind: 'calls', calls, answer: DONE } : unconcerned;

/**
 * Pressed buttons, modals, slash commands, direct messages and mentions. A repeat (`X-Slack-Retry-Num`) is answered
 * like the first one and carries the same replay key.
 */
export const inbound: Inbound = { receive, respond };
