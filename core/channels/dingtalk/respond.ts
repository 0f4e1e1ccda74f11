import { bytes, cut } from '../cut';
import type { Inbound } from '../inbound';
import { clean, textIn } from '../text';
import type { Credential } from '../types';
import { modeOf, robotCode } from './credential';
import { apiPost, post } from './request';

const TEXT_MAX = 2_000;
/** A webhook that ends while we call it would lose the answer. */
const MARGIN_MS = 10_000;

/** Only DingTalk, or the server that the credential names, is told anything. */
function isTrusted(url: string, credential: Credential): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol, hostname, origin, username } = new URL(url);
	if (username !== '') return false;
	if (protocol === 'https:' && (hostname === 'dingtalk.com' || hostname.endsWith('.dingtalk.com')))
		return true;
	return [credential.baseUrl, credential.oapiBaseUrl].some(
		(base) => typeof base === 'string' && URL.canParse(base) && new URL(base).origin === origin,
	);
}

/**
 * By the session's webhook while it lives; in a group, and after a pressed card, as a message of the app's robot to the
 * person alone. Undefined where neither is possible.
 */
export const respond: Inbound['respond'] = (text, reply, { credential, prepared, now }) => {
	const content = cut(clean(text).trim(), TEXT_MAX, bytes) || '–';
	const userid = textIn(reply, 'userid');
	const webhook = textIn(reply, 'session_webhook');
	const expires = Number(reply.session_expires ?? 0);
	const isOpen =
		webhook !== undefined && expires - MARGIN_MS > now.getTime() && isTrusted(webhook, credential);
	const canWrite =
		userid !== undefined &&
		modeOf(credential) !== 'robot' &&
		Boolean(textIn(credential, 'robotCode', 'appKey'));
	if (isOpen && !(reply.group === true && canWrite))
		return post(webhook, { msgtype: 'text', text: { content } });
	if (!canWrite) return undefined;
	return apiPost(credential, '/v1.0/robot/oToMessages/batchSend', prepared, {
		robotCode: robotCode(credential),
		userIds: [userid],
		msgKey: 'sampleText',
		msgParam: JSON.stringify({ content }),
	});
};
