import { randomBytes } from 'node:crypto';

import type { Fault } from '../faults.ts';
import { startHttp } from '../http.ts';
import type { Answer, Call, Simulator, StartOptions } from '../http.ts';
import { createRate } from '../rate.ts';
import type { MessageKind } from '../record.ts';
import { checkMessage, findAction, renderTeams } from './cards.ts';
import { isObject, objects, refuse, TeamsError, THREAD_RATE, WORKFLOW_RATE } from './directory.ts';
import type { Json, TeamsConfig, TeamsUser } from './directory.ts';
import { createKeys, hmacHeader } from './keys.ts';

export type { TeamsConfig } from './directory.ts';

export interface TeamsCalled {
	activity: Json;
	status: number;
	body: unknown;
}

export interface TeamsSimulator extends Simulator {
	/** The bot's service URL, with a slash at its end as Teams writes it. */
	serviceUrl: string;
	metadataUrl: string;
	issuer: string;
	setCallback(url: string): void;
	voidTokens(): void;
	rotateKeys(): void;
	/** Presses a button of a sent card, by its place or token; `submit` as an old client does it. */
	press(
		messageId: string,
		button: number | string,
		user: string,
		options?: { inputs?: Record<string, string>; submit?: boolean },
	): Promise<TeamsCalled>;
	say(
		user: string,
		text: string,
		options?: { replyTo?: string; conversation?: string },
	): Promise<TeamsCalled>;
	/** A person adds or removes the app. */
	install(user: string, remove?: boolean): Promise<TeamsCalled>;
	/** A mention of the team's outgoing webhook. */
	mention(user: string, text: string): Promise<TeamsCalled>;
	/** Any activity, with claims that may be changed. */
	call(activity: Json, claims?: Json): Promise<TeamsCalled>;
	calls: TeamsCalled[];
}

interface Sent {
	conversation: string;
	id: string;
	body: Json;
}

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
};

const wrong = (
	status: number,
	code: string,
	message: string,
	headers?: Record<string, string>,
): Answer => ({
	status,
	headers,
	body: { error: { code, message } },
});

function spell(fault: Fault, call: Call): Answer | undefined {
	if (fault.kind === '429')
		return wrong(429, 'TooManyRequests', 'Too many requests.', {
			'retry-after': String(fault.wait ?? 1),
		});
	if (fault.kind === '5xx')
		return { status: fault.status ?? 502, body: '<html>502 Bad Gateway</html>' };
	if (fault.kind !== 'reject_auth') return undefined;
	if (call.path.endsWith('/oauth2/v2.0/token')) return { status: 401, body: invalidClient };
	return wrong(401, 'Unauthorized', 'Authorization has been denied for this request.');
}

const invalidClient = {
	error: 'invalid_client',
	error_description: 'AADSTS7000215: Invalid client secret provided. Trace ID: 0 Correlation ID: 0',
};

/** The Bot Framework connector for Teams, its sign-in and its published keys, and Power Automate flows. */
export async function startTeams(options: StartOptions<TeamsConfig>): Promise<TeamsSimulator> {
	const { recorder, config } = options;
	const now = config.now ?? Date.now;
	const keys = createKeys();
	const threads = createRate(
		config.threadRate === undefined ? THREAD_RATE : config.threadRate,
		now,
	);
	const flows = createRate(
		config.workflowRate === undefined ? WORKFLOW_RATE : config.workflowRate,
		now,
	);
	const tokens = new Map<string, number>();
	const chats = new Map<string, TeamsUser>();
	const sent = new Map<string, Sent>();
	const calls: TeamsCalled[] = [];
	let callbackUrl = config.callbackUrl;
	let url = '';

	const chatOf = (user: TeamsUser): string => {
		const id = `a:${user.aadObjectId.replaceAll('-', '')}`;
		chats.set(id, user);
		return id;
	};

	function login(call: Call): Answer {
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
		if (tenant !== config.tenantId)
			return fail('invalid_request', 'AADSTS90002: Tenant not found.');
		if (form.get('client_id') !== config.appId)
			return fail('unauthorized_client', 'AADSTS700016: Application not found.');
		if (form.get('client_secret') !== config.appSecret) return { status: 401, body: invalidClient };
		const token = randomBytes(24).toString('base64url');
		const life = config.tokenTtlSeconds ?? 3600;
		tokens.set(token, now() + life * 1000);
		return { status: 200, body: { token_type: 'Bearer', expires_in: life, access_token: token } };
	}

	function authorise(call: Call): void {
		const token = /^Bearer (\S+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
		if ((tokens.get(token) ?? 0) <= now())
			refuse(401, 'Unauthorized', 'Authorization has been denied for this request.');
	}

	function record(kind: MessageKind, { conversation, id, body }: Sent): void {
		const to = chats.get(conversation)?.aadObjectId ?? conversation;
		const rendered = recorder.countOnly ? { text: '' } : renderTeams(body);
		recorder.message({
			channel: 'teams',
			kind,
			ref: id,
			to: [to],
			sender: 'ITSM',
			payload: body,
			rendered,
			raw: body,
		});
	}

	function open(body: Json): Answer {
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
		return { status: 201, body: { id: chatOf(user) } };
	}

	function conversationIn(path: string): string {
		const id = decodeURIComponent(path);
		const known = config.conversations?.[id.replace(/;messageid=.*$/, '')];
		if (known?.member === false)
			refuse(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
		if (!known && !chats.has(id)) refuse(404, 'ConversationNotFound', 'Conversation not found.');
		const wait = threads.take(id);
		if (wait > 0)
			refuse(429, 'TooManyRequests', 'API calls quota exceeded', {
				'retry-after': String(Math.ceil(wait / 1000)),
			});
		return id;
	}

	function connector(call: Call): Answer {
		authorise(call);
		const body = parsed(call.text);
		if (!isObject(body)) return refuse(400, 'BadSyntax', 'No JSON object');
		if (call.method === 'POST' && call.path === '/teams/v3/conversations') return open(body);
		const [, where = '', activity] =
			/^\/teams\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/.exec(call.path) ?? [];
		if (!where) return refuse(404, 'NotFound', `no such api: ${call.path}`);
		const conversation = conversationIn(where);
		if (
			activity !== undefined &&
			!sent.has(decodeURIComponent(activity)) &&
			!/^user-/.test(activity)
		)
			refuse(404, 'ActivityNotFoundInConversation', 'Activity not found.');
		checkMessage(body, call.text);
		if (call.method === 'PUT' && activity !== undefined) {
			const message = sent.get(decodeURIComponent(activity))!;
			message.body = body;
			record('update', message);
			return { status: 200, body: { id: message.id } };
		}
		if (call.method !== 'POST') refuse(405, 'MethodNotAllowed', 'Method not allowed');
		const message = { conversation, id: `1:${randomBytes(12).toString('base64url')}`, body };
		sent.set(message.id, message);
		record('post', message);
		return { status: 201, body: { id: message.id } };
	}

	function workflow(call: Call, name: string): Answer {
		const group = config.workflows?.[name];
		if (group === undefined)
			return refuse(404, 'WorkflowNotFound', 'The workflow could not be found.');
		if (call.query.get('sig') !== `sig-${name}`)
			refuse(401, 'DirectApiAuthorizationRequired', 'The request is not authorised.');
		if (flows.take(name) > 0)
			refuse(429, 'WorkflowTriggerRequestRateLimit', 'Too many requests', { 'retry-after': '1' });
		const body = parsed(call.text);
		if (!isObject(body)) return refuse(400, 'TriggerInputSchemaMismatch', 'No JSON object');
		if (objects(body['attachments']).length === 0)
			refuse(400, 'TriggerInputSchemaMismatch', 'attachments missing');
		checkMessage(body, call.text);
		record('post', { conversation: group, id: `flow-${randomBytes(8).toString('hex')}`, body });
		return { status: 202 };
	}

	function route(call: Call): Answer {
		if (call.path === '/openid')
			return { status: 200, body: { issuer: `${url}/issuer`, jwks_uri: `${url}/keys` } };
		if (call.path === '/keys') return { status: 200, body: keys.jwks() };
		if (call.path.endsWith('/oauth2/v2.0/token')) return login(call);
		const flow = /^\/workflows\/([^/]+)\/triggers\/manual\/paths\/invoke$/.exec(call.path)?.[1];
		return flow === undefined ? connector(call) : workflow(call, flow);
	}

	function refused(status: number, code: string, why: string, call: Call): void {
		const raw = call.path.endsWith('/token') ? '(sign-in)' : parsed(call.text);
		recorder.refusal({ channel: 'teams', status, code, why: `${call.path}: ${why}`, raw });
	}

	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		delayMs: config.delayMs,
		handle(call) {
			try {
				return route(call);
			} catch (error) {
				if (!(error instanceof TeamsError)) throw error;
				refused(error.status, error.code, error.message, call);
				return wrong(error.status, error.code, error.message, error.headers);
			}
		},
		spell(fault, call) {
			const answer = spell(fault, call);
			if (answer) refused(answer.status, `http_${answer.status}`, 'by a fault switch', call);
			return answer;
		},
		lost: (fault, call) => refused(0, fault.kind, 'no answer, by a fault switch', call),
	});
	url = simulator.url;
	const serviceUrl = `${url}/teams/`;

	async function post(
		activity: Json,
		authorization: (body: string) => string,
	): Promise<TeamsCalled> {
		if (!callbackUrl) throw new Error('no callback URL is set');
		const body = JSON.stringify(activity);
		const headers = { 'content-type': 'application/json', authorization: authorization(body) };
		const response = await fetch(callbackUrl, {
			method: 'POST',
			headers,
			body,
			signal: AbortSignal.timeout(10_000),
		});
		const called = { activity, status: response.status, body: parsed(await response.text()) };
		calls.push(called);
		return called;
	}

	const call = (activity: Json, claims: Json = {}): Promise<TeamsCalled> => {
		const at = Math.floor(now() / 1000);
		const all = {
			iss: `${url}/issuer`,
			aud: config.appId,
			nbf: at,
			exp: at + 3600,
			serviceurl: serviceUrl,
			...claims,
		};
		return post(activity, () => `Bearer ${keys.sign(all)}`);
	};

	const userOf = (id: string): TeamsUser => {
		const found = config.users.find((one) => one.aadObjectId === id);
		if (!found) throw new Error(`Teams knows no user ${id}`);
		return found;
	};

	const activityOf = (user: TeamsUser, more: Json, conversation = chatOf(user)): Json => ({
		id: `user-${randomBytes(8).toString('hex')}`,
		timestamp: new Date(now()).toISOString(),
		channelId: 'msteams',
		serviceUrl,
		from: { id: `29:${user.aadObjectId}`, name: user.name, aadObjectId: user.aadObjectId },
		recipient: { id: `28:${config.appId}`, name: 'ITSM' },
		conversation: {
			id: conversation,
			tenantId: config.tenantId,
			conversationType: conversation.startsWith('a:') ? 'personal' : 'channel',
		},
		channelData: { tenant: { id: config.tenantId } },
		locale: 'en-US',
		...more,
	});

	return {
		...simulator,
		serviceUrl,
		metadataUrl: `${url}/openid`,
		issuer: `${url}/issuer`,
		calls,
		call,
		setCallback(address) {
			callbackUrl = address;
		},
		voidTokens: () => tokens.clear(),
		rotateKeys: () => keys.rotate(),
		async press(id, which, who, { inputs = {}, submit = false } = {}) {
			const message = sent.get(id);
			const action = message && findAction(message.body, which);
			if (!message || !action || action['type'] === 'Action.OpenUrl')
				throw new Error('no such button, or it opens a page');
			const data = { ...(action['data'] as Json | undefined), ...inputs };
			const { verb, type } = action;
			const more = submit
				? { type: 'message', value: data }
				: {
						type: 'invoke',
						name: 'adaptiveCard/action',
						value: { action: { type, verb, data }, trigger: 'manual' },
					};
			return await call(activityOf(userOf(who), { ...more, replyToId: id }, message.conversation));
		},
		async say(who, text, { replyTo, conversation } = {}) {
			const bot = { id: `28:${config.appId}`, name: 'ITSM' };
			const entities = text.includes('<at>ITSM</at>')
				? { entities: [{ type: 'mention', text: '<at>ITSM</at>', mentioned: bot }] }
				: {};
			const more = {
				type: 'message',
				textFormat: 'plain',
				text,
				...entities,
				...(replyTo ? { replyToId: replyTo } : {}),
			};
			return await call(activityOf(userOf(who), more, conversation));
		},
		install: (who, remove = false) =>
			call(
				activityOf(userOf(who), { type: 'installationUpdate', action: remove ? 'remove' : 'add' }),
			),
		mention(who, text) {
			const activity = activityOf(
				userOf(who),
				{ type: 'message', text: `<at>ITSM</at> ${text}` },
				'19:team@thread.tacv2',
			);
			return post(activity, (body) => hmacHeader(config.outgoingToken ?? '', body));
		},
	};
}
