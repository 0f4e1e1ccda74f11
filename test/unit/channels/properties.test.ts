import fc from 'fast-check';

import {
	channels,
	createTokenCache,
	secretsOf,
	sendDelivery,
	teamsOutgoingSignature,
	TransportError,
	type Channel,
	type ChannelIo,
} from '../../../core/channels';
import { smtpFailure } from '../../../core/channels/email/outcome';
import type { InboundContext, InboundRequest } from '../../../core/channels/inbound';
import { twilioSignature } from '../../../core/channels/sms/twilio-signature';
import { OutcomeError, type HttpResponse } from '../../../core/channels/types';
import { ItsmNotifyError } from '../../../core/errors';
import { CHANNEL_IDS } from '../../../core/events/delivery';
import { createKeys } from '../../../sandbox/simulators/teams/keys';
import { anyCard, incident, nasty } from './cards';
import { aDelivery, START } from './fakes';
import { KEY_PIECES, MARK, WAYS } from './ways';

type Json = Record<string, unknown>;

const EVERY = CHANNEL_IDS.map((id) => [id, channels[id] as Channel] as const);
const WAY_OF = EVERY.flatMap(([id, channel]) =>
	WAYS[id].map((way, index) => [`${id} ${index}`, channel, way] as const),
);
const CLASSES = ['retry', 'rate', 'auth', 'recipient', 'config', 'payload'];

const stringsIn = (value: unknown): string[] => {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
};
const showsNoSecret = (value: unknown): void => {
	const shown = JSON.stringify(value) ?? '';
	for (const secret of [MARK, ...KEY_PIECES]) expect(shown).not.toContain(secret);
};

/** Runs it; a domain error of these codes is an answer too. */
function orRefused<T>(codes: string[], work: () => T): T | undefined {
	try {
		return work();
	} catch (error) {
		expect(error).toBeInstanceOf(ItsmNotifyError);
		const { code, message } = error as ItsmNotifyError;
		expect(codes).toContain(code);
		expect(message).not.toMatch(/\[object|undefined/);
		showsNoSecret({ ...(error as ItsmNotifyError), message });
		return undefined;
	}
}

describe.each(EVERY)('%s draws', (_id, channel) => {
	it('any card as a payload that it takes itself, in clean text', () => {
		fc.assert(
			fc.property(anyCard, (card) => {
				const payload = channel.draw(card);
				channel.check(payload);
				const { payloadBytes } = channel.limits;
				if (payloadBytes)
					expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThanOrEqual(payloadBytes);
				expect(channel.summary(payload).trim()).not.toBe('');
				for (const text of stringsIn(payload)) {
					expect(text).not.toMatch(/\p{Surrogate}/u);
					// eslint-disable-next-line no-control-regex
					expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
				}
			}),
		);
	});

	const key = fc.constantFrom(
		...['text', 'title', 'subject', 'body', 'html', 'blocks', 'attachments', 'card', 'msgtype'],
		...['markdown', 'link', 'content', 'description', 'url', 'template_data', 'template_card'],
		...['msg_type', 'data', 'buttons', 'fields', 'links', 'entries', 'message', 'type', 'elements'],
	);
	const value = fc.oneof(
		nasty(),
		fc.jsonValue(),
		fc.constantFrom('link', 'text', 'markdown', 'news'),
	);
	const nested = fc.oneof(value, fc.dictionary(key, value), fc.array(fc.dictionary(key, value)));

	it("a template's own document, or says why not", () => {
		fc.assert(
			fc.property(fc.dictionary(key, nested, { maxKeys: 6 }), (document) => {
				const payload = orRefused(['empty_message', 'invalid_payload'], () =>
					channel.raw(document as Json),
				);
				if (!payload) return;
				channel.summary(payload);
				for (const text of stringsIn(payload)) expect(text).not.toMatch(/\p{Surrogate}/u);
				orRefused(['empty_message', 'invalid_payload'], () => channel.check(payload));
			}),
			{ numRuns: 200 },
		);
	});
});

/** What a provider may answer, with secrets in it: ours, as some repeat them. */
const wordWith = (secrets: string[]) =>
	fc.oneof(
		fc.string(),
		fc.constantFrom('ok', 'invalid_auth', 'UNREGISTERED', '<b>'),
		// Long answers are cut, perhaps in the middle of a secret.
		fc
			.tuple(fc.constantFrom('', ...secrets), fc.oneof(fc.constant(0), fc.nat(320)))
			.map(([secret, before]) => `${'x'.repeat(before)} ${secret} and more`),
	);
const number = fc.oneof(fc.integer(), fc.constantFrom(0, 40014, 40001, 42001, 45009, 99991663));
const field = fc.constantFrom(
	...['ok', 'error', 'errcode', 'errmsg', 'code', 'msg', 'message', 'data', 'status', 'id', 'name'],
	...['access_token', 'token', 'tenant_access_token', 'expires_in', 'expire', 'msgid', 'reason'],
	...['Code', 'Message', 'Response', 'SendStatusSet', 'details', 'result', 'accessToken', 'sid'],
);
const responseOf = (word: fc.Arbitrary<string>): fc.Arbitrary<HttpResponse> =>
	fc.record({
		status: fc.oneof(
			fc.constantFrom(200, 201, 202, 400, 401, 403, 410, 429, 500, 503),
			fc.nat(599),
		),
		headers: fc.dictionary(
			fc.constantFrom('retry-after', 'apns-id', 'content-type', 'x-ogw-ratelimit-reset'),
			fc.oneof(word, fc.nat(100).map(String)),
		),
		body: fc.oneof(
			fc.json().map((text): unknown => JSON.parse(text)),
			word,
			fc.dictionary(
				field,
				fc.oneof(
					word,
					number,
					fc.array(word),
					fc.dictionary(field, word, { noNullPrototype: true }),
				),
				{ noNullPrototype: true },
			),
		),
	});

const world = (answers: HttpResponse[], text: string): ChannelIo => {
	let next = 0;
	const http = async (): Promise<HttpResponse> => {
		const given = answers[next++ % answers.length];
		if (given.status === 0) throw new TransportError('timeout', `no answer ${text}`, true);
		return given;
	};
	return {
		http,
		http2: http,
		smtp: async () => {
			const { status } = answers[0];
			throw new OutcomeError(smtpFailure({ responseCode: status, response: text, message: text }));
		},
		store: async () => ({ stored: 'new' }),
		now: () => new Date(START),
		random: () => 0.5,
		sleep: async () => undefined,
		tokens: createTokenCache(() => START),
	};
};

describe.each(WAY_OF)('%s, whatever the provider answers', (_name, channel, way) => {
	it('has an outcome of a known class, and no secret in it', async () => {
		const message = channel.draw(incident);
		const word = wordWith(secretsOf(way.credential));
		const response = responseOf(word);
		await fc.assert(
			fc.asyncProperty(
				fc.array(response, { minLength: 1, maxLength: 4 }),
				word,
				async (all, text) => {
					const sent = await sendDelivery(
						channel,
						aDelivery({ channel: channel.id, address: way.address, message }),
						way.credential,
						world(all, text),
					);
					const { outcome } = sent;
					if (outcome.ok) expect(['sent', 'delivered']).toContain(outcome.status);
					else {
						expect(CLASSES).toContain(outcome.class);
						expect(outcome.code).not.toBe('unexpected');
						expect(typeof outcome.code === 'string' && outcome.code !== '').toBe(true);
						expect(typeof outcome.message).toBe('string');
						if (outcome.retryAfterMs !== undefined)
							expect(outcome.retryAfterMs).toBeGreaterThanOrEqual(0);
						showsNoSecret(outcome.message);
					}
					showsNoSecret(sent.request);
				},
			),
			{ numRuns: 150 },
		);
	});

	it('asks about what it sent, and changes it, or says why it cannot', () => {
		const ref = fc.dictionary(
			fc.constantFrom(
				'channel',
				'ts',
				'task_id',
				'response_code',
				'message_id',
				'delivery_id',
				'x',
			),
			fc.jsonValue(),
		);
		const context = {
			delivery: aDelivery({ channel: channel.id, address: way.address }),
			credential: way.credential,
			now: new Date(START),
		};
		fc.assert(
			fc.property(ref, responseOf(fc.string()), nasty(), (given, answered, text) => {
				const codes = ['not_updatable', 'invalid_payload', 'no_address'];
				orRefused(codes, () => channel.update?.(channel.draw(incident), given, context, {}));
				const told = channel.followUp?.read(answered);
				if (told) expect(['delivered', 'read', 'failed']).toContain(told.status);
				const respond = channel.inbound?.respond ?? channel.respond;
				orRefused(codes, () => respond?.(text, given, { ...context, prepared: {} }));
			}),
		);
	});
});

const contextOf = (credential: Json, http: ChannelIo['http']): InboundContext => ({
	credential,
	now: new Date(START),
	random: (count) => new Uint8Array(count),
	io: { http, now: () => new Date(START), tokens: createTokenCache(() => START) },
});
const nobody: ChannelIo['http'] = async () => ({ status: 404, headers: {}, body: '' });

const INBOUND = WAY_OF.filter(([, channel]) => channel.inbound);

it.each(INBOUND)('%s believes no stranger, and tells nobody why', async (_name, channel, way) => {
	const name = fc.constantFrom(
		...['x-slack-signature', 'x-slack-request-timestamp', 'authorization', 'content-type'],
		...['x-lark-signature', 'x-lark-request-timestamp', 'x-lark-request-nonce', 'sign'],
		...['timestamp', 'x-ddpaas-signature', 'x-ddpaas-signature-timestamp', 'x-twilio-signature'],
	);
	const parameter = fc.constantFrom(
		...['msg_signature', 'signature', 'timestamp', 'nonce', 'echostr', 'key', 'bodySHA256'],
	);
	const proof = fc.oneof(
		fc.string(),
		fc.constantFrom(String(START / 1000), String(START), '', 'v0=00'),
	);
	const request: fc.Arbitrary<InboundRequest> = fc.record({
		method: fc.constantFrom('GET', 'POST'),
		headers: fc.dictionary(name, proof),
		query: fc.dictionary(parameter, proof),
		rawBody: fc.oneof(
			fc.uint8Array(),
			fc.json().map((text) => Buffer.from(text)),
		),
		url: fc.oneof(fc.webUrl(), fc.string()),
	});
	await fc.assert(
		fc.asyncProperty(request, async (given) => {
			const result = await channel.inbound!.receive(given, contextOf(way.credential, nobody));
			expect(result).toMatchObject({ kind: 'refused', code: expect.stringMatching(/^[a-z_]+$/) });
			showsNoSecret(result);
		}),
	);
});

describe('what a proven call holds', () => {
	const keys = createKeys();
	const published: ChannelIo['http'] = async ({ url }) => ({
		status: 200,
		headers: {},
		body: url.endsWith('/keys') ? keys.jwks() : { jwks_uri: 'https://x.test/keys' },
	});
	const text = fc.oneof(
		fc.string(),
		fc.constantFrom('message', 'invoke', 'add', 'remove', 'msteams'),
	);
	const part = fc.constantFrom(
		...[
			'type',
			'name',
			'action',
			'value',
			'data',
			'verb',
			'token',
			'text',
			'from',
			'id',
			'entities',
		],
		...[
			'aadObjectId',
			'conversation',
			'replyToId',
			'recipient',
			'membersAdded',
			'mentioned',
			'locale',
		],
	);
	const activity = fc.dictionary(
		part,
		fc.oneof(
			text,
			fc.jsonValue(),
			fc.dictionary(part, fc.oneof(text, fc.jsonValue(), fc.dictionary(part, text))),
			fc.array(fc.dictionary(part, fc.oneof(text, fc.dictionary(part, text)))),
		),
	);

	it('Teams reads, or answers and leaves', async () => {
		const serviceUrl = 'https://smba.test/teams/';
		const at = START / 1000;
		const claims = { iss: 'https://api.botframework.com', aud: 'app-1', exp: at + 60 };
		const authorization = `Bearer ${keys.sign({ ...claims, serviceurl: serviceUrl })}`;
		const { credential } = WAYS.teams[0];
		const types = fc.constantFrom('message', 'invoke', 'conversationUpdate', 'installationUpdate');
		await fc.assert(
			fc.asyncProperty(activity, types, fc.boolean(), async (given, type, isOutgoing) => {
				const body = JSON.stringify({ ...given, type, channelId: 'msteams', serviceUrl });
				const outgoing = teamsOutgoingSignature(String(credential.outgoingWebhookToken), body);
				const result = await channels.teams.inbound!.receive(
					{
						method: 'POST',
						headers: { authorization: isOutgoing ? outgoing : authorization },
						query: {},
						rawBody: Buffer.from(body),
						url: 'https://n8n.test',
					},
					contextOf(credential, published),
				);
				expect(['calls', 'answered']).toContain(result.kind);
				if (result.kind === 'calls')
					for (const call of result.calls) expect(call.replayKey).toMatch(/./);
				showsNoSecret(result);
			}),
			{ numRuns: 300 },
		);
	});

	it('Twilio reads, or answers and leaves', async () => {
		const name = fc.constantFrom('MessageSid', 'From', 'To', 'Body', 'MessageStatus', 'OptOutType');
		const form = fc.dictionary(
			name,
			fc.oneof(text, fc.constantFrom('+15017122661', 'SM1', 'delivered', 'STOP')),
		);
		const { credential } = WAYS.sms[0];
		const url = 'https://n8n.test/sms';
		await fc.assert(
			fc.asyncProperty(form, async (given) => {
				const lists = Object.fromEntries(Object.entries(given).map(([key, one]) => [key, [one]]));
				const result = await channels.sms.inbound!.receive(
					{
						method: 'POST',
						headers: {
							'content-type': 'application/x-www-form-urlencoded',
							'x-twilio-signature': twilioSignature(String(credential.authToken), url, lists),
						},
						query: {},
						rawBody: Buffer.from(new URLSearchParams(given).toString()),
						url,
					},
					contextOf(credential, nobody),
				);
				expect(['calls', 'answered']).toContain(result.kind);
			}),
		);
	});
});
