import type { AddressInfo } from 'node:net';

import { startHttp } from '../http.ts';
import type { Simulator, StartOptions } from '../http.ts';
import { createApns } from './apns.ts';
import type { PushConfig, PushState } from './config.ts';
import { createFcm, spell } from './fcm.ts';
import type { Json } from './jwt.ts';

export type { PushConfig } from './config.ts';

/** `url` is that of Firebase and Google's tokens (`/token`); faults hit both services, by their path. */
export interface PushSimulator extends Simulator {
	/** HTTP/2 without TLS. */
	apnsUrl: string;
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Both push services behind one start: Firebase over HTTP, Apple over HTTP/2. */
export async function startPush({
	recorder,
	config,
	port,
	host = '127.0.0.1',
}: StartOptions<PushConfig>): Promise<PushSimulator> {
	const state: PushState = {
		config,
		now: config.now ?? Date.now,
		accept({ ref, to, sender, title, body, data, raw }) {
			recorder.message({
				channel: 'push',
				ref,
				to: [to],
				sender,
				payload: { title, body, data },
				rendered: { title: shown(title), text: shown(body) },
				raw,
			});
		},
		refuse(status, code, why, raw) {
			recorder.refusal({ channel: 'push', status, code, why, raw });
		},
	};
	const fcm = createFcm(state);
	const simulator = await startHttp({
		port,
		host,
		handle(call) {
			const answer = fcm(call);
			if (answer.status >= 400) {
				const { status } = ((answer.body as Json)['error'] ?? {}) as Json;
				state.refuse(answer.status, String(status ?? 'refused'), call.path, call.text);
			}
			return answer;
		},
		spell,
	});
	const { http2, end } = createApns(state, simulator.faults);
	await new Promise<void>((done) => http2.listen(0, host, done));
	return {
		...simulator,
		apnsUrl: `http://${host}:${(http2.address() as AddressInfo).port}`,
		async close() {
			end();
			await new Promise((done) => http2.close(done));
			await simulator.close();
		},
	};
}
