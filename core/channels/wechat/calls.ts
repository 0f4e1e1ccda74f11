import type { InboundCall } from '../inbound';
import { textIn, wordsOf, type Json } from '../text';
import { msgIdOf } from './outcome';

/** A message or event of WeChat as a call; undefined for what concerns nobody. */
export function callOf(message: Json): InboundCall | undefined {
	const openid = textIn(message, 'FromUserName');
	if (!openid) return undefined;
	const type = textIn(message, 'MsgType');
	if (type === 'text') return written(message, openid);
	if (type !== 'event') return undefined;
	const event = textIn(message, 'Event')?.toLowerCase();
	if (event === 'templatesendjobfinish') return finished(message, openid);
	if (event === 'subscribe' || event === 'unsubscribe')
		return follows(message, openid, event === 'subscribe');
	return undefined;
}

const seconds = (message: Json): number => Number(textIn(message, 'CreateTime') ?? 0);

function written(message: Json, openid: string): InboundCall | undefined {
	const id = textIn(message, 'MsgId');
	const text = textIn(message, 'Content');
	if (!id || !text) return undefined;
	return {
		type: 'text',
		replayKey: `wechat:message:${id}`,
		channelUserId: openid,
		text,
		reply: { openid, at: seconds(message) * 1000 },
	};
}

/** What became of a template message: only now does WeChat know. */
function finished(message: Json, openid: string): InboundCall | undefined {
	const id = msgIdOf(message.MsgID ?? message.MsgId);
	const status = textIn(message, 'Status') ?? '';
	if (!id) return undefined;
	const call = {
		type: 'status' as const,
		replayKey: `wechat:finish:${wordsOf(message.MsgID ?? message.MsgId)}:${openid}`,
		providerMessageId: id,
		recipient: openid,
	};
	if (status === 'success') return { ...call, status: 'delivered' };
	const isBlocked = /user\s*block/i.test(status);
	return {
		...call,
		status: 'failed',
		code: isBlocked ? 'user_block' : 'system_failed',
		message: `WeChat did not deliver it: ${status || 'no reason given'}`,
		...(isBlocked ? { deadAddress: true } : {}),
	};
}

/** Who follows can be written to; who has left cannot, until he comes back. */
function follows(message: Json, openid: string, isFollowing: boolean): InboundCall {
	const at = seconds(message);
	return {
		type: 'conversation',
		replayKey: `wechat:${isFollowing ? 'subscribe' : 'unsubscribe'}:${openid}:${at}`,
		keys: [openid],
		value: isFollowing ? { subscribed_at: new Date(at * 1000 || 0).toISOString() } : undefined,
	};
}
