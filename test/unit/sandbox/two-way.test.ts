import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createFaults, parseFault } from '../../../sandbox/simulators/faults.ts';
import { createRecorder } from '../../../sandbox/simulators/index.ts';
import type { Faults, Recorder } from '../../../sandbox/simulators/index.ts';
import { createCaller } from '../../../sandbox/simulators/two-way.ts';
import type { Caller, Outgoing, Proof } from '../../../sandbox/simulators/two-way.ts';

const NOW = Date.parse('2026-11-26T04:00:00Z');
const DEED = { user: 'U1', said: 'Acknowledge', messageId: 'm1' };

let server: Server;
let recorder: Recorder;
let faults: Faults;
let caller: Caller;
/** Statuses of the next answers; then 200. */
let answers: number[];
let heard: Array<{ url?: string; attempt?: string }>;
const proofs: Proof[] = [];

const signed = (proof: Proof): Outgoing => {
	proofs.push(proof);
	return { body: 'b', timeoutMs: 1000, retryHeaders: (n) => ({ 'x-attempt': String(n) }) };
};

beforeEach(async () => {
	[answers, heard, proofs.length] = [[], [], 0];
	server = createServer((request, response) => {
		heard.push({ url: request.url, attempt: request.headers['x-attempt'] as string });
		request.resume().on('end', () => response.writeHead(answers.shift() ?? 200).end('said'));
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	recorder = createRecorder();
	faults = createFaults();
	caller = createCaller({ channel: 'slack', recorder, faults, now: () => NOW });
	caller.setUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?a=1`);
});
afterEach(() => {
	server.closeAllConnections();
	server.close();
});

it('calls, tries again as the provider does, and keeps what was done and answered', async () => {
	answers = [503, 500];
	const done = await caller.call(DEED, (proof) => ({ ...signed(proof), query: { b: '2' } }));
	expect(done).toMatchObject({ ok: true, status: 200, statuses: [503, 500, 200], attempts: 3 });
	expect(heard.map(({ attempt }) => attempt)).toEqual([undefined, '1', '2']);
	expect(heard[0].url).toBe('/hook?a=1&b=2');
	expect(recorder.answers()).toMatchObject([
		{ channel: 'slack', to: ['U1'], said: 'Acknowledge', ref: 'm1', answer: 'said', ok: true },
	]);
	expect(proofs).toMatchObject([{ now: NOW, forged: false }]);
	expect(proofs[0].secret('s')).toBe('s');
});

it('repeats, forges and puts the clock back on demand, each as often as it was told', async () => {
	faults.set(
		{ kind: 'repeat', times: 1 },
		{ kind: 'forge', times: 1 },
		{ kind: 'stale', times: 1 },
	);
	expect(await caller.call(DEED, signed)).toMatchObject({ statuses: [200, 200, 200] });
	answers = [401];
	expect(await caller.call(DEED, signed)).toMatchObject({ ok: false, statuses: [401] });
	expect(proofs[1].secret('s')).not.toBe('s');
	await caller.call(DEED, signed);
	expect(proofs[2]).toMatchObject({ now: NOW - 86_400_000, forged: false });
	await caller.call(DEED, signed);
	expect(recorder.answers().map(({ fault }) => fault)).toEqual([
		'repeat',
		'forge',
		'stale',
		undefined,
	]);
	// Three repeats are one signature.
	expect([proofs.length, heard.length]).toEqual([4, 6]);
});

it('leaves alone what nobody did, and faults that are for requests', async () => {
	faults.set({ kind: 'forge' }, { kind: '429' });
	expect(await caller.call(undefined, signed)).toMatchObject({ statuses: [200] });
	expect(proofs[0].forged).toBe(false);
	expect(recorder.answers()).toEqual([]);
	expect(faults.take('any request')).toMatchObject({ kind: '429' });
	expect(faults.take('any request', ['slow'])).toBeUndefined();
});

it('is silent to nobody: no address, no answer, a fault that there is not', async () => {
	caller.setUrl(undefined);
	await expect(caller.call(DEED, signed)).rejects.toThrow('no callback URL');
	caller.setUrl('http://127.0.0.1:9/');
	const lost = await caller.call(DEED, () => ({ body: '', timeoutMs: 500 }));
	expect(lost).toMatchObject({ ok: false, status: 0, attempts: 1 });
	expect(() => parseFault({ kind: 'nonsense' })).toThrow('forge');
});
