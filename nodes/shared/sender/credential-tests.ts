import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import {
	createTokenCache,
	OutcomeError,
	perform,
	redact,
	secretsOf,
	sendHttp2,
	sendSmtp,
	smtpTransportOf,
	transportError,
	verifySmtp,
	type Channel,
	type ChannelIo,
} from '../../../core/channels';
import { messageOf } from '../../../core/errors';
import { decode, encode } from './io';

type Test = (
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
) => Promise<INodeCredentialTestResult>;

const TIMEOUT_MS = 10_000;

/** A credential test has no request helper but a deprecated one, so it asks with Node's own fetch. */
export function testIo(): ChannelIo {
	return {
		async http(request, { timeoutMs }) {
			const { body, headers } = encode(request);
			try {
				const answer = await fetch(request.url, {
					method: request.method,
					headers,
					body: typeof body === 'string' || body === undefined ? body : new Uint8Array(body),
					redirect: 'manual',
					signal: AbortSignal.timeout(timeoutMs),
				});
				return {
					status: answer.status,
					headers: Object.fromEntries(answer.headers.entries()),
					body: decode(await answer.text()),
				};
			} catch (error) {
				throw transportError(error);
			}
		},
		smtp: (request, { timeoutMs }) => sendSmtp(request, { timeoutMs, now: Date.now() }),
		http2: sendHttp2,
		now: () => new Date(),
		random: Math.random,
		sleep,
		tokens: createTokenCache(Date.now),
	};
}

/** Asks the provider whether the credential works, without sending a message to anybody. */
export function channelCredentialTest(channel: Channel, unprobed: string): Test {
	return async function (credential) {
		const data = credential.data ?? {};
		const hide = (text: string): string => redact(text, secretsOf(data));
		try {
			const io = testIo();
			const prepared = channel.prepare ? await channel.prepare(io, data) : {};
			const request = channel.probe?.(data, prepared);
			if (!request)
				return {
					status: 'OK',
					message:
						channel.prepare && Object.keys(prepared).length > 0
							? `${channel.name} accepts this credential`
							: unprobed,
				};
			const outcome = channel.outcome(await perform(io, request, TIMEOUT_MS), request);
			return outcome.ok
				? { status: 'OK', message: `${channel.name} accepts this credential` }
				: { status: 'Error', message: hide(`${outcome.code}: ${outcome.message}`) };
		} catch (error) {
			const message =
				error instanceof OutcomeError
					? `${error.outcome.code}: ${error.outcome.message}`
					: messageOf(error);
			return { status: 'Error', message: hide(message) };
		}
	};
}

/** Connects and signs in; no mail is sent. */
export const emailCredentialTest: Test = async function (credential) {
	const data = credential.data ?? {};
	if (!data.host || !data.from) return { status: 'Error', message: 'Fill in SMTP Host and From' };
	const failure = await verifySmtp(smtpTransportOf(data), TIMEOUT_MS);
	return failure === undefined
		? { status: 'OK', message: 'The server lets this account in; no mail was sent' }
		: { status: 'Error', message: redact(failure, secretsOf(data)) };
};
