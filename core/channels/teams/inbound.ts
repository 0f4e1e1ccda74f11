import type {
	Inbound,
	InboundAnswer,
	InboundCall,
	InboundContext,
	InboundRequest,
	InboundResult,
} from '../inbound';
import { clean, isObject, textIn, type Json } from '../text';
import { executed, installed, message } from './activities';
import { verifyToken } from './jwt';
import { verifyOutgoing } from './outgoing';
import { isWorkflow, replyRequest } from './request';

const EMPTY: InboundAnswer = { status: 200, body: '' };

const json = (body: Json): InboundAnswer => ({
	status: 200,
	headers: { 'content-type': 'application/json; charset=utf-8' },
	body: JSON.stringify(body),
});

const refused = (code: string, status: 400 | 401 | 403 = 401): InboundResult => ({
	kind: 'refused',
	status,
	code,
});

/** A short word shows that the press arrived; what came of it follows as a message. */
function toast(activity: Json): string {
	return textIn(activity, 'locale')?.toLowerCase().startsWith('zh') ? '已收到' : 'Received';
}

async function receive(request: InboundRequest, context: InboundContext): Promise<InboundResult> {
	const { credential } = context;
	if (isWorkflow(credential)) return refused('no_secret');
	if (request.method !== 'POST') return refused('invalid_method', 400);
	const { authorization } = request.headers;
	if (/^HMAC /i.test(authorization?.trim() ?? '')) return outgoing(request, context);
	const verified = await verifyToken(authorization, context);
	if (!verified.ok) return refused(verified.code);
	const activity = parse(request.rawBody);
	if (!activity) return refused('invalid_body', 400);
	const { endorsements, claims } = verified;
	const channel = textIn(activity, 'channelId') ?? '';
	if (endorsements && !endorsements.includes(channel)) return refused('not_endorsed', 403);
	// The signature covers no body: only this claim ties the address that we answer to to the sender.
	const claimed = textIn(claims, 'serviceurl', 'serviceUrl');
	if (!claimed || claimed !== activity.serviceUrl) return refused('wrong_service_url', 403);
	return activity.type === 'invoke' ? invoked(activity) : noted(callsOf(activity), EMPTY);
}

const callsOf = (activity: Json): InboundCall[] => {
	if (activity.type === 'message') return message(activity);
	if (activity.type === 'conversationUpdate' || activity.type === 'installationUpdate')
		return installed(activity);
	return [];
};

const noted = (calls: InboundCall[], answer: InboundAnswer): InboundResult =>
	calls.length > 0 ? { kind: 'calls', calls, answer } : { kind: 'answered', answer };

function invoked(activity: Json): InboundResult {
	if (activity.name !== 'adaptiveCard/action') return { kind: 'answered', answer: EMPTY };
	const calls = executed(activity);
	if (calls.length === 0) {
		const value = { code: 'BadRequest', message: 'This button is not known.' };
		return {
			kind: 'answered',
			answer: json({ statusCode: 400, type: 'application/vnd.microsoft.error', value }),
		};
	}
	const type = 'application/vnd.microsoft.activity.message';
	return { kind: 'calls', calls, answer: json({ statusCode: 200, type, value: toast(activity) }) };
}

/** An outgoing webhook of a team: its address cannot be trusted, so the answer to the call is the only one. */
function outgoing(request: InboundRequest, { credential }: InboundContext): InboundResult {
	const token = textIn(credential, 'outgoingWebhookToken');
	if (!token) return refused('no_secret');
	if (!verifyOutgoing(token, request.headers.authorization, request.rawBody))
		return refused('bad_signature');
	const activity = parse(request.rawBody);
	if (!activity) return refused('invalid_body', 400);
	const calls = activity.type === 'message' ? message(activity, false) : [];
	return noted(calls, json({ type: 'message', text: toast(activity) }));
}

function parse(rawBody: Uint8Array): Json | undefined {
	try {
		const value: unknown = JSON.parse(Buffer.from(rawBody).toString('utf8'));
		return isObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Calls of the Bot Framework, and of a team's outgoing webhook. */
export const inbound: Inbound = {
	receive,
	respond: (text, reply, { credential, prepared }) =>
		isWorkflow(credential) ? undefined : replyRequest(clean(text), reply, prepared),
};
