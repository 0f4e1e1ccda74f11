import type { InboundAnswer, InboundResult } from '../inbound';
import { isObject, type Json } from '../text';

export const refused = (code: string, status: 400 | 401 | 403 = 401): InboundResult => ({
	kind: 'refused',
	status,
	code,
});

export const answer = (body: Json): InboundAnswer => ({
	status: 200,
	headers: { 'content-type': 'application/json; charset=utf-8' },
	body: JSON.stringify(body),
});

/** The body as an object; undefined where it is none. Only after its proof was checked. */
export function readBody(rawBody: Uint8Array): Json | undefined {
	try {
		const read: unknown = JSON.parse(Buffer.from(rawBody).toString('utf8'));
		return isObject(read) ? read : undefined;
	} catch {
		return undefined;
	}
}

/** True where `timestamp` (epoch ms as text) is at most `windowMs` away from now. */
export const isFresh = (timestamp: string, now: Date, windowMs: number): boolean =>
	/^\d{10,16}$/.test(timestamp) && Math.abs(now.getTime() - Number(timestamp)) <= windowMs;
