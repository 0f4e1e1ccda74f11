import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import fc from 'fast-check';

import { channels, slackSignature, verifySlackSignature } from '../../core/channels';
import { createRecorder, startSlack } from '../../sandbox/simulators/index.ts';
import type { SlackSimulator } from '../../sandbox/simulators/index.ts';
import { deliver } from '../integration/channels/http';
import { pressable } from '../unit/channels/cards';
import { sdk } from './sdk';

type Json = Record<string, unknown>;
type Handler = (call: {
	ack(): Promise<void>;
	payload: Json;
	body: Json;
	context: Json;
}) => Promise<void>;

interface Bolt {
	verifySlackRequest(options: {
		signingSecret: string;
		body: string;
		headers: { 'x-slack-signature': string; 'x-slack-request-timestamp': number };
		nowMilliseconds: number;
	}): void;
	App: new (options: Json) => {
		action(constraint: RegExp, handler: Handler): void;
		command(name: string, handler: Handler): void;
		message(handler: Handler): void;
		start(port: number): Promise<Server>;
		stop(): Promise<unknown>;
	};
}

const bolt = sdk<Bolt>('@slack/bolt');
const NOW = Date.parse('2027-03-13T00:00:00Z');
const SECONDS = NOW / 1000;

const boltAccepts = (
	secret: string,
	timestamp: number,
	signature: string,
	body: string,
): boolean => {
	try {
		bolt.verifySlackRequest({
			signingSecret: secret,
			body,
			headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp },
			nowMilliseconds: NOW,
		});
		return true;
	} catch {
		return false;
	}
};
const weAccept = (secret: string, timestamp: number, signature: string, body: string): boolean =>
	verifySlackSignature(
		secret,
		{ timestamp: String(timestamp), signature, rawBody: Buffer.from(body) },
		new Date(NOW),
	).ok;

const secret = fc.stringMatching(/^[0-9a-f]{32}$/);
const body = fc.string({ unit: 'grapheme', maxLength: 300 });

it('Bolt takes every signature that we make', () => {
	fc.assert(
		fc.property(secret, body, fc.integer({ min: -300, max: 300 }), (key, text, age) => {
			const at = SECONDS - age;
			expect(boltAccepts(key, at, slackSignature(key, String(at), text), text)).toBe(true);
		}),
	);
});

it('judges as Bolt does: other bytes, secrets, versions and times; only what comes from the future is ours to refuse', () => {
	const spoil = fc.constantFrom('nothing', 'body', 'secret', 'time', 'version', 'cut', 'upper');
	fc.assert(
		fc.property(
			secret,
			body,
			spoil,
			fc.integer({ min: -900, max: 900 }),
			(key, text, what, age) => {
				const at = SECONDS - age;
				const right = slackSignature(key, String(at), text);
				const signature =
					{
						version: right.replace('v0=', 'v1='),
						cut: right.slice(0, -1),
						upper: right.toUpperCase().replace('V0', 'v0'),
					}[what as string] ?? right;
				const given = [
					what === 'secret' ? `${key}0` : key,
					what === 'time' ? at + 1 : at,
					signature,
					what === 'body' ? `${text} ` : text,
				] as const;
				const isFromTheFuture = given[1] - SECONDS > 300;
				expect(weAccept(...given)).toBe(boltAccepts(...given) && !isFromTheFuture);
				if (what === 'nothing') expect(weAccept(...given)).toBe(Math.abs(age) <= 300);
			},
		),
		{ numRuns: 500 },
	);
});

describe('an app of Bolt', () => {
	const heard: Array<{ kind: string; payload: Json }> = [];
	let app: InstanceType<Bolt['App']>;
	let simulator: SlackSimulator;

	beforeAll(async () => {
		app = new bolt.App({
			signingSecret: 'shh',
			authorize: async () => ({ botToken: 'xoxb', botId: 'B0BOT', botUserId: 'U0BOT' }),
			logLevel: 'error',
			logger: Object.fromEntries(
				['debug', 'info', 'warn', 'error', 'getLevel', 'setLevel', 'setName'].map((name) => [
					name,
					() => undefined,
				]),
			),
		});
		const keep =
			(kind: string): Handler =>
			async ({ ack, payload }) => {
				heard.push({ kind, payload });
				if (kind !== 'message') await ack();
			};
		app.action(/.*/, keep('press'));
		app.command('/itsm', keep('command'));
		app.message(keep('message'));
		const server = await app.start(0);
		simulator = await startSlack({
			recorder: createRecorder(),
			config: { token: 'xoxb', signingSecret: 'shh', users: [{ id: 'U1' }], rate: null },
		});
		const { port } = server.address() as AddressInfo;
		simulator.setCallbackUrl(`http://127.0.0.1:${port}/slack/events`);
	});
	beforeEach(() => heard.splice(0));
	afterAll(async () => {
		await app.stop();
		await simulator.close();
	});

	it('takes the presses, commands and messages of our simulator as Slack’s', async () => {
		const sent = await deliver(
			channels.slack,
			channels.slack.draw(pressable),
			{ userid: 'U1' },
			{ authMode: 'token', token: 'xoxb', baseUrl: `${simulator.url}/api` },
		);
		const id = sent.ok ? sent.providerMessageId! : '';
		expect(await simulator.press(id, 'signed-1')).toMatchObject({ ok: true, attempts: 1 });
		expect(await simulator.say('U1', '/itsm ack 42')).toMatchObject({ ok: true });
		expect(await simulator.say('U1', '确认 & <42>')).toMatchObject({ ok: true });
		expect(heard).toMatchObject([
			{ kind: 'press', payload: { type: 'button', value: 'signed-1' } },
			{ kind: 'command', payload: { command: '/itsm', text: 'ack 42', user_id: 'U1' } },
			{ kind: 'message', payload: { text: '确认 &amp; &lt;42&gt;', user: 'U1' } },
		]);
	});

	it('refuses what our simulator forges or sends too late', async () => {
		for (const kind of ['forge', 'stale'] as const) {
			simulator.faults.set({ kind, times: 1 });
			expect(await simulator.say('U1', '/itsm ack 42')).toMatchObject({ ok: false, status: 401 });
		}
		expect(heard).toEqual([]);
	});
});
