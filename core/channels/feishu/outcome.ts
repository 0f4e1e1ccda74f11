import { header, httpFailure, retryAfter } from '../http-outcome';
import { isObject, textIn, wordsOf, type Json } from '../text';
import type { ChannelRequest, Failure, FailureClass, HttpResponse, Outcome } from '../types';

/** facts/channels.md §6; what is not here is a matter of set-up. */
const CLASSES: Record<FailureClass, number[]> = {
	retry: [230049],
	rate: [99991400, 230020, 11232],
	auth: [99991661, 99991663, 99991664, 99991671, 10014, 19021],
	config: [230006, 230002, 230018, 230027, 230035, 230038, 99991672, 19001, 19022, 19024],
	recipient: [230013, 230029, 230034, 230053, 232009, 230019, 230011],
	payload: [9499, 19002, 230001, 230022, 230025, 230028, 230054, 230055, 230075, 230099],
};
const CLASS_OF = new Map(
	Object.entries(CLASSES).flatMap(([name, codes]) =>
		codes.map((code) => [code, name as FailureClass] as const),
	),
);

/** A fresh token may help. */
const TOKEN_INVALID = new Set([99991661, 99991663, 99991664, 99991671]);

/** They concern one person or group; the credential works for others. */
const ONLY_HERE = new Set([230002, 230018, 230020, 230035, 230038]);

/** Feishu's own wait, in seconds; without one, its limits are per second. */
const RATE_WAIT_MS = 1000;

function waitOf(response: HttpResponse): number | undefined {
	const reset = header(response, 'x-ogw-ratelimit-reset')?.trim();
	if (reset && /^\d+(\.\d+)?$/.test(reset)) return Math.ceil(Number(reset) * 1000);
	return retryAfter(response);
}

function refusal(code: number, body: Json, response: HttpResponse): Failure {
	const kind = CLASS_OF.get(code) ?? 'config';
	const wait = waitOf(response) ?? (kind === 'rate' ? RATE_WAIT_MS : undefined);
	return {
		ok: false,
		class: kind,
		code: wordsOf(code) || 'unknown',
		message: `Feishu refused: ${code} ${words(body.msg)}`.trimEnd(),
		...(wait === undefined ? {} : { retryAfterMs: wait }),
		...(TOKEN_INVALID.has(code) ? { tokenInvalid: true } : {}),
		// Of an unknown code nobody knows whom it concerns: it must not stop the rest.
		...(ONLY_HERE.has(code) || !CLASS_OF.has(code) ? { onlyHere: true } : {}),
	};
}

/** The message without ids for Feishu's support. */
const words = (message: unknown): string =>
	(typeof message === 'string' ? message : '')
		.split(/,? ?(?:log_id|logid|request_id):/i)[0]
		.slice(0, 200);

/** Answers of all calls: `code` counts, whatever the HTTP status says; an old webhook answers `StatusCode`. */
export function outcome(response: HttpResponse, request: ChannelRequest): Outcome {
	const { body, status } = response;
	const code = isObject(body) ? (body.code ?? body.StatusCode) : undefined;
	if (!isObject(body) || code === undefined || code === null || !/^-?\d+$/.test(wordsOf(code))) {
		if (status >= 200 && status < 300) {
			return {
				ok: false,
				class: 'config',
				code: 'unexpected_answer',
				message: "The answer is not Feishu's: check the URL of the credential.",
			};
		}
		return httpFailure(response, 'Feishu');
	}
	const known = Number(code);
	if (known === 0 && status < 400) return accepted(body);
	// Refused for its missing type only: the webhook is there and the signature holds.
	if (isRobotProbe(request) && (known === 9499 || known === 19002))
		return { ok: true, status: 'sent' };
	if (status >= 500 && !CLASS_OF.has(known)) return httpFailure(response, 'Feishu');
	if (status === 429 && !CLASS_OF.has(known))
		return {
			...refusal(known, body, response),
			class: 'rate',
			retryAfterMs: waitOf(response) ?? RATE_WAIT_MS,
		};
	return refusal(known, body, response);
}

function accepted(body: Json): Outcome {
	const data = isObject(body.data) ? body.data : {};
	const id = textIn(data, 'message_id');
	const chat = textIn(data, 'chat_id');
	if (!id) return { ok: true, status: 'sent' };
	return {
		ok: true,
		status: 'sent',
		providerMessageId: id,
		ref: { message_id: id, ...(chat ? { chat_id: chat } : {}) },
	};
}

const isRobotProbe = (request: ChannelRequest): boolean =>
	request.kind === 'http' &&
	request.url.includes('/bot/v2/hook/') &&
	isObject(request.body) &&
	request.body.msg_type === undefined;
