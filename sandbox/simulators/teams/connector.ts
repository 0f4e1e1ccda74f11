import { randomBytes } from 'node:crypto';

import type { Answer, Call } from '../http.ts';
import { checkMessage } from './cards.ts';
import { isObject, objects, refuse } from './directory.ts';
import type { Json } from './directory.ts';
import { INVALID_CLIENT } from './faults.ts';
import { chatOf, parsed } from './state.ts';
import type { TeamsState } from './state.ts';

const ACTIVITIES = /^\/teams\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/;

/** The sign-in of the bot. */
export function login({ config, tokens, now }: TeamsState, call: Call): Answer {
	const form = new URLSearchParams(call.text);
	const tenant = call.path.split('/')[1];
	const fail = (error: string, why: string): Answer => ({
		status: 400,
		body: { error, error_description: why },
	});
	if (form.get('grant_type') !== 'client_credentials')
		return fail('unsupported_grant_type', 'AADSTS70003');
	if (form.get('scope') !== 'https://api.botframework.com/.default')
		return fail('invalid_scope', 'AADSTS70011');
	if (tenant !== config.tenantId) return fail('invalid_request', 'AADSTS90002: Tenant not found.');
	if (form.get('client_id') !== config.appId)
		return fail('unauthorized_client', 'AADSTS700016: Application not found.');
	if (form.get('client_secret') !== config.appSecret) return { status: 401, body: INVALID_CLIENT };
	const token = randomBytes(24).toString('base64url');
	const life = config.tokenTtlSeconds ?? 3600;
	tokens.set(token, now() + life * 1000);
	return { status: 200, body: { token_type: 'Bearer', expires_in: life, access_token: token } };
}

function authorise({ tokens, now }: TeamsState, call: Call): void {
	const token = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
	if ((tokens.get(token) ?? 0) <= now())
		refuse(401, 'Unauthorized', 'Authorization has been denied for this request.');
}

/** Opens the conversation with a person. */
function open(state: TeamsState, body: Json): Answer {
	const { config } = state;
	if ((body['bot'] as Json | undefined)?.['id'] !== `28:${config.appId}`)
		refuse(400, 'BadArgument', 'Unknown bot');
	if (body['tenantId'] !== config.tenantId)
		refuse(400, 'BadArgument', 'Tenant id is missing or wrong');
	const [member, ...more] = objects(body['members']);
	if (!member || more.length > 0 || body['isGroup'] === true)
		refuse(400, 'BadSyntax', 'One member wanted');
	const user = config.users.find((one) => one.aadObjectId === member['id']);
	if (!user) refuse(400, 'BadArgument', 'Failed to decrypt pairwise id');
	if (user.installed === false)
		refuse(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
	return { status: 201, body: { id: chatOf(state, user) } };
}

function conversationIn({ config, chats, threadWait }: TeamsState, path: string): string {
	const id = decodeURIComponent(path);
	const known = config.conversations?.[id.replace(/;messageid=.*$/, '')];
	if (known?.member === false)
		refuse(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
	if (!known && !chats.has(id)) refuse(404, 'ConversationNotFound', 'Conversation not found.');
	const wait = threadWait(id);
	if (wait > 0)
		refuse(429, 'TooManyRequests', 'API calls quota exceeded', {
			'retry-after': String(Math.ceil(wait / 1000)),
		});
	return id;
}

/** The connector: conversations, new activities, changed ones. */
export function connector(state: TeamsState, call: Call): Answer {
	authorise(state, call);
	const { sent } = state;
	const body = parsed(call.text);
	if (!isObject(body)) return refuse(400, 'BadSyntax', 'No JSON object');
	if (call.method === 'POST' && call.path === '/teams/v3/conversations') return open(state, body);
	const [, where = '', activity] = ACTIVITIES.exec(call.path) ?? [];
	if (!where) return refuse(404, 'NotFound', `no such api: ${call.path}`);
	const conversation = conversationIn(state, where);
	if (activity !== undefined && !sent.has(decodeURIComponent(activity)) && !/^user-/.test(activity))
		refuse(404, 'ActivityNotFoundInConversation', 'Activity not found.');
	checkMessage(body, call.text);
	if (call.method === 'PUT' && activity !== undefined) {
		const message = sent.get(decodeURIComponent(activity))!;
		message.body = body;
		state.record('update', message);
		return { status: 200, body: { id: message.id } };
	}
	if (call.method !== 'POST') refuse(405, 'MethodNotAllowed', 'Method not allowed');
	const message = { conversation, id: `1:${randomBytes(12).toString('base64url')}`, body };
	sent.set(message.id, message);
	state.record('post', message);
	return { status: 201, body: { id: message.id } };
}

/** A flow of Power Automate that posts into a channel. */
export function workflow(state: TeamsState, call: Call, name: string): Answer {
	const group = state.config.workflows?.[name];
	if (group === undefined)
		return refuse(404, 'WorkflowNotFound', 'The workflow could not be found.');
	if (call.query.get('sig') !== `sig-${name}`)
		refuse(401, 'DirectApiAuthorizationRequired', 'The request is not authorised.');
	if (state.flowWait(name) > 0)
		refuse(429, 'WorkflowTriggerRequestRateLimit', 'Too many requests', { 'retry-after': '1' });
	const body = parsed(call.text);
	if (!isObject(body)) return refuse(400, 'TriggerInputSchemaMismatch', 'No JSON object');
	if (objects(body['attachments']).length === 0)
		refuse(400, 'TriggerInputSchemaMismatch', 'attachments missing');
	checkMessage(body, call.text);
	state.record('post', { conversation: group, id: `flow-${randomBytes(8).toString('hex')}`, body });
	return { status: 202 };
}
