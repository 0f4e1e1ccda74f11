import type { InboundContext, InboundRequest, InboundResult } from '../inbound';
import { sameText } from '../same-text';
import { clean, isObject, textIn, type Json } from '../text';
import { answer, isFresh, readBody, refused } from './inbound-parts';
import { robotSign } from './sign';

const WINDOW_MS = 3_600_000;

/** The documented way of answering a robot's message with nothing. */
const NOTHING = { msgtype: 'empty' };

/** A message to the app's robot. `sign` covers the timestamp alone; DingTalk allows an hour. */
export function receiveMessage(
	{ headers, rawBody }: InboundRequest,
	{ credential, now }: InboundContext,
): InboundResult {
	const secret = textIn(credential, 'appSecret');
	if (!secret || credential.mode === 'robot') return refused('no_secret');
	const { timestamp, sign } = headers;
	if (!timestamp || !sign) return refused('signature_missing');
	if (!sameText(sign, robotSign(secret, timestamp))) return refused('signature_wrong');
	if (!isFresh(timestamp, now, WINDOW_MS)) return refused('signature_stale');
	const body = readBody(rawBody);
	return body ? readMessage(body) : refused('unreadable_body', 400);
}

/** A message whose sender is proved, by its signature or by the connection that it came over. */
export function readMessage(body: Json): InboundResult {
	const text = textOf(body);
	const user = textIn(body, 'senderStaffId', 'senderId');
	const id = textIn(body, 'msgId');
	if (!text || !user || !id) return { kind: 'answered', answer: answer(NOTHING) };
	const other = textIn(body, 'senderId');
	const conversation = textIn(body, 'conversationId');
	return {
		kind: 'calls',
		answer: answer(NOTHING),
		calls: [
			{
				type: 'text',
				replayKey: `dingtalk:message:${id}`,
				channelUserId: user,
				...(other && other !== user ? { channelUserIds: [other] } : {}),
				...(conversation ? { conversationId: conversation } : {}),
				text,
				reply: replyTo(body),
			},
		],
	};
}

/** The words of a text or rich text; DingTalk has taken the mention of the robot out already. */
function textOf(body: Json): string {
	const part = isObject(body.text) ? body.text : {};
	const content = isObject(body.content) ? body.content : {};
	const rich = Array.isArray(content.richText) ? content.richText.filter(isObject) : [];
	const words = textIn(part, 'content') ?? rich.map((one) => textIn(one, 'text') ?? '').join(' ');
	return clean(words).trim();
}

function replyTo(body: Json): Json {
	const staff = textIn(body, 'senderStaffId');
	const webhook = textIn(body, 'sessionWebhook');
	const expires = Number(body.sessionWebhookExpiredTime);
	return {
		...(staff ? { userid: staff } : {}),
		...(webhook ? { session_webhook: webhook } : {}),
		...(Number.isFinite(expires) && expires > 0 ? { session_expires: expires } : {}),
		group: body.conversationType === '2',
	};
}
