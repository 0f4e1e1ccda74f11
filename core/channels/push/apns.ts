import { createHash } from 'node:crypto';

import { baseUrl, required } from '../credential';
import { header } from '../http-outcome';
import { isObject, textIn, type Json } from '../text';
import type {
	Credential,
	Failure,
	FailureClass,
	HttpRequest,
	HttpResponse,
	SendContext,
} from '../types';
import { PUSH } from './limits';

const HOSTS = {
	production: 'https://api.push.apple.com',
	sandbox: 'https://api.sandbox.push.apple.com',
};

export const hasApns = (credential: Credential): boolean =>
	textIn(credential, 'apnsPrivateKey', 'apnsKeyId', 'apnsTeamId') !== undefined;

export const isUrgent = (payload: Json): boolean =>
	payload.severity === 'critical' || payload.severity === 'high';

/** Quiet news neither wake the screen nor the radio. */
const isQuiet = (payload: Json): boolean => payload.severity === 'info';

export const aps = (payload: Json): Json => ({
	alert: { title: payload.title, body: payload.body },
	sound: 'default',
	category: 'TICKET',
	...(payload.thread ? { 'thread-id': payload.thread } : {}),
	'interruption-level': isUrgent(payload)
		? 'time-sensitive'
		: isQuiet(payload)
			? 'passive'
			: 'active',
	'mutable-content': 1,
});

export const apnsBody = (payload: Json): Json => ({
	...(isObject(payload.data) ? payload.data : {}),
	aps: aps(payload),
});

/** The same for every try of one message to one device. */
function uuid(...parts: string[]): string {
	const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function apnsRequest(
	payload: Json,
	{ credential, delivery, now }: SendContext,
	device: string,
	collapse: string,
	token: string,
): HttpRequest {
	const environment = credential.apnsEnvironment === 'sandbox' ? 'sandbox' : 'production';
	const base = baseUrl({ baseUrl: credential.apnsBaseUrl }, HOSTS[environment], 'Push');
	return {
		kind: 'http',
		protocol: 'h2',
		method: 'POST',
		url: `${base}/3/device/${encodeURIComponent(device)}`,
		headers: {
			authorization: `bearer ${token}`,
			'apns-topic': required(credential, 'apnsTopic', 'APNs Topic', 'Push'),
			'apns-push-type': 'alert',
			'apns-priority': isQuiet(payload) ? '5' : '10',
			'apns-expiration': String(Math.floor(now.getTime() / 1000) + PUSH.ttlSeconds),
			'apns-collapse-id': collapse,
			'apns-id': uuid(delivery.delivery_id, device),
		},
		body: apnsBody(payload),
	};
}

/** facts/channels.md §8. */
const CLASSES: Array<[FailureClass, string]> = [
	['recipient', 'BadDeviceToken DeviceTokenNotForTopic Unregistered ExpiredToken'],
	[
		'payload',
		'BadCollapseId BadExpirationDate BadMessageId BadPriority DuplicateHeaders InvalidPushType MissingDeviceToken PayloadEmpty PayloadTooLarge BadPath MethodNotAllowed',
	],
	[
		'config',
		'BadTopic MissingTopic TopicDisallowed BadCertificate BadCertificateEnvironment Forbidden InvalidProviderToken MissingProviderToken UnrelatedKeyIdInToken BadEnvironmentKeyIdInToken BadEnvironmentKeyInToken',
	],
	['auth', 'ExpiredProviderToken'],
	['rate', 'TooManyRequests TooManyProviderTokenUpdates'],
	['retry', 'IdleTimeout InternalServerError ServiceUnavailable Shutdown'],
];
const CLASS_OF = new Map(
	CLASSES.flatMap(([kind, codes]) => codes.split(' ').map((code) => [code, kind] as const)),
);

const byStatus = (status: number): FailureClass => {
	if (status === 429) return 'rate';
	if (status >= 500 || status === 408) return 'retry';
	if (status === 410) return 'recipient';
	return status === 403 ? 'config' : 'payload';
};

export type DeviceResult =
	| { ok: true; id: string }
	| { ok: false; failure: Failure; dead: boolean };

/** `registeredAt`: a token that came again after Apple had dropped it is alive. */
export function apnsResult(
	{ status, body, headers }: HttpResponse,
	registeredAt: number | undefined,
): DeviceResult {
	if (status === 200) return { ok: true, id: header({ status, body, headers }, 'apns-id') ?? '' };
	const reason = (isObject(body) ? textIn(body, 'reason') : undefined) ?? `http_${status}`;
	const kind = CLASS_OF.get(reason) ?? byStatus(status);
	const droppedAt =
		isObject(body) && typeof body.timestamp === 'number' ? body.timestamp : undefined;
	const cameAgain =
		droppedAt !== undefined && registeredAt !== undefined && registeredAt > droppedAt;
	return {
		ok: false,
		// A wrong environment looks like a bad token: only what Apple dropped is dead.
		dead: status === 410 && !cameAgain,
		failure: {
			ok: false,
			class: kind,
			code: reason,
			message: `APNs refused: ${reason}`,
			...(reason === 'TooManyRequests' ? { onlyHere: true, retryAfterMs: 60_000 } : {}),
			...(reason === 'TooManyProviderTokenUpdates' ? { retryAfterMs: 20 * 60_000 } : {}),
			...(reason === 'ExpiredProviderToken' ? { tokenInvalid: true } : {}),
			...(CLASS_OF.has(reason) ? {} : { onlyHere: true }),
		},
	};
}
