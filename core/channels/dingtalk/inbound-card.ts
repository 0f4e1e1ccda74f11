import type { InboundContext, InboundRequest, InboundResult } from '../inbound';
import { sameText } from '../same-text';
import { isObject, textIn, type Json } from '../text';
import { answer, isFresh, readBody, refused } from './inbound-parts';
import { cardSign } from './sign';

const WINDOW_MS = 5 * 60_000;

/** DingTalk wants its answer in two seconds and no call of the update interface meanwhile: nothing is changed here. */
const UNCHANGED = {
	cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
	cardData: { cardParamMap: {} },
};

/**
 * A pressed card. The signature covers the timestamp alone, so one timestamp counts once: whoever copies the headers
 * cannot put another body behind them.
 */
export function receiveCard(
	{ headers, rawBody }: InboundRequest,
	{ credential, now }: InboundContext,
): InboundResult {
	const secret = textIn(credential, 'callbackSecret');
	if (!secret) return refused('no_secret');
	const timestamp = headers['x-ddpaas-signature-timestamp'];
	const signature = headers['x-ddpaas-signature'];
	if (!timestamp || !signature) return refused('signature_missing');
	if (!sameText(signature, cardSign(secret, timestamp))) return refused('signature_wrong');
	if (!isFresh(timestamp, now, WINDOW_MS)) return refused('signature_stale');
	const body = readBody(rawBody);
	return body ? readCard(body, `dingtalk:card:${timestamp}`) : refused('unreadable_body', 400);
}

/** A press whose sender is proved, by its signature or by the connection that it came over. */
export function readCard(body: Json, replayKey: string): InboundResult {
	const user = textIn(body, 'userId');
	const params = pressedParams(body);
	const value = textIn(params, 'value');
	if (!user || !value) return { kind: 'answered', answer: answer(UNCHANGED) };
	const outTrackId = textIn(body, 'outTrackId');
	const parameters = Object.fromEntries(
		Object.entries(params).flatMap(([name, given]) => {
			const text = name === 'value' ? undefined : textIn({ given }, 'given');
			return text === undefined ? [] : [[name, text] as const];
		}),
	);
	return {
		kind: 'calls',
		answer: answer(UNCHANGED),
		calls: [
			{
				type: 'press',
				replayKey,
				channelUserId: user,
				value,
				...(Object.keys(parameters).length > 0 ? { parameters } : {}),
				...(outTrackId ? { providerMessageId: outTrackId } : {}),
				reply: { userid: user, ...(outTrackId ? { out_track_id: outTrackId } : {}) },
			},
		],
	};
}

/** `content` is JSON in a text: `{cardPrivateData: {actionIds, params}}`. */
function pressedParams(body: Json): Json {
	let content: unknown = body.content;
	if (typeof content === 'string') {
		const text = content;
		content = readBody(Buffer.from(text, 'utf8'));
	}
	const data =
		isObject(content) && isObject(content.cardPrivateData) ? content.cardPrivateData : {};
	return isObject(data.params) ? data.params : {};
}
