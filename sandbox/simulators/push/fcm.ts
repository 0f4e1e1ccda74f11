import { randomUUID } from 'node:crypto';

import type { Fault } from '../faults.ts';
import type { Answer, Call } from '../http.ts';
import type { PushState } from './config.ts';
import { verified } from './jwt.ts';
import type { Json } from './jwt.ts';

const AUDIENCE = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ERROR_TYPE = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';

function no(code: number, status: string, message: string, errorCode?: string): Answer {
	const details = errorCode ? { details: [{ '@type': ERROR_TYPE, errorCode }] } : {};
	return { status: code, body: { error: { code, message, status, ...details } } };
}

const invalid = (message: string): Answer =>
	no(400, 'INVALID_ARGUMENT', message, 'INVALID_ARGUMENT');

/** Google's tokens for a service account. */
function issue({ config, now }: PushState, access: Set<string>, call: Call): Answer {
	const form = new URLSearchParams(call.text);
	const bad = {
		status: 400,
		body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' },
	};
	if (form.get('grant_type') !== GRANT)
		return { status: 400, body: { error: 'unsupported_grant_type' } };
	const token = verified(form.get('assertion') ?? '', config.fcm.publicKey, 'RS256');
	const { iss, aud, scope, iat, exp } = token?.claims ?? {};
	if (iss !== config.fcm.clientEmail || aud !== AUDIENCE || scope !== SCOPE) return bad;
	if (!(Number(exp) - Number(iat) <= 3600 && Number(exp) * 1000 > now())) return bad;
	const issued = `ya29.${randomUUID()}`;
	access.add(issued);
	return { status: 200, body: { access_token: issued, expires_in: 3599, token_type: 'Bearer' } };
}

function send({ config, accept }: PushState, access: Set<string>, call: Call): Answer {
	const own = config.fcm;
	const [, bearer] = /^Bearer (.+)$/.exec(String(call.headers.authorization ?? '')) ?? [];
	if (!bearer || !access.has(bearer))
		return no(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
	const message = (JSON.parse(call.text) as Json)['message'] as Json;
	const { token, ...rest } = message;
	const data = (message['data'] ?? {}) as Json;
	if (
		!Object.values(data).every((value) => typeof value === 'string') ||
		Object.keys(data).some((key) => /^(from|message_type|google\.|gcm\.)/.test(key))
	)
		return invalid('Invalid value at message.data');
	if (Buffer.byteLength(JSON.stringify(rest)) > 4096) return invalid('Message too big');
	if (own.gone?.includes(String(token)))
		return no(404, 'NOT_FOUND', 'Requested entity was not found.', 'UNREGISTERED');
	if (!own.tokens.includes(String(token)))
		return invalid('The registration token is not a valid FCM registration token');
	const notice = (message['notification'] ?? {}) as Json;
	const name = `projects/${own.projectId}/messages/0:${randomUUID()}`;
	accept({
		ref: name,
		to: String(token),
		sender: 'Firebase',
		...{ title: notice['title'], body: notice['body'], data },
		raw: message,
	});
	return { status: 200, body: { name } };
}

/** Firebase, and Google's tokens for it. */
export function createFcm(state: PushState): (call: Call) => Answer {
	const access = new Set<string>();
	return (call) => {
		if (call.path === '/token') return issue(state, access, call);
		if (call.path !== `/v1/projects/${state.config.fcm.projectId}/messages:send`)
			return no(403, 'PERMISSION_DENIED', 'no such project');
		return send(state, access, call);
	};
}

/** A fault in Firebase's words. */
export function spell(fault: Fault): Answer | undefined {
	if (fault.kind === '429') {
		const error = { status: 'RESOURCE_EXHAUSTED', details: [{ errorCode: 'QUOTA_EXCEEDED' }] };
		const headers = { 'retry-after': String(fault.wait ?? 1) };
		return { status: 429, headers, body: { error } };
	}
	if (fault.kind === 'reject_auth')
		return {
			status: 401,
			body: { error: { status: 'UNAUTHENTICATED', message: 'by a fault switch' } },
		};
	if (fault.kind === '5xx')
		return { status: fault.status ?? 503, body: { error: { status: 'UNAVAILABLE' } } };
	return undefined;
}
