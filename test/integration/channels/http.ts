import { createTokenCache } from '../../../core/channels/tokens';
import type {
	Channel,
	ChannelIo,
	Credential,
	HttpRequest,
	HttpResponse,
} from '../../../core/channels/types';

/** Real HTTP, as n8n's request helper answers: JSON parsed where it is JSON. */
export async function call(request: HttpRequest): Promise<HttpResponse> {
	const { method, url, headers, body } = request;
	const sent =
		typeof body === 'object' && !(body instanceof Uint8Array) ? JSON.stringify(body) : body;
	const response = await fetch(url, { method, headers, body: sent as string | undefined });
	const text = await response.text();
	const isJson = response.headers.get('content-type')?.includes('json');
	return {
		status: response.status,
		headers: Object.fromEntries(response.headers),
		body: isJson ? JSON.parse(text) : text,
	};
}

export const createIo = (): ChannelIo => ({
	http: call,
	smtp: () => Promise.reject(new Error('no mail here')),
	now: () => new Date(),
	random: () => 0.5,
	sleep: async () => undefined,
	tokens: createTokenCache(() => Date.now()),
});

/** prepare, check, request, call, outcome: what the shared send does, without its retries. */
export async function deliver(
	channel: Channel,
	payload: Record<string, unknown>,
	address: Record<string, unknown>,
	credential: Credential,
	options: { io?: ChannelIo; id?: string; ref?: Record<string, unknown>; unchecked?: boolean } = {},
) {
	const { io = createIo(), id = 'd_1', ref, unchecked } = options;
	if (!unchecked) channel.check(payload);
	const shared = (await channel.prepare?.(io, credential)) ?? {};
	const context = {
		delivery: { delivery_id: id, channel: channel.id, address, purpose: 'first' },
		credential,
		now: io.now(),
	} as never;
	const prepared = { ...shared, ...(await channel.prepareRecipient?.(io, context, shared)) };
	const request = ref
		? channel.update?.(payload, ref, context, prepared)
		: channel.request(payload, context, prepared);
	return channel.outcome(await call(request as HttpRequest), request as HttpRequest);
}
