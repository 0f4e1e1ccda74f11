import { randomBytes } from 'node:crypto';

import type { Fault, Faults } from '../simulators/faults.ts';
import { startHttp } from '../simulators/http.ts';
import type { Answer, Call } from '../simulators/http.ts';
import type { MessageRecord, Recorder, SimulatorRecord } from '../simulators/record.ts';
import { createEventStream } from '../simulators/sse.ts';
import { drawMessage } from './draw/index.ts';
import { contentPolicy, inboxPage } from './page.ts';

/** A button that was pressed on the page. */
export interface Press {
	record: MessageRecord;
	action: string;
	value: string;
	label: string;
}

export interface InboxOptions {
	port?: number;
	host?: string;
	recorder: Recorder;
	/** Names for addresses. */
	people?: { name: string; addresses: string[] }[];
	/** By channel: the fault switches that the page offers. */
	faults?: Record<string, Faults>;
	itsmUrl?: string;
	/** Sends the provider's callback; without it the buttons are off. */
	onPress?(press: Press): Promise<{ ok: boolean; message?: string }>;
}

export interface Inbox {
	url: string;
	port: number;
	close(): Promise<void>;
}

/** How many records a page that opens is given. */
const FIRST = 300;

const json = (status: number, body: unknown): Answer => ({ status, body });

/** The web page that shows every message as its app would. */
export async function startInbox(options: InboxOptions): Promise<Inbox> {
	const { recorder } = options;
	const stream = createEventStream();
	const nameOf = (address: string): string | undefined =>
		options.people?.find((person) => person.addresses.includes(address))?.name;
	const drawn = (record: SimulatorRecord): unknown =>
		record.type === 'message' ? { ...record, html: drawMessage(record, nameOf) } : record;
	const unsubscribe = recorder.subscribe((record) => {
		if (record.type === 'clear') stream.send('clear', {});
		else stream.send('record', drawn(record));
	});

	function page(): Answer {
		const nonce = randomBytes(16).toString('base64');
		const data = {
			people: options.people ?? [],
			faults: Object.keys(options.faults ?? {}),
			canPress: options.onPress !== undefined,
			itsmUrl: options.itsmUrl,
		};
		const headers = {
			'content-type': 'text/html; charset=utf-8',
			'content-security-policy': contentPolicy(nonce),
			'cache-control': 'no-store',
		};
		return { status: 200, headers, body: inboxPage(data, nonce) };
	}

	function setFault(input: Record<string, unknown>): Answer {
		const faults = options.faults?.[String(input['channel'])];
		if (faults === undefined) return json(404, { error: 'no such channel' });
		faults.clear();
		if (input['kind']) faults.set({ kind: input['kind'] as Fault['kind'] });
		return json(200, { faults: faults.list() });
	}

	async function press(input: Record<string, unknown>): Promise<Answer> {
		const record = recorder.messages().find((message) => message.seq === input['seq']);
		if (options.onPress === undefined || record === undefined)
			return json(404, { ok: false, message: 'no such button' });
		const [action, value, label] = [input['action'], input['value'], input['label']].map((part) =>
			String(part ?? ''),
		);
		try {
			return json(
				200,
				await options.onPress({ record, action: action!, value: value!, label: label! }),
			);
		} catch (error) {
			return json(200, { ok: false, message: (error as Error).message });
		}
	}

	async function api(call: Call): Promise<Answer> {
		// JSON from another origin needs a preflight, which is not answered: no foreign page acts here.
		if (!call.headers['content-type']?.startsWith('application/json'))
			return json(415, { error: 'send JSON' });
		const input = JSON.parse(call.text || '{}') as Record<string, unknown>;
		if (call.path === '/api/clear') {
			recorder.clear();
			return json(200, { ok: true });
		}
		if (call.path === '/api/fault') return setFault(input);
		if (call.path === '/api/press') return press(input);
		return json(404, { error: 'not found' });
	}

	const server = await startHttp({
		port: options.port,
		host: options.host,
		intercept(request, response) {
			if (request.url !== '/events') return false;
			const all = recorder.query().slice(-FIRST).map(drawn);
			stream.open(request, response, { event: 'all', data: all });
			return true;
		},
		async handle(call) {
			if (call.method === 'POST') return api(call);
			if (call.path === '/') return page();
			if (call.path === '/api/records')
				return json(200, {
					records: recorder.query({ after: Number(call.query.get('after') ?? 0) }),
				});
			return json(404, { error: 'not found' });
		},
	});
	return {
		url: server.url,
		port: server.port,
		async close() {
			unsubscribe();
			stream.close();
			await server.close();
		},
	};
}
