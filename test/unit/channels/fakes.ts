import { createTokenCache } from '../../../core/channels/tokens';
import type {
	Channel,
	ChannelIo,
	HttpRequest,
	HttpResponse,
	SmtpRequest,
	SmtpResponse,
} from '../../../core/channels/types';
import { deliverySchema, type Delivery, type DeliveryInput } from '../../../core/events/delivery';

export const START = Date.parse('2027-03-13T00:00:00Z');

export function aDelivery(patch: Partial<DeliveryInput> = {}): Delivery {
	return deliverySchema.parse({
		delivery_id: 'd_0001',
		event: {
			event_id: 'e_1',
			event_type: 'ticket_assigned',
			timestamp: '2027-03-13T00:00:00Z',
			source: 'serviceNow',
			content: { ticket_id: 'INC0010001', ticket_title: 'Disk full' },
		},
		recipient: { user_id: 'user-1' },
		channel: 'slack',
		address: { userid: 'U1' },
		message: { text: 'hello' },
		...patch,
	});
}

export interface Call {
	/** ms since the start. */
	at: number;
	request: HttpRequest | SmtpRequest;
}

type Step = (request: HttpRequest | SmtpRequest) => HttpResponse | SmtpResponse | Error;

export interface FakeIo extends ChannelIo {
	calls: Call[];
	sleeps: number[];
}

/** A world on a clock of its own: each call takes `takesMs`, or what its step says. */
export function fakeIo(
	steps: Array<Step | { takesMs: number; step: Step }>,
	{ random = 0.5, takesMs = 100 } = {},
): FakeIo {
	let now = START;
	let next = 0;
	const calls: Call[] = [];
	const sleeps: number[] = [];
	const run = (request: HttpRequest | SmtpRequest): HttpResponse | SmtpResponse => {
		calls.push({ at: now - START, request });
		const entry = steps[Math.min(next, steps.length - 1)];
		next += 1;
		const { step, takesMs: took } = typeof entry === 'function' ? { step: entry, takesMs } : entry;
		now += took;
		const result = step(request);
		if (result instanceof Error) throw result;
		return result;
	};
	return {
		calls,
		sleeps,
		http: async (request) => run(request) as HttpResponse,
		smtp: async (request) => run(request) as SmtpResponse,
		now: () => new Date(now),
		random: () => random,
		sleep: async (ms) => {
			sleeps.push(ms);
			now += ms;
		},
		tokens: createTokenCache(() => now),
	};
}

export const json =
	(body: unknown, status = 200, headers: Record<string, string> = {}): Step =>
	() => ({ status, headers, body });

export const fails =
	(error: Error): Step =>
	() =>
		error;

/** A channel with nothing of its own but a token and an idempotency switch. */
export function plainChannel(patch: Partial<Channel> = {}): Channel {
	return {
		id: 'slack',
		name: 'Plain',
		limits: { unit: 'chars', text: 100, buttons: 1, rate: {}, digestEntries: 5 },
		escape: (text) => text,
		address: (document) => document.userid as string,
		draw: (card) => ({ text: card.title }),
		raw: (document) => document,
		summary: (payload) => String(payload.text),
		check: () => undefined,
		request: (payload, _context, prepared) => ({
			kind: 'http',
			method: 'POST',
			url: `https://plain.test/send?access_token=${String(prepared.token ?? 'none')}`,
			body: payload,
		}),
		outcome: (response) => {
			const { body } = response as HttpResponse;
			return body as never;
		},
		...patch,
	};
}
