import { randomBytes } from 'node:crypto';

import { FAULT_KINDS } from '../simulators/faults.ts';
import type { Fault, Faults } from '../simulators/faults.ts';
import { startHttp } from '../simulators/http.ts';
import type { Answer, Call } from '../simulators/http.ts';
import type { Recorder, SimulatorRecord } from '../simulators/record.ts';
import { createEventStream } from '../simulators/sse.ts';
import type { Actor, Callback } from '../simulators/two-way.ts';
import { bellAnswer } from './bell.ts';
import type { Bell } from './bell.ts';
import { drawMessage } from './draw/index.ts';
import { contentPolicy, inboxPage } from './page.ts';

export interface InboxOptions {
	port?: number;
	host?: string;
	recorder: Recorder;
	/** Names for addresses. */
	people?: { name: string; addresses: string[] }[];
	/** By channel: the fault switches that the page offers. */
	faults?: Record<string, Faults>;
	itsmUrl?: string;
	/** By channel: who sends what is pressed and written on the page; without one, a channel's buttons are off. */
	actors?: Record<string, Actor>;
	/** In-app inboxes: whose there are, and the page of one. */
	bell?: Bell;
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
			faults: Object.fromEntries(
				Object.keys(options.faults ?? {}).map((id) => [
					id,
					[...FAULT_KINDS, ...(options.actors?.[id]?.callbackFaults ?? [])],
				]),
			),
			actors: Object.fromEntries(
				Object.entries(options.actors ?? {}).map(([id, { press, say, people }]) => [
					id,
					{ press: press !== undefined, say: say !== undefined, people },
				]),
			),
			links: [
				...(options.itsmUrl ? [{ label: 'ITSM tickets', url: options.itsmUrl }] : []),
				...(options.bell ? [{ label: 'In-app inboxes', url: '/bell' }] : []),
			],
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

	/** `{channel, messageId, button, user?, text?}`; `button` is its place, value, action or words. */
	function press(input: Record<string, unknown>, actor: Actor): Promise<Callback> {
		const { messageId, button, user, text } = input;
		if (!actor.press) throw new Error('nothing can be pressed on this channel');
		const which = typeof button === 'number' ? button : String(button ?? '');
		return actor.press(String(messageId ?? ''), which, given(user), given(text));
	}

	/** `{channel, user, text, messageId?}` */
	function say(
		{ user, text, messageId }: Record<string, unknown>,
		actor: Actor,
	): Promise<Callback> {
		if (!actor.say) throw new Error('nobody can write on this channel');
		return actor.say(String(user ?? ''), String(text ?? ''), given(messageId));
	}

	const given = (value: unknown): string | undefined =>
		value === undefined || value === null ? undefined : String(value);

	async function act(
		input: Record<string, unknown>,
		deed: (input: Record<string, unknown>, actor: Actor) => Promise<Callback>,
	): Promise<Answer> {
		const actor = options.actors?.[String(input['channel'])];
		if (actor === undefined) return json(404, { ok: false, message: 'no such channel' });
		try {
			const { ok, status, statuses, answer } = await deed(input, actor);
			const message = ok
				? undefined
				: `n8n answered ${statuses.join(', ')} ${answer}`.slice(0, 300);
			return json(200, { ok, status, ...(message ? { message } : {}) });
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
		if (call.path === '/press') return act(input, press);
		if (call.path === '/say') return act(input, say);
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
			if (call.path === '/bell' && options.bell) return bellAnswer(options.bell, call.query);
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
