import { fingerprint } from '../credential';
import { isObject, textIn, type Json } from '../text';
import { OutcomeError, type ChannelIo, type Credential, type SendContext } from '../types';
import { receiverOf } from './address';
import { outcome } from './outcome';
import {
	conversationOf,
	isWorkflow,
	openRequest,
	serviceUrlOf,
	tokenKey,
	tokenRequest,
} from './request';

const TIMEOUT_MS = 10_000;
const HOUR_MS = 3600_000;

/** The connector's token, from the cache or fetched; a workflow needs none. Throws OutcomeError where it is refused. */
export async function prepare(io: ChannelIo, credential: Credential): Promise<Json> {
	if (isWorkflow(credential)) return {};
	const token = await io.tokens.get(tokenKey(credential), async () => {
		const request = tokenRequest(credential);
		const response = await io.http(request, { timeoutMs: TIMEOUT_MS });
		const result = outcome(response, request);
		if (!result.ok) throw new OutcomeError(result);
		const body = isObject(response.body) ? response.body : {};
		return {
			token: textIn(body, 'access_token') ?? '',
			expiresInMs: Number(body.expires_in ?? 3600) * 1000,
		};
	});
	return { token };
}

/** The person's chat with the bot, opened once and kept for a day. Throws OutcomeError where Teams refuses. */
export async function prepareRecipient(
	io: ChannelIo,
	context: SendContext,
	prepared: Json,
): Promise<Json> {
	const { credential, delivery } = context;
	if (isWorkflow(credential)) return {};
	const known = conversationOf(context);
	if (known) return known;
	const receiver = receiverOf(delivery.address);
	if (!receiver) return {};
	const serviceUrl = serviceUrlOf(credential);
	const key = `teams-chat:${fingerprint(serviceUrl, credential.appId, credential.tenantId, receiver.id)}`;
	const conversationId = await io.tokens.get(key, async () => {
		const request = openRequest(credential, receiver.id, prepared);
		const response = await io.http(request, { timeoutMs: TIMEOUT_MS });
		const result = outcome(response, request);
		if (!result.ok) throw new OutcomeError(result);
		return { token: result.providerMessageId ?? '', expiresInMs: 24 * HOUR_MS };
	});
	return { serviceUrl, conversationId };
}
