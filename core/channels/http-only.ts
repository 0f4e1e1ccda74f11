import type { Channel, ChannelRequest, HttpResponse, Outcome } from './types';

/** The outcome of a channel whose every call is HTTP. */
export const httpOnly =
	(outcome: (response: HttpResponse, request: ChannelRequest) => Outcome): Channel['outcome'] =>
	(response, request) =>
		'status' in response
			? outcome(response, request)
			: { ok: false, class: 'config', code: 'unexpected_answer', message: 'No HTTP answer' };
