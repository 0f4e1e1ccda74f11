import { ItsmNotifyError } from '../../errors';
import { baseUrl } from '../credential';
import { retryAfter } from '../http-outcome';
import { isObject, textIn, type Json } from '../text';
import type { Credential, FailureClass, HttpRequest, HttpResponse } from '../types';
import { aps, isUrgent, type DeviceResult } from './apns';
import type { Platform } from './devices';
import { PUSH } from './limits';

export interface ServiceAccount {
	projectId: string;
	clientEmail: string;
	privateKey: string;
	privateKeyId?: string;
}

export const hasFcm = (credential: Credential): boolean =>
	textIn(credential, 'fcmServiceAccountSecret') !== undefined;

/** The service account file. Throws `invalid_credential` without repeating any of it. */
export function serviceAccount(credential: Credential): ServiceAccount {
	const text = textIn(credential, 'fcmServiceAccountSecret') ?? '';
	let file: unknown;
	try {
		file = JSON.parse(text);
	} catch {
		file = undefined;
	}
	const read = (name: string): string | undefined =>
		isObject(file) ? textIn(file, name) : undefined;
	const [projectId, clientEmail, privateKey] = ['project_id', 'client_email', 'private_key'].map(
		read,
	);
	if (!projectId || !clientEmail || !privateKey) {
		throw new ItsmNotifyError(
			'invalid_credential',
			'Firebase Service Account of the Push credential is not the JSON file of a service account.',
			{
				field: 'fcmServiceAccountSecret',
				fix: 'Paste the whole file that the Google console gives.',
			},
		);
	}
	return { projectId, clientEmail, privateKey, privateKeyId: read('private_key_id') };
}

/** A message without its recipient; only the part of the platform, since all of it counts. */
export function fcmMessage(payload: Json, platform: Platform, collapse: string): Json {
	const tag = collapse || String(payload.collapse ?? '');
	const data = isObject(payload.data) ? payload.data : {};
	const common = { notification: { title: payload.title, body: payload.body }, data };
	if (platform === 'ios')
		return {
			...common,
			apns: {
				headers: { 'apns-priority': '10', ...(tag ? { 'apns-collapse-id': tag } : {}) },
				payload: { aps: aps(payload) },
			},
		};
	if (platform === 'web') {
		const link = textIn(data, 'url');
		return {
			...common,
			webpush: {
				headers: { TTL: String(PUSH.ttlSeconds), Urgency: isUrgent(payload) ? 'high' : 'normal' },
				...(tag ? { notification: { tag } } : {}),
				// Firebase takes links that are encrypted only.
				...(link?.startsWith('https:') ? { fcm_options: { link } } : {}),
			},
		};
	}
	return {
		...common,
		android: {
			priority: isUrgent(payload) ? 'high' : 'normal',
			ttl: `${PUSH.ttlSeconds}s`,
			...(tag ? { collapse_key: tag } : {}),
			notification: { channel_id: 'tickets', ...(tag ? { tag } : {}), click_action: 'TICKET' },
		},
	};
}

export function fcmRequest(
	payload: Json,
	credential: Credential,
	device: { platform: Platform; token: string },
	collapse: string,
	token: string,
): HttpRequest {
	const base = baseUrl({ baseUrl: credential.fcmBaseUrl }, 'https://fcm.googleapis.com', 'Push');
	const message = fcmMessage(payload, device.platform, collapse);
	const channel = textIn(credential, 'androidChannel');
	const android = isObject(message.android) ? message.android : undefined;
	if (android && channel)
		message.android = {
			...android,
			notification: { ...(android.notification as Json), channel_id: channel },
		};
	return {
		kind: 'http',
		method: 'POST',
		url: `${base}/v1/projects/${encodeURIComponent(serviceAccount(credential).projectId)}/messages:send`,
		headers: {
			authorization: `Bearer ${token}`,
			'content-type': 'application/json; charset=utf-8',
		},
		body: { message: { ...message, token: device.token } },
	};
}

/** facts/channels.md §9. */
const CLASS_OF: Record<string, FailureClass> = {
	UNREGISTERED: 'recipient',
	NOT_FOUND: 'recipient',
	SENDER_ID_MISMATCH: 'recipient',
	INVALID_ARGUMENT: 'payload',
	QUOTA_EXCEEDED: 'rate',
	RESOURCE_EXHAUSTED: 'rate',
	UNAVAILABLE: 'retry',
	INTERNAL: 'retry',
	DEADLINE_EXCEEDED: 'retry',
	UNAUTHENTICATED: 'auth',
	THIRD_PARTY_AUTH_ERROR: 'config',
	APNS_AUTH_ERROR: 'config',
	PERMISSION_DENIED: 'config',
};
const WAITS: Record<string, number> = { rate: 60_000, retry: 10_000 };

const byStatus = (status: number): FailureClass => {
	if (status === 429) return 'rate';
	if (status >= 500) return 'retry';
	if (status === 401) return 'auth';
	return status === 404 || status === 403 ? 'config' : 'payload';
};

export function fcmResult(response: HttpResponse): DeviceResult {
	const { status, body } = response;
	const name = isObject(body) ? textIn(body, 'name') : undefined;
	if (status === 200 && name) return { ok: true, id: name };
	const error = isObject(body) && isObject(body.error) ? body.error : {};
	const details = Array.isArray(error.details) ? error.details.filter(isObject) : [];
	const code =
		details.map((one) => textIn(one, 'errorCode')).find(Boolean) ??
		textIn(error, 'status') ??
		(status === 200 ? 'unexpected_answer' : `http_${status}`);
	const why = textIn(error, 'message') ?? '';
	const isBadToken = code === 'INVALID_ARGUMENT' && /registration token/i.test(why);
	const known = Object.hasOwn(CLASS_OF, code) ? CLASS_OF[code] : undefined;
	const kind = isBadToken ? 'recipient' : (known ?? (status === 200 ? 'config' : byStatus(status)));
	const wait = retryAfter(response) ?? (code.startsWith('http_') ? undefined : WAITS[kind]);
	return {
		ok: false,
		dead: code === 'UNREGISTERED' || isBadToken,
		failure: {
			ok: false,
			class: kind,
			code,
			message: `Firebase refused: ${code} ${why}`.trim().slice(0, 300),
			...(wait === undefined ? {} : { retryAfterMs: wait }),
			...(code === 'UNAUTHENTICATED' ? { tokenInvalid: true } : {}),
			...(known ? {} : { onlyHere: true }),
		},
	};
}
