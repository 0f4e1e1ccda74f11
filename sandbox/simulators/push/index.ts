import { createPublicKey, createVerify, randomUUID } from 'node:crypto';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';

import { startHttp } from '../http.ts';
import type { Answer, Call, Simulator, StartOptions } from '../http.ts';

type Json = Record<string, unknown>;

export interface PushConfig {
	apns: {
		teamId: string;
		keyId: string;
		publicKey: string;
		topic: string;
		tokens: string[];
		gone?: Record<string, number>;
	};
	fcm: {
		projectId: string;
		clientEmail: string;
		publicKey: string;
		tokens: string[];
		gone?: string[];
	};
	now?: () => number;
}

/** `url` is that of Firebase and Google's tokens (`/token`); faults hit both services, by their path. */
export interface PushSimulator extends Simulator {
	/** HTTP/2 without TLS. */
	apnsUrl: string;
}

const read = (part: string): Json =>
	JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json;

/** Header and claims of a token whose signature holds; undefined where it does not. */
function verified(
	jwt: string,
	publicKey: string,
	alg: 'ES256' | 'RS256',
): { head: Json; claims: Json } | undefined {
	const [head, claims, signature] = jwt.split('.');
	if (!head || !claims || !signature) return undefined;
	const verify = createVerify('sha256').update(`${head}.${claims}`);
	const key = createPublicKey(publicKey);
	// Apple takes r and s as they are, no DER.
	const isGood = verify.verify(
		{ key, ...(alg === 'ES256' ? { dsaEncoding: 'ieee-p1363' as const } : {}) },
		signature,
		'base64url',
	);
	const parsed = { head: read(head), claims: read(claims) };
	return isGood && parsed.head['alg'] === alg ? parsed : undefined;
}

export async function startPush({
	recorder,
	config,
	port,
	host = '127.0.0.1',
}: StartOptions<PushConfig>): Promise<PushSimulator> {
	const now = config.now ?? Date.now;
	const access = new Set<string>();

	const accept = (
		ref: string,
		to: string,
		sender: string,
		shown: { title: unknown; body: unknown; data: Json },
		raw: unknown,
	): void => {
		recorder.message({
			channel: 'push',
			ref,
			to: [to],
			sender,
			payload: { ...shown },
			rendered: { title: String(shown.title), text: String(shown.body) },
			raw,
		});
	};
	const refuse = (status: number, code: string, why: string, raw: unknown): void => {
		recorder.refusal({ channel: 'push', status, code, why, raw });
	};

	function apns(
		path: string,
		headers: Record<string, unknown>,
		text: string,
	): { status: number; body?: Json } {
		const no = (status: number, reason: string, more: Json = {}) => ({
			status,
			body: { reason, ...more },
		});
		const own = config.apns;
		const [, device] = /^\/3\/device\/([^/]+)$/.exec(path) ?? [];
		if (!device) return no(404, 'BadPath');
		const [, jwt] = /^bearer (.+)$/.exec(String(headers['authorization'] ?? '')) ?? [];
		if (!jwt) return no(403, 'MissingProviderToken');
		const token = verified(jwt, own.publicKey, 'ES256');
		if (!token || token.head['kid'] !== own.keyId || token.claims['iss'] !== own.teamId)
			return no(403, 'InvalidProviderToken');
		const age = now() / 1000 - Number(token.claims['iat']);
		if (!(age < 3600 && age > -60)) return no(403, 'ExpiredProviderToken');
		if (!headers['apns-topic']) return no(400, 'MissingTopic');
		if (headers['apns-topic'] !== own.topic) return no(400, 'DeviceTokenNotForTopic');
		if (headers['apns-push-type'] !== 'alert') return no(400, 'InvalidPushType');
		if (!['10', '5', '1'].includes(String(headers['apns-priority']))) return no(400, 'BadPriority');
		if (!/^\d+$/.test(String(headers['apns-expiration']))) return no(400, 'BadExpirationDate');
		const collapse = String(headers['apns-collapse-id'] ?? '');
		if (Buffer.byteLength(collapse) > 64) return no(400, 'BadCollapseId');
		if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(headers['apns-id'])))
			return no(400, 'BadMessageId');
		if (Buffer.byteLength(text) > 4096) return no(413, 'PayloadTooLarge');
		const { aps, ...data } = JSON.parse(text) as Json;
		const alert = (aps as Json | undefined)?.['alert'] as Json | undefined;
		if (!alert) return no(400, 'PayloadEmpty');
		if (own.gone?.[device] !== undefined)
			return no(410, 'Unregistered', { timestamp: own.gone[device] });
		if (!own.tokens.includes(device)) return no(400, 'BadDeviceToken');
		accept(
			collapse || String(headers['apns-id']),
			device,
			'APNs',
			{ title: alert['title'], body: alert['body'], data },
			JSON.parse(text),
		);
		return { status: 200 };
	}

	function fcm(call: Call): Answer {
		const own = config.fcm;
		const no = (code: number, status: string, message: string, errorCode?: string): Answer => ({
			status: code,
			body: {
				error: {
					code,
					message,
					status,
					...(errorCode
						? {
								details: [
									{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode },
								],
							}
						: {}),
				},
			},
		});
		if (call.path === '/token') {
			const form = new URLSearchParams(call.text);
			const bad = {
				status: 400,
				body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' },
			};
			if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
				return { status: 400, body: { error: 'unsupported_grant_type' } };
			const token = verified(form.get('assertion') ?? '', own.publicKey, 'RS256');
			const { iss, aud, scope, iat, exp } = token?.claims ?? {};
			if (
				iss !== own.clientEmail ||
				aud !== 'https://oauth2.googleapis.com/token' ||
				scope !== 'https://www.googleapis.com/auth/firebase.messaging'
			)
				return bad;
			if (!(Number(exp) - Number(iat) <= 3600 && Number(exp) * 1000 > now())) return bad;
			const issued = `ya29.${randomUUID()}`;
			access.add(issued);
			return {
				status: 200,
				body: { access_token: issued, expires_in: 3599, token_type: 'Bearer' },
			};
		}
		if (call.path !== `/v1/projects/${own.projectId}/messages:send`)
			return no(403, 'PERMISSION_DENIED', 'no such project');
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
			return no(400, 'INVALID_ARGUMENT', 'Invalid value at message.data', 'INVALID_ARGUMENT');
		if (Buffer.byteLength(JSON.stringify(rest)) > 4096)
			return no(400, 'INVALID_ARGUMENT', 'Message too big', 'INVALID_ARGUMENT');
		if (own.gone?.includes(String(token)))
			return no(404, 'NOT_FOUND', 'Requested entity was not found.', 'UNREGISTERED');
		if (!own.tokens.includes(String(token)))
			return no(
				400,
				'INVALID_ARGUMENT',
				'The registration token is not a valid FCM registration token',
				'INVALID_ARGUMENT',
			);
		const notice = (message['notification'] ?? {}) as Json;
		const name = `projects/${own.projectId}/messages/0:${randomUUID()}`;
		accept(
			name,
			String(token),
			'Firebase',
			{ title: notice['title'], body: notice['body'], data },
			message,
		);
		return { status: 200, body: { name } };
	}

	const simulator = await startHttp({
		port,
		host,
		handle(call) {
			const answer = fcm(call);
			if (answer.status >= 400)
				refuse(
					answer.status,
					String(((answer.body as Json)['error'] as Json)?.['status'] ?? 'refused'),
					call.path,
					call.text,
				);
			return answer;
		},
		spell: (fault) =>
			fault.kind === '429'
				? {
						status: 429,
						headers: { 'retry-after': String(fault.wait ?? 1) },
						body: {
							error: { status: 'RESOURCE_EXHAUSTED', details: [{ errorCode: 'QUOTA_EXCEEDED' }] },
						},
					}
				: fault.kind === 'reject_auth'
					? {
							status: 401,
							body: { error: { status: 'UNAUTHENTICATED', message: 'by a fault switch' } },
						}
					: fault.kind === '5xx'
						? { status: fault.status ?? 503, body: { error: { status: 'UNAVAILABLE' } } }
						: undefined,
	});

	const http2 = createServer();
	const open = new Set<{ destroy(): void }>();
	http2.on('session', (session) => {
		open.add(session);
		session.on('close', () => open.delete(session));
	});
	http2.on('stream', (stream, headers) => {
		const chunks: Buffer[] = [];
		stream.on('error', () => undefined);
		stream.on('data', (chunk: Buffer) => chunks.push(chunk));
		stream.on('end', () => {
			const text = Buffer.concat(chunks).toString('utf8');
			const path = String(headers[':path']);
			const fault = simulator.faults.take(`${path}\n${text}`);
			if (fault?.kind === 'timeout') return;
			if (fault?.kind === 'reset') return stream.session?.destroy();
			const spelled =
				fault?.kind === '429'
					? { status: 429, body: { reason: 'TooManyRequests' } }
					: fault?.kind === '5xx'
						? { status: fault.status ?? 503, body: { reason: 'ServiceUnavailable' } }
						: fault?.kind === 'reject_auth'
							? { status: 403, body: { reason: 'ExpiredProviderToken' } }
							: undefined;
			const { status, body } =
				spelled ??
				(headers[':method'] === 'POST'
					? apns(path, headers, text)
					: { status: 405, body: { reason: 'MethodNotAllowed' } });
			if (body) refuse(status, String((body as Json)['reason']), path, text);
			stream.respond({ ':status': status, 'apns-id': String(headers['apns-id'] ?? randomUUID()) });
			stream.end(body ? JSON.stringify(body) : undefined);
		});
	});
	await new Promise<void>((done) => http2.listen(0, host, done));
	return {
		...simulator,
		apnsUrl: `http://${host}:${(http2.address() as AddressInfo).port}`,
		async close() {
			for (const session of open) session.destroy();
			await new Promise((done) => http2.close(done));
			await simulator.close();
		},
	};
}
