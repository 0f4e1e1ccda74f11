import { jest } from '@jest/globals';

import { channels } from '../../core/channels';
import type { InboundRequest } from '../../core/channels/inbound';
import { createRecorder, startTeams } from '../../sandbox/simulators/index.ts';
import type { TeamsSimulator } from '../../sandbox/simulators/index.ts';
import { around, startHook, type Hook } from './hook';
import { sdk } from './sdk';

type Json = Record<string, unknown>;
interface Connector {
	BotFrameworkAuthenticationFactory: {
		create(...parts: unknown[]): {
			authenticateRequest(activity: Json, authorization: string): Promise<unknown>;
		};
	};
	AuthenticationConfiguration: new () => unknown;
}

const connector = sdk<Connector>('botframework-connector');
const JOHN = '87d349ed-44d7-43e1-9a83-5f2406dee5bd';
const receive = channels.teams.inbound!.receive;
let hook: Hook;
let simulator: TeamsSimulator;

/** Microsoft's own judge of calls to a bot, told where our simulator publishes its keys. A fresh one knows none yet. */
const judge = () =>
	connector.BotFrameworkAuthenticationFactory.create(
		'sandbox',
		true,
		`${simulator.url}/login`,
		'https://api.botframework.com',
		simulator.issuer,
		'https://token.botframework.com',
		`${simulator.metadataUrl}?${Math.random()}`,
		`${simulator.metadataUrl}?emulator`,
		'urn:botframework:sandbox',
		{
			isValidAppId: async (id: string) => id === 'app-1',
			isAuthenticationDisabled: async () => false,
		},
		new connector.AuthenticationConfiguration(),
		undefined,
		{},
	);

async function microsoftTakes({ headers, rawBody }: InboundRequest): Promise<boolean> {
	const activity = JSON.parse(Buffer.from(rawBody).toString()) as Json;
	return await judge()
		.authenticateRequest(activity, headers.authorization ?? '')
		.then(
			() => true,
			() => false,
		);
}
const weTake = async (request: InboundRequest): Promise<boolean | string> => {
	const credential = {
		mode: 'bot',
		appId: 'app-1',
		appSecret: 's',
		openIdMetadataUrl: simulator.metadataUrl,
		issuer: simulator.issuer,
	};
	const result = await receive(request, around(credential));
	return result.kind === 'refused' ? result.code : true;
};

beforeAll(async () => {
	// The library writes every refusal to the console.
	jest.spyOn(console, 'error').mockImplementation(() => undefined);
	hook = await startHook();
	simulator = await startTeams({
		recorder: createRecorder(),
		config: { appId: 'app-1', appSecret: 's', tenantId: 't1', users: [{ aadObjectId: JOHN }] },
	});
	simulator.setCallbackUrl(hook.url);
});
beforeEach(() => hook.heard.splice(0));
afterAll(async () => {
	hook.close();
	await simulator.close();
});

const activity = (more: Json = {}): Json => ({
	type: 'message',
	id: 'a1',
	channelId: 'msteams',
	serviceUrl: simulator.serviceUrl,
	from: { id: '29:x', aadObjectId: JOHN },
	conversation: { id: 'a:1' },
	text: 'ack 42',
	...more,
});

it('what people do in our simulator passes Microsoft’s judge and ours', async () => {
	await simulator.say(JOHN, '确认 42');
	await simulator.install(JOHN);
	expect(hook.heard).toHaveLength(2);
	for (const request of hook.heard) {
		expect(await microsoftTakes(request)).toBe(true);
		expect(await weTake(request)).toBe(true);
	}
});

const seconds = (): number => Math.floor(Date.now() / 1000);
const CASES: Array<[string, boolean, () => { claims?: Json; more?: Json }]> = [
	['nothing wrong', true, () => ({})],
	['another bot’s', false, () => ({ claims: { aud: 'app-2' } })],
	['no audience', false, () => ({ claims: { aud: undefined } })],
	['another issuer', false, () => ({ claims: { iss: 'https://evil.test' } })],
	['over', false, () => ({ claims: { nbf: seconds() - 7200, exp: seconds() - 3600 } })],
	['over within the skew', true, () => ({ claims: { exp: seconds() - 200 } })],
	['not begun', false, () => ({ claims: { nbf: seconds() + 3600, exp: seconds() + 7200 } })],
	['not begun within the skew', true, () => ({ claims: { nbf: seconds() + 200 } })],
	['another service URL', false, () => ({ claims: { serviceurl: 'https://evil.test/' } })],
	['no service URL in the token', false, () => ({ claims: { serviceurl: undefined } })],
	[
		'an answer address of a stranger',
		false,
		() => ({ more: { serviceUrl: 'https://evil.test/' } }),
	],
	['a channel that the key is not endorsed for', false, () => ({ more: { channelId: 'webchat' } })],
];

it.each(CASES)('%s: %s, for both', async (_name, isRight, given) => {
	const { claims, more } = given();
	await simulator.call(activity(more), claims);
	expect(await microsoftTakes(hook.heard[0])).toBe(isRight);
	expect((await weTake(hook.heard[0])) === true).toBe(isRight);
});

it.each([
	['signed by a stranger', (token: string) => token, true],
	['without its signature', (token: string) => token.replace(/\.[^.]+$/, '.'), false],
	[
		'that calls itself unsigned',
		(token: string) => token.replace(/^Bearer [^.]+/, `Bearer ${none()}`).replace(/\.[^.]+$/, '.'),
		false,
	],
	['with other claims', (token: string) => token.replace(/\.[^.]+\./, `.${changed()}.`), false],
	['of another scheme', (token: string) => token.replace('Bearer', 'Basic'), false],
	['that is missing', () => '', false],
])('a token %s is refused by both', async (_name, spoil, isForged) => {
	if (isForged) simulator.faults.set({ kind: 'forge', times: 1 });
	await simulator.say(JOHN, 'ack 42');
	const [right] = hook.heard;
	const headers = { ...right.headers, authorization: spoil(right.headers.authorization!) };
	expect(await microsoftTakes({ ...right, headers })).toBe(false);
	expect(await weTake({ ...right, headers })).not.toBe(true);
});

const b64 = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const none = (): string => b64({ typ: 'JWT', alg: 'none' });
const changed = (): string =>
	b64({
		iss: simulator.issuer,
		aud: 'app-1',
		exp: seconds() + 3600,
		serviceurl: simulator.serviceUrl,
	});

it('a key that is no longer published is not believed by either', async () => {
	await simulator.say(JOHN, 'ack 42');
	simulator.rotateKeys();
	expect(await microsoftTakes(hook.heard[0])).toBe(false);
	expect(await weTake(hook.heard[0])).toBe('unknown_key');
	await simulator.say(JOHN, 'ack 43');
	expect(await microsoftTakes(hook.heard[1])).toBe(true);
	expect(await weTake(hook.heard[1])).toBe(true);
});
