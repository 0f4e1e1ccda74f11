import { httpFailure } from '../http-outcome';
import { isObject, textIn, type Json } from '../text';
import type { ChannelRequest, Failure, FailureClass, HttpResponse, Outcome } from '../types';

/** facts/channels.md §2.3: the connector's own codes. */
const CLASS_OF: Record<string, FailureClass> = {
	BotNotInConversationRoster: 'recipient',
	MessageWritesBlocked: 'recipient',
	ForbiddenOperationException: 'recipient',
	ConversationNotFound: 'recipient',
	ActivityNotFoundInConversation: 'recipient',
	BadSyntax: 'payload',
	BadArgument: 'payload',
	MessageSizeTooBig: 'payload',
};

const STATUS: Record<number, FailureClass> = {
	401: 'auth',
	403: 'config',
	404: 'config',
	412: 'retry',
};

/** Teams names no wait at times; the thread's shortest window is a second. */
const RATE_WAIT_MS = 2000;

const isLogin = (request: ChannelRequest): boolean =>
	request.kind === 'http' && request.url.endsWith('/oauth2/v2.0/token');
const isConnector = (request: ChannelRequest): boolean =>
	request.kind === 'http' && request.url.includes('/v3/conversations');

/** Answers of the login, of the connector and of a workflow. */
export function outcome(response: HttpResponse, request: ChannelRequest): Outcome {
	if (isLogin(request)) return login(response);
	return isConnector(request) ? connector(response, request) : workflow(response);
}

function login(response: HttpResponse): Outcome {
	const body = isObject(response.body) ? response.body : {};
	if (response.status === 200 && textIn(body, 'access_token')) return { ok: true, status: 'sent' };
	const code = textIn(body, 'error');
	if (!code || response.status === 429 || response.status >= 500)
		return httpFailure(response, 'Microsoft login');
	const why =
		textIn(body, 'error_description')
			?.split(/ ?Trace ID:|\r?\n/)[0]
			.slice(0, 200) ?? '';
	const kind = code === 'temporarily_unavailable' ? 'retry' : 'auth';
	return {
		ok: false,
		class: kind,
		code,
		message: `Microsoft refused the sign-in: ${code} ${why}`.trim(),
	};
}

function connector(response: HttpResponse, request: ChannelRequest): Outcome {
	const { status } = response;
	const body = isObject(response.body) ? response.body : {};
	if (status >= 200 && status < 300) return accepted(body, request);
	const failure = httpFailure(response, 'Teams');
	const error = isObject(body.error) ? body.error : {};
	const code = textIn(error, 'code') ?? failure.code;
	const kind = Object.hasOwn(CLASS_OF, code) ? CLASS_OF[code] : (STATUS[status] ?? failure.class);
	const wait = failure.retryAfterMs ?? (kind === 'rate' ? RATE_WAIT_MS : undefined);
	const words = textIn(error, 'message')?.slice(0, 200);
	return {
		...failure,
		class: kind,
		code,
		message: words ? `Teams refused: ${code} ${words}` : failure.message,
		...(wait === undefined ? {} : { retryAfterMs: wait }),
		...(status === 401 ? { tokenInvalid: true } : {}),
		...(kind === 'config' || kind === 'rate' ? { onlyHere: true } : {}),
	} as Failure;
}

const PATH = /^(.*)\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/;

function accepted(body: Json, request: ChannelRequest): Outcome {
	const [, service, conversation, changed] =
		PATH.exec(request.kind === 'http' ? request.url : '') ?? [];
	const id = textIn(body, 'id') ?? (changed && decodeURIComponent(changed));
	if (!id) {
		return {
			ok: false,
			class: 'config',
			code: 'unexpected_answer',
			message: "The answer is not Teams': check the Service URL of the credential.",
		};
	}
	if (!conversation) return { ok: true, status: 'sent', providerMessageId: id };
	const conversationId = decodeURIComponent(conversation);
	return {
		ok: true,
		status: 'sent',
		providerMessageId: messageId(conversationId, id),
		ref: { conversation_id: conversationId, activity_id: id, service_url: service },
	};
}

/** An activity's id is its own in its conversation only. A thread of a channel is named behind the channel. */
export const messageId = (conversation: string, activity: string): string =>
	`${conversation.replace(/;messageid=.*$/, '')}:${activity}`;

/** 202: the run is queued; whether it posts, nobody tells. An old connector answers 200 whatever happened. */
function workflow(response: HttpResponse): Outcome {
	const { status, body } = response;
	if (status < 200 || status >= 300) return httpFailure(response, 'The workflow');
	const text = typeof body === 'string' ? body : '';
	if (!text.startsWith('Webhook message delivery failed')) return { ok: true, status: 'sent' };
	const inner = Number(/HTTP(?: error)?\s*(\d{3})/i.exec(text)?.[1] ?? 400);
	return httpFailure({ status: inner, headers: response.headers, body: text }, 'The connector');
}
