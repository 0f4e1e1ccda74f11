import { isObject, textIn, type Json } from './text';
import {
	OutcomeError,
	type ChannelIo,
	type ChannelRequest,
	type HttpRequest,
	type HttpResponse,
	type Outcome,
} from './types';

const TIMEOUT_MS = 10_000;
const STANDARD_LIFE_S = 7200;

export interface TokenCall {
	/** The provider, for people. */
	name: string;
	/** Where the token is cached. */
	key: string;
	request(): HttpRequest;
	outcome(response: HttpResponse, request: ChannelRequest): Outcome;
	/** Fields of the answer: the token, and how many seconds it lives (two hours where none is there). */
	fields: { token: readonly string[]; life: readonly string[] };
}

/** An access token, from the cache or fetched. Throws OutcomeError where the provider refuses or gives none. */
export async function accessToken(io: ChannelIo, call: TokenCall): Promise<{ token: string }> {
	const token = await io.tokens.get(call.key, async () => {
		const request = call.request();
		const response = await io.http(request, { timeoutMs: TIMEOUT_MS });
		const result = call.outcome(response, request);
		if (!result.ok) throw new OutcomeError(result);
		const body: Json = isObject(response.body) ? response.body : {};
		const fresh = textIn(body, ...call.fields.token);
		if (!fresh)
			throw new OutcomeError({
				ok: false,
				class: 'config',
				code: 'unexpected_answer',
				message: `${call.name} gave no access token: check the base URL of the credential.`,
			});
		const life = Number(textIn(body, ...call.fields.life) ?? STANDARD_LIFE_S);
		return { token: fresh, expiresInMs: life * 1000 };
	});
	return { token };
}
