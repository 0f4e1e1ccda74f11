import { httpFailure, retryAfter } from '../http-outcome';
import { isObject, type Json } from '../text';
import type { ChannelRequest, Failure, FailureClass, HttpResponse, Outcome } from '../types';

const words = (text: string): string[] => text.split(' ');

/** facts/channels.md §1.2. */
const CLASSES: Array<[FailureClass, string[]]> = [
	['rate', words('ratelimited rate_limited')],
	[
		'retry',
		words(
			'internal_error fatal_error service_unavailable request_timeout team_added_to_org org_login_required update_failed rollup_error',
		),
	],
	[
		'auth',
		words(
			'invalid_auth not_authed token_expired token_revoked account_inactive two_factor_setup_required invalid_token',
		),
	],
	[
		'recipient',
		words(
			'channel_not_found is_archived channel_is_archived user_not_found users_not_found user_disabled message_not_found',
		),
	],
	[
		'payload',
		words(
			'no_text invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long too_many_attachments attachment_payload_limit_exceeded markdown_text_conflict metadata_too_large invalid_arguments invalid_array_arg invalid_form_data block_mismatch invalid_payload invalid_attachments invalid_thread_ts invalid_json json_not_object invalid_post_type',
		),
	],
];
const CLASS_OF = new Map(
	CLASSES.flatMap(([name, codes]) => codes.map((code) => [code, name] as const)),
);

/**
 * Set-up faults that stop the credential for everybody. Others concern one conversation or message (the app is not
 * in the channel), and of an unknown code nobody knows: it must not stop the rest.
 */
const EVERYWHERE = new Set(
	words(
		'missing_scope not_allowed_token_type no_permission access_denied accesslimited ekm_access_denied enterprise_is_restricted app_access_restricted message_limit_exceeded no_service no_service_id no_team team_disabled no_active_hooks',
	),
);

/** A rate limit without a header: at least a second (facts §1.2). */
const RATE_WAIT_MS = 1000;

const classOf = (code: string): FailureClass =>
	CLASS_OF.get(code) ?? (code.startsWith('invalid_metadata_') ? 'payload' : 'config');

function failure(code: string, response: HttpResponse, message: string): Failure {
	const kind = classOf(code);
	const wait = retryAfter(response) ?? (kind === 'rate' ? RATE_WAIT_MS : undefined);
	return {
		ok: false,
		class: kind,
		code,
		message,
		...(wait === undefined ? {} : { retryAfterMs: wait }),
		...(code === 'fatal_error' ? { ambiguous: true } : {}),
		...(kind === 'config' && !EVERYWHERE.has(code) ? { onlyHere: true } : {}),
	};
}

/** Answers of the Web API (JSON, HTTP 200 even for refusals) and of incoming webhooks (plain text). */
export function outcome(response: HttpResponse, request: ChannelRequest): Outcome {
	const { status, body } = response;
	if (isObject(body)) return api(response, body);
	const text = typeof body === 'string' ? body.trim() : '';
	if (status === 200 && text === 'ok') return { ok: true, status: 'sent' };
	// The probe of a webhook: an existing one complains of the empty message, nothing is posted.
	if (isEmptyProbe(request) && (text === 'no_text' || text === 'invalid_payload'))
		return { ok: true, status: 'sent' };
	if (status === 429) return failure('ratelimited', response, 'Slack asks to wait (429).');
	if (/^[a-z_]{4,60}$/.test(text) && status >= 400)
		return failure(text, response, `Slack refused the webhook message: ${text}`);
	if (status >= 200 && status < 300) {
		return {
			ok: false,
			class: 'config',
			code: 'unexpected_answer',
			message: "The answer is not Slack's: check the URL of the credential.",
		};
	}
	return httpFailure(response, 'Slack');
}

function api(response: HttpResponse, body: Json): Outcome {
	if (body.ok === true) {
		const { channel, ts } = body;
		if (typeof channel !== 'string' || typeof ts !== 'string') return { ok: true, status: 'sent' };
		return {
			ok: true,
			status: 'sent',
			providerMessageId: `${channel}:${ts}`,
			ref: { channel, ts },
		};
	}
	const code =
		typeof body.error === 'string' && body.error
			? body.error
			: response.status === 429
				? 'ratelimited'
				: undefined;
	if (code === undefined || response.status >= 500) return httpFailure(response, 'Slack');
	return failure(code, response, `Slack refused the message: ${code}${details(body)}`);
}

function details(body: Json): string {
	const metadata = isObject(body.response_metadata) ? body.response_metadata.messages : undefined;
	const said = Array.isArray(metadata) ? metadata.slice(0, 3).map(String) : [];
	const needed = typeof body.needed === 'string' ? [`needs ${body.needed}`] : [];
	const all = [...needed, ...said].join('; ');
	return all ? ` (${all.slice(0, 300)})` : '';
}

const isEmptyProbe = (request: ChannelRequest): boolean =>
	request.kind === 'http' && isObject(request.body) && Object.keys(request.body).length === 0;
