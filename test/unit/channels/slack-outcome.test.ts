import { slack } from '../../../core/channels/slack';
import type { HttpRequest } from '../../../core/channels/types';

const request: HttpRequest = {
	kind: 'http',
	method: 'POST',
	url: 'https://slack.test',
	body: { text: 'hi' },
};
const judge = (status: number, body: unknown, headers = {}) =>
	slack.outcome({ status, headers, body }, request);

describe('outcome', () => {
	it('keeps channel and ts of a sent message', () => {
		expect(judge(200, { ok: true, channel: 'D1', ts: '1.2' })).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: 'D1:1.2',
			ref: { channel: 'D1', ts: '1.2' },
		});
		expect(judge(200, 'ok')).toEqual({ ok: true, status: 'sent' });
	});

	it.each([
		['rate', 'ratelimited rate_limited'],
		[
			'retry',
			'internal_error fatal_error service_unavailable request_timeout team_added_to_org org_login_required update_failed',
		],
		[
			'auth',
			'invalid_auth not_authed token_expired token_revoked account_inactive two_factor_setup_required',
		],
		[
			'config',
			'message_limit_exceeded missing_scope not_allowed_token_type no_permission not_in_channel restricted_action restricted_action_read_only_channel access_denied accesslimited ekm_access_denied enterprise_is_restricted app_access_restricted messages_tab_disabled cannot_reply_to_message cant_update_message edit_window_closed something_new',
		],
		['recipient', 'channel_not_found is_archived user_not_found message_not_found'],
		[
			'payload',
			'no_text invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long too_many_attachments attachment_payload_limit_exceeded markdown_text_conflict metadata_too_large invalid_metadata_format invalid_arguments invalid_array_arg invalid_form_data block_mismatch',
		],
	])('is %s for %s', (kind, codes) => {
		for (const code of codes.split(' ')) {
			expect(judge(200, { ok: false, error: code })).toMatchObject({
				ok: false,
				class: kind,
				code,
			});
		}
	});

	it.each([
		[400, 'invalid_payload', 'payload'],
		[400, 'no_text', 'payload'],
		[400, 'too_many_attachments', 'payload'],
		[403, 'action_prohibited', 'config'],
		[404, 'no_service', 'config'],
		[404, 'no_service_id', 'config'],
		[404, 'no_team', 'config'],
		[404, 'team_disabled', 'config'],
		[404, 'no_active_hooks', 'config'],
		[410, 'channel_is_archived', 'recipient'],
		[500, 'rollup_error', 'retry'],
	])('of a webhook %i %s is %s', (status, text, kind) => {
		expect(judge(status, text)).toMatchObject({ ok: false, class: kind, code: text });
	});

	it('waits as told on 429', () => {
		expect(judge(429, { ok: false, error: 'ratelimited' }, { 'retry-after': '7' })).toMatchObject({
			class: 'rate',
			retryAfterMs: 7000,
		});
		expect(judge(429, 'rate_limited', { 'retry-after': '2' })).toMatchObject({
			class: 'rate',
			retryAfterMs: 2000,
		});
		expect(judge(429, '')).toMatchObject({ class: 'rate', retryAfterMs: 1000 });
	});

	it('retries a broken gateway and doubts a foreign answer', () => {
		expect(judge(503, '<html>')).toMatchObject({ class: 'retry', code: 'http_503' });
		expect(judge(504, '')).toMatchObject({ class: 'retry', ambiguous: true });
		expect(judge(200, '<html>')).toMatchObject({ class: 'config', code: 'unexpected_answer' });
		expect(judge(200, { ok: false, error: 'fatal_error' })).toMatchObject({ ambiguous: true });
	});
});
