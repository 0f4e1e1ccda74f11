import type { Inbound, InboundContext, InboundRequest, InboundResult } from '../inbound';
import { receiveCard } from './inbound-card';
import { receiveEvent } from './inbound-event';
import { receiveMessage } from './inbound-message';
import { refused } from './inbound-parts';
import { respond } from './respond';

/**
 * Three kinds of calls come to one address, each with a proof of its own: pressed cards (`x-ddpaas-signature`), events
 * (`signature` in the query), messages to the robot (`sign`).
 */
function receive(request: InboundRequest, context: InboundContext): InboundResult {
	if (request.method !== 'POST') return refused('method_not_allowed', 400);
	const { headers, query } = request;
	if (
		headers['x-ddpaas-signature'] !== undefined ||
		headers['x-ddpaas-signature-timestamp'] !== undefined
	)
		return receiveCard(request, context);
	if (query.signature !== undefined || query.msg_signature !== undefined)
		return receiveEvent(request, context);
	if (headers.sign !== undefined) return receiveMessage(request, context);
	return refused('signature_missing');
}

export const inbound: Inbound = { receive, respond };
