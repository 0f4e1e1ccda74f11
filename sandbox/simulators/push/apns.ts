import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http2';
import type { Http2Server } from 'node:http2';

import type { Fault, Faults } from '../faults.ts';
import type { PushState } from './config.ts';
import { verified } from './jwt.ts';
import type { Json } from './jwt.ts';

function apns(
	{ config, now, accept }: PushState,
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
	accept({
		ref: collapse || String(headers['apns-id']),
		to: device,
		sender: 'APNs',
		...{ title: alert['title'], body: alert['body'], data },
		raw: JSON.parse(text),
	});
	return { status: 200 };
}

function spell(fault: Fault | undefined): { status: number; body: Json } | undefined {
	if (fault?.kind === '429') return { status: 429, body: { reason: 'TooManyRequests' } };
	if (fault?.kind === '5xx')
		return { status: fault.status ?? 503, body: { reason: 'ServiceUnavailable' } };
	if (fault?.kind === 'reject_auth')
		return { status: 403, body: { reason: 'ExpiredProviderToken' } };
	return undefined;
}

export interface ApnsServer {
	http2: Http2Server;
	/** Ends the sessions that clients keep open. */
	end(): void;
}

/** Apple's gateway: HTTP/2, here without TLS. */
export function createApns(state: PushState, faults: Faults): ApnsServer {
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
			const fault = faults.take(`${path}\n${text}`);
			if (fault?.kind === 'timeout') return;
			if (fault?.kind === 'reset') return stream.session?.destroy();
			const { status, body } =
				spell(fault) ??
				(headers[':method'] === 'POST'
					? apns(state, path, headers, text)
					: { status: 405, body: { reason: 'MethodNotAllowed' } });
			if (body) state.refuse(status, String((body as Json)['reason']), path, text);
			stream.respond({ ':status': status, 'apns-id': String(headers['apns-id'] ?? randomUUID()) });
			stream.end(body ? JSON.stringify(body) : undefined);
		});
	});
	return {
		http2,
		end() {
			for (const session of open) session.destroy();
		},
	};
}
