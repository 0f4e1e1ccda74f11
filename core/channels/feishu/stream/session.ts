import type { ReconnectRule, StreamEvent, StreamSession } from '../../stream/types';
import { isObject, textIn, type Json } from '../../text';
import type { Credential } from '../../types';
import { parseObject } from '../proof';
import { readEvent } from '../read';
import { readFrame, writeFrame, type Frame } from './frame';
import { createParts } from './parts';

const CONTROL = 0;
const CALL = 1;

const header = ({ headers }: Frame, name: string): string =>
	headers.find(([key]) => key === name)?.[1] ?? '';

/** Seconds as Feishu gives them, kept in sane bounds. */
function seconds(config: Json, name: string, standard: number, least: number): number {
	const given = Number(config[name] ?? Number.NaN);
	return Math.min(Number.isFinite(given) ? Math.max(given, least) : standard, 600) * 1000;
}

interface Rules extends ReconnectRule {
	pingMs: number;
}

const rulesOf = (config: Json): Rules => ({
	pingMs: seconds(config, 'PingInterval', 120, 5),
	spreadMs: seconds(config, 'ReconnectNonce', 30, 0),
	pauseMs: seconds(config, 'ReconnectInterval', 120, 1),
});

/** The frame as it came, with our answer in it. */
const answerTo = (frame: Frame, body: Json): Uint8Array =>
	writeFrame({
		...frame,
		payload: Buffer.from(JSON.stringify(body), 'utf8'),
	});

/** One connection of Feishu: protobuf frames, calls at times in several; we ping, it answers with how to go on. */
export function createSession(credential: Credential, url: string, config: Json): StreamSession {
	const service = Number(new URL(url).searchParams.get('service_id') ?? 0) || 0;
	const parts = createParts();
	let rules = rulesOf(config);

	function onCall(frame: Frame, now: number): StreamEvent | undefined {
		const type = header(frame, 'type');
		if (type !== 'event' && type !== 'card') return undefined;
		const place = {
			id: header(frame, 'message_id'),
			sum: Number(header(frame, 'sum') || 1),
			seq: Number(header(frame, 'seq') || 0),
		};
		const whole = parts.add(place, frame.payload ?? new Uint8Array(), now);
		const body = whole && parseObject(Buffer.from(whole).toString('utf8'));
		if (!body) return undefined;
		const result = readEvent(body, credential);
		if (result.kind === 'refused') return undefined;
		// A pressed card waits for what is to change on it; an event only for the code.
		const isPress = type === 'card' || eventType(body) === 'card.action.trigger';
		const data = isPress ? Buffer.from(result.answer.body, 'utf8').toString('base64') : undefined;
		const done = answerTo(frame, { code: 200, ...(data ? { data } : {}) });
		return result.kind === 'calls'
			? { kind: 'calls', calls: result.calls, done, failed: answerTo(frame, { code: 500 }) }
			: { kind: 'answer', data: done };
	}

	function onControl(frame: Frame): void {
		if (header(frame, 'type') !== 'pong' || !frame.payload) return;
		const news = parseObject(Buffer.from(frame.payload).toString('utf8'));
		if (news) rules = rulesOf(news);
	}

	return {
		read(bytes, now) {
			const frame = frameIn(bytes);
			if (frame?.method === CONTROL) onControl(frame);
			return frame?.method === CALL ? onCall(frame, now) : undefined;
		},
		ping: () => ({
			everyMs: rules.pingMs,
			data: writeFrame({
				...{ seqId: 0n, logId: 0n, service, method: CONTROL },
				headers: [['type', 'ping']],
			}),
		}),
		reconnect: () => ({ spreadMs: rules.spreadMs, pauseMs: rules.pauseMs }),
	};
}

const eventType = (body: Json): string | undefined =>
	isObject(body.header) ? textIn(body.header, 'event_type') : undefined;

/** Undefined for bytes that are no frame. */
function frameIn(bytes: Uint8Array): Frame | undefined {
	try {
		return readFrame(bytes);
	} catch {
		return undefined;
	}
}
