import { ItsmNotifyError } from '../../errors';
import { baseUrl, httpUrl, required } from '../credential';
import { textIn, type Json } from '../text';
import type { Answers, Credential, HttpRequest, SendContext } from '../types';

const NAME = 'Slack';
const STANDARD = 'https://slack.com/api';

/** Ticket cards bring their own links: previews of them would be noise. */
const QUIET = { unfurl_links: false, unfurl_media: false };

export const isWebhook = (credential: Credential): boolean => credential.authMode === 'webhook';

/** Presses come back where they can be verified; a webhook belongs to no app of ours. */
export const answers = (credential: Credential): Answers =>
	!isWebhook(credential) && textIn(credential, 'signingSecret') ? 'callback' : 'link';

/** Where the Web API is. */
export const apiBase = (credential: Credential): string => baseUrl(credential, STANDARD, NAME);

/** A user (`U…`), a conversation (`C…`, `D…`) or `#name`: `userid`, else `channel_id`, else `address`. */
export const address = (document: Readonly<Record<string, unknown>>): string | undefined =>
	textIn(document, 'userid', 'channel_id', 'address');

const webhookUrl = (credential: Credential): string =>
	httpUrl(
		required(credential, 'webhookSecretUrl', 'Webhook URL', NAME),
		'webhookSecretUrl',
		'Webhook URL',
		NAME,
	);

/** A method of the Web API. Throws `invalid_credential`. */
export function call(credential: Credential, method: string, body: Json): HttpRequest {
	const token = required(credential, 'token', 'Bot Token', NAME);
	return {
		kind: 'http',
		method: 'POST',
		url: `${apiBase(credential)}/${method}`,
		headers: {
			authorization: `Bearer ${token}`,
			'content-type': 'application/json; charset=utf-8',
		},
		body,
	};
}

/** chat.postMessage to the delivery's recipient, or a post to the webhook, which knows its conversation itself. */
export function request(payload: Json, { delivery, credential }: SendContext): HttpRequest {
	const message = { ...QUIET, ...payload };
	if (isWebhook(credential)) {
		return {
			kind: 'http',
			method: 'POST',
			url: webhookUrl(credential),
			headers: { 'content-type': 'application/json; charset=utf-8' },
			body: message,
		};
	}
	const channel = address(delivery.address);
	if (!channel)
		throw new ItsmNotifyError('no_address', 'The recipient has no Slack user id.', {
			field: 'address.userid',
		});
	return call(credential, 'chat.postMessage', { ...message, channel });
}

/** chat.update of a sent message; `ref` is `{channel, ts}` as recorded. Throws `not_updatable` without them. */
export function update(payload: Json, ref: Json, { credential }: SendContext): HttpRequest {
	const channel = textIn(ref, 'channel');
	const ts = textIn(ref, 'ts');
	if (isWebhook(credential) || !channel || !ts) {
		throw new ItsmNotifyError(
			'not_updatable',
			'Only a message that a Slack app has sent can be changed.',
			{ field: 'ref' },
		);
	}
	const { text, blocks, attachments } = payload;
	// An edit replaces the whole message: what is left out must be emptied, else the old part stays.
	return call(credential, 'chat.update', {
		channel,
		ts,
		text,
		blocks: blocks ?? [],
		attachments: attachments ?? [],
	});
}

/** auth.test; a webhook is asked with an empty body, which posts nothing. */
export function probe(credential: Credential): HttpRequest {
	if (!isWebhook(credential)) return call(credential, 'auth.test', {});
	return {
		kind: 'http',
		method: 'POST',
		url: webhookUrl(credential),
		headers: { 'content-type': 'application/json; charset=utf-8' },
		body: {},
	};
}
