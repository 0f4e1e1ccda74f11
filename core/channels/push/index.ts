import { ItsmNotifyError } from '../../errors';
import { bytes } from '../cut';
import { lostAnswer } from '../lost-answer';
import { clean, isObject, oneLine, textIn, type Json } from '../text';
import type { BatchRequest, BatchResponse, Channel, Failure, Outcome, SendContext } from '../types';
import { apnsRequest, apnsResult, hasApns, type DeviceResult } from './apns';
import { collapseOf, draw, sizeOf } from './card';
import { address, devicesOf, type Device } from './devices';
import { fcmRequest, fcmResult, hasFcm } from './fcm';
import { limits, PUSH } from './limits';
import { isReserved, raw } from './raw';
import { apnsTokenKey, fcmTokenKey, prepare } from './token';

const refuse = (field: string, why: string): never => {
	throw new ItsmNotifyError(
		'invalid_payload',
		`The phone would refuse the message: ${field} ${why}.`,
		{
			field,
		},
	);
};

function check(payload: Json): void {
	const { title, body, data, collapse } = payload;
	if (typeof title !== 'string' || !title.trim()) refuse('title', 'is empty');
	if (typeof body !== 'string') refuse('body', 'is no text');
	if (data !== undefined && !isObject(data)) refuse('data', 'is no object');
	for (const [name, value] of Object.entries((data ?? {}) as Json)) {
		if (typeof value !== 'string') refuse(`data.${name}`, 'is no text');
		if (isReserved(name)) refuse(`data.${name}`, 'is a name that the services keep for themselves');
	}
	if (collapse !== undefined && bytes(String(collapse)) > PUSH.collapse)
		refuse('collapse', `is over ${PUSH.collapse} bytes`);
	if (sizeOf(payload) > PUSH.payloadBytes) refuse('payload', `is over ${PUSH.payloadBytes} bytes`);
}

function batch(
	payload: Json,
	context: SendContext,
	prepared: Json,
	collapse: string,
): BatchRequest {
	const { credential, delivery } = context;
	const devices = devicesOf(delivery.address);
	if (devices.length === 0)
		throw new ItsmNotifyError('no_address', 'The recipient has no device token.', {
			field: 'address.tokens',
		});
	const faults: unknown[] = [];
	const calls = devices.flatMap((device): BatchRequest['calls'] => {
		const about = { ...device, collapse };
		// Apple's own way for its devices, Firebase for the rest and where Apple's is not set up.
		if (device.platform === 'ios' && hasApns(credential)) {
			const token = prepared[apnsTokenKey(credential)];
			if (typeof token !== 'string') {
				faults.push(prepared.apnsFault);
				return [];
			}
			return [
				{
					request: apnsRequest(payload, context, device.token, collapse, token),
					about: { ...about, via: 'apns' },
				},
			];
		}
		if (!hasFcm(credential)) return [];
		const token = prepared[fcmTokenKey(credential)];
		if (typeof token !== 'string') {
			faults.push(prepared.fcmFault);
			return [];
		}
		return [
			{
				request: fcmRequest(payload, credential, device, collapse, token),
				about: { ...about, via: 'fcm' },
			},
		];
	});
	if (calls.length > 0) return { kind: 'batch', calls };
	if (faults.length > 0) throw faults[0];
	throw new ItsmNotifyError(
		'no_address',
		'The credential serves none of the devices of the recipient.',
		{ field: 'address.tokens', fix: 'Fill in the Firebase service account for Android and web.' },
	);
}

const SERIOUS: ReadonlyArray<Failure['class']> = [
	'auth',
	'retry',
	'rate',
	'config',
	'payload',
	'recipient',
];

/** One device that has it is enough; dead ones are named in any case. */
function outcome({ answers }: BatchResponse): Outcome {
	const results = answers.map(({ about, response, error }) => {
		const device = about as unknown as Device;
		const result: DeviceResult = error
			? { ok: false, failure: lostAnswer(error), dead: false }
			: about.via === 'apns'
				? apnsResult(response, device.registeredAt)
				: fcmResult(response);
		return { device, result };
	});
	const dead = results
		.filter(({ result }) => !result.ok && result.dead)
		.map(({ device }) => device.token);
	const deadAddresses = dead.length > 0 ? { deadAddresses: dead } : {};
	const reached = results.flatMap(({ device, result }) =>
		result.ok ? [{ platform: device.platform, id: result.id }] : [],
	);
	const failures = results.flatMap(({ device, result }) =>
		result.ok ? [] : [{ platform: device.platform, failure: result.failure }],
	);
	if (reached.length > 0) {
		return {
			ok: true,
			status: 'sent',
			providerMessageId: reached[0].id,
			ref: {
				collapse: answers[0].about.collapse,
				devices: reached,
				...(failures.length > 0
					? { failed: failures.map(({ platform, failure }) => ({ platform, code: failure.code })) }
					: {}),
			},
			...deadAddresses,
		};
	}
	const [worst] = failures
		.map(({ failure }) => failure)
		.sort((a, b) => SERIOUS.indexOf(a.class) - SERIOUS.indexOf(b.class));
	return { ...worst, ...deadAddresses };
}

/** Push notifications by APNs and Firebase Cloud Messaging, to all devices of a person. */
export const push: Channel = {
	id: 'push',
	name: 'Push',
	limits,
	// The same collapse id shows it once.
	recognisesRepeats: () => true,
	escape: clean,
	address,
	draw,
	raw,
	summary: (payload) => oneLine(String(payload.title ?? '')),
	check,
	prepare,
	tokenKey: (credential, failure) =>
		hasApns(credential) && failure?.code !== 'UNAUTHENTICATED'
			? apnsTokenKey(credential)
			: fcmTokenKey(credential),
	request: (payload, context, prepared) =>
		batch(
			payload,
			context,
			prepared,
			textIn(payload, 'collapse') ?? collapseOf(context.delivery.delivery_id),
		),
	outcome: (response) =>
		'answers' in response
			? outcome(response)
			: { ok: false, class: 'config', code: 'unexpected_answer', message: 'No answers of devices' },
	update(payload, ref, context, prepared) {
		const collapse = textIn(ref, 'collapse');
		if (collapse === undefined)
			throw new ItsmNotifyError('not_updatable', 'What the phones show cannot be named.', {
				field: 'ref.collapse',
			});
		return batch(payload, context, prepared, collapse);
	},
	answers: () => 'link',
};
