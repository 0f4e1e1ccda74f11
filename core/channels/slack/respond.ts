import type { Reply } from '../inbound';
import { cutEscaped } from '../cut';
import { textIn } from '../text';
import type { Credential, HttpRequest } from '../types';
import { literalWithLinks } from './escape';
import { SLACK } from './limits';
import { apiBase, call, isWebhook } from './request';

/**
 * Slack's own address to answer a press or a command: https at `hooks.` of the API's domain, or where the credential's
 * base URL points. Any other could make n8n call into its own network.
 */
function trusted(address: string | undefined, credential: Credential): string | undefined {
	if (!address || !URL.canParse(address)) return undefined;
	const url = new URL(address);
	const base = new URL(apiBase(credential));
	const isHook =
		url.origin === 'https://hooks.slack.com' || url.origin === `https://hooks.${base.host}`;
	const isOwn = url.origin === base.origin;
	return (isHook || isOwn) && !url.username && !url.password ? address : undefined;
}

/**
 * Privately: by the response_url (30 minutes, five uses), else as a direct message, in the thread of what was asked.
 * Undefined where a webhook's credential has neither.
 */
export function respond(
	text: string,
	reply: Reply,
	{ credential, now }: { credential: Credential; now: Date },
): HttpRequest | undefined {
	const words = cutEscaped(text, SLACK.text, literalWithLinks);
	const isFresh = Date.parse(textIn(reply, 'until') ?? '') > now.getTime();
	const url = isFresh ? trusted(textIn(reply, 'response_url'), credential) : undefined;
	if (url) {
		return {
			kind: 'http',
			method: 'POST',
			url,
			headers: { 'content-type': 'application/json; charset=utf-8' },
			body: { response_type: 'ephemeral', replace_original: false, text: words },
		};
	}
	const channel = reply.direct === true ? textIn(reply, 'channel') : textIn(reply, 'user');
	if (isWebhook(credential) || !channel) return undefined;
	const thread = reply.direct === true ? textIn(reply, 'thread_ts') : undefined;
	return call(credential, 'chat.postMessage', {
		channel,
		text: words,
		unfurl_links: false,
		unfurl_media: false,
		...(thread ? { thread_ts: thread } : {}),
	});
}
