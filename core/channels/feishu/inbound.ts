import type { Inbound, InboundContext, InboundRequest, InboundResult } from '../inbound';
import { textIn } from '../text';
import { withoutMentions } from './escape';
import { prove } from './proof';
import { json, readEvent } from './read';
import { isRobot, replyRequest } from './request';

function receive(request: InboundRequest, { credential, now }: InboundContext): InboundResult {
	if (isRobot(credential)) return { kind: 'refused', status: 401, code: 'no_secret' };
	if (request.method !== 'POST') return { kind: 'refused', status: 400, code: 'invalid_method' };
	const proved = prove(request, credential, now);
	if (!proved.ok) return { kind: 'refused', status: proved.status, code: proved.code };
	const { body } = proved;
	if (body.type === 'url_verification') {
		return { kind: 'answered', answer: json({ challenge: textIn(body, 'challenge') ?? '' }) };
	}
	return readEvent(body, credential);
}

/** Events and card callbacks of a Feishu app; a custom bot has none. */
export const inbound: Inbound = {
	receive,
	respond(text, to, { credential, prepared }) {
		const id = textIn(to, 'message_id');
		if (!id || isRobot(credential)) return undefined;
		return replyRequest(credential, id, withoutMentions(text), prepared);
	},
};
