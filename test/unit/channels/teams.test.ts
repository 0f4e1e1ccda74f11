import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { sendDelivery, teamsOutgoingSignature } from '../../../core/channels';
import type { InboundRequest } from '../../../core/channels/inbound';
import { teams } from '../../../core/channels/teams';
import type { HttpRequest } from '../../../core/channels/types';
import { anyCard, contextFor, digest, incident, nasty, pressable } from './cards';
import { aDelivery, fakeIo, json } from './fakes';

type Json = Record<string, ReturnType<typeof JSON.parse>>;
const bot = { mode: 'bot', appId: 'app-1', appSecret: 's3cret', tenantId: 't1' };
const workflow = { mode: 'workflow', webhookSecretUrl: 'https://flow.test/invoke?sig=secret' };
const JOHN = '87d349ed-44d7-43e1-9a83-5f2406dee5bd';
const cardOf = (payload: Json): Json => payload.attachments[0].content as Json;
const send = (
	payload: Json,
	credential: Json = bot,
	address: Json = { conversation_id: '19:a@thread.tacv2' },
) =>
	teams.request(payload, contextFor('teams', address, credential), { token: 'tok' }) as HttpRequest;
const codeOf = (run: () => unknown): unknown => {
	try {
		run();
	} catch (error) {
		return (error as { code?: unknown }).code;
	}
	return undefined;
};
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

describe('draw', () => {
	it('gives buttons that answer, with a fallback that carries the same', () => {
		const card = cardOf(teams.draw(pressable));
		expect(card).toMatchObject({ type: 'AdaptiveCard', version: '1.4' });
		expect(card.actions).toMatchObject([
			{
				type: 'Action.Execute',
				title: 'Acknowledge',
				verb: 'acknowledge',
				data: { token: 'signed-1' },
				style: 'positive',
				fallback: { type: 'Action.Submit', data: { token: 'signed-1' } },
			},
			{ type: 'Action.Execute', verb: 'resolve' },
			{ type: 'Action.OpenUrl', url: 'https://itsm.test/INC0010001?a=1&b=2' },
		]);
	});

	it('asks for a comment in a card below', () => {
		const button = {
			action: 'comment',
			label: 'Comment',
			value: 'v',
			input: { name: 'comment', label: 'Say' },
		};
		expect(cardOf(teams.draw({ ...incident, buttons: [button] })).actions[0]).toMatchObject({
			type: 'Action.ShowCard',
			card: {
				body: [{ type: 'Input.Text', id: 'comment' }],
				actions: [{ type: 'Action.Execute', data: { token: 'v' } }],
			},
		});
	});

	it('is within the limit and opens links only by a workflow, whatever the card', () => {
		fc.assert(
			fc.property(anyCard, (card) => {
				const payload = teams.draw(card);
				teams.check(payload);
				expect(bytes(payload)).toBeLessThanOrEqual(26 * 1024);
				expect(cardOf(payload).actions?.length ?? 0).toBeLessThanOrEqual(6);
				const { body } = send(payload, workflow);
				expect(JSON.stringify(body)).not.toMatch(/"type":"Action\.(?:Execute|Submit|ShowCard)"/);
			}),
			{ numRuns: 120 },
		);
	});

	it('lets no outside text be markup', () => {
		fc.assert(
			fc.property(nasty(), (text) => {
				const rest = teams.escape(text).replace(/\\./g, '');
				expect(rest).not.toMatch(/[\\`*_[\]()#\-~]/);
				expect(rest).not.toMatch(/<\s*\/?\s*at\b/i);
			}),
		);
	});

	it('tells the true number of a digest', () => {
		const entries = Array.from({ length: 60 }, (_, i) => ({ title: `INC${i}` }));
		expect(JSON.stringify(teams.draw({ ...digest, entries, more: undefined }))).toContain(
			'+20 more',
		);
	});
});

describe('request', () => {
	it('posts into a conversation', () => {
		const request = send(teams.draw(incident));
		expect(request).toMatchObject({
			method: 'POST',
			url: 'https://smba.trafficmanager.net/teams/v3/conversations/19%3Aa%40thread.tacv2/activities',
			headers: { authorization: 'Bearer tok' },
		});
	});

	it('posts where the installation has told', () => {
		const conversation = { serviceUrl: 'https://emea.test/x/', conversationId: 'a:1' };
		const context = { ...contextFor('teams', { aad_object_id: JOHN }, bot), conversation };
		expect(teams.request(teams.raw({ text: 'x' }), context, {})).toMatchObject({
			url: 'https://emea.test/x/v3/conversations/a%3A1/activities',
		});
	});

	it('makes a card of a text for a workflow', () => {
		const request = send(teams.raw({ text: 'hi' }), workflow);
		expect(request.url).toBe(workflow.webhookSecretUrl);
		expect(cardOf(request.body as Json).body).toMatchObject([{ type: 'TextBlock', text: 'hi' }]);
	});

	it('needs a conversation and a whole credential', () => {
		const text = teams.raw({ text: 'x' });
		expect(codeOf(() => send(text, bot, {}))).toBe('no_address');
		expect(codeOf(() => send(text, { mode: 'workflow' }))).toBe('invalid_credential');
		expect(codeOf(() => teams.tokenKey?.({ mode: 'bot' }))).toBe('invalid_credential');
		const context = contextFor('teams', {}, workflow);
		expect(
			codeOf(() => teams.update?.(text, { conversation_id: 'a', activity_id: 'b' }, context, {})),
		).toBe('not_updatable');
		expect(codeOf(() => teams.update?.(text, {}, contextFor('teams', {}, bot), {}))).toBe(
			'not_updatable',
		);
	});

	it('opens the chat with a person once', async () => {
		const io = fakeIo([
			json({ access_token: 'tok', expires_in: 3600 }),
			json({ id: 'a:1' }, 201),
			json({ id: '1:x' }, 201),
		]);
		const delivery = aDelivery({
			channel: 'teams',
			address: { aad_object_id: JOHN },
			message: teams.raw({ text: 'x' }),
		});
		const first = await sendDelivery(teams, delivery, bot, io);
		expect(first.outcome).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: 'a:1:1:x',
			ref: {
				conversation_id: 'a:1',
				activity_id: '1:x',
				service_url: 'https://smba.trafficmanager.net/teams',
			},
		});
		expect(io.calls[1].request).toMatchObject({
			body: { bot: { id: '28:app-1' }, members: [{ id: JOHN }], isGroup: false, tenantId: 't1' },
		});
		await sendDelivery(teams, delivery, bot, io);
		expect(io.calls).toHaveLength(4);
		expect(JSON.stringify(first)).not.toContain('tok"');
	});
});

describe('raw', () => {
	const card = { type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text: 'x' }] };
	it.each<[string, Json]>([
		['a text', { text: 'x' }],
		['title and body', { title: 'T', body: 'x' }],
		['a card', card],
		['a card below', { card }],
		['a card as text', { card: JSON.stringify(card) }],
		[
			'a message',
			{
				type: 'message',
				attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
			},
		],
	])('takes %s', (_name, document) => {
		const payload = teams.raw(document);
		expect(() => teams.check(payload)).not.toThrow();
		expect(teams.summary(payload)).toMatch(/^[xT]$/);
	});
	it('refuses what would show nothing, or is too much', () => {
		for (const one of [
			{},
			{ text: ' ' },
			{ card: { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text: '' }] } },
		])
			expect(codeOf(() => teams.raw(one))).toBe('empty_message');
		expect(codeOf(() => teams.raw({ card: '{' }))).toBe('invalid_payload');
		expect(codeOf(() => teams.check({ type: 'message', text: 'x'.repeat(29_000) }))).toBe(
			'invalid_payload',
		);
		expect(codeOf(() => teams.check(teams.raw({ ...card, version: '2.0' })))).toBe(
			'invalid_payload',
		);
	});
});

describe('outcome', () => {
	const judge = (status: number, code?: string, request = send(teams.raw({ text: 'x' }))) =>
		teams.outcome(
			{ status, headers: {}, body: code ? { error: { code, message: 'why' } } : '' },
			request,
		);
	it.each<[number, string | undefined, string]>([
		[429, 'TooManyRequests', 'rate'],
		[412, undefined, 'retry'],
		[502, undefined, 'retry'],
		[504, undefined, 'retry'],
		[401, undefined, 'auth'],
		[403, 'BotNotInConversationRoster', 'recipient'],
		[403, 'MessageWritesBlocked', 'recipient'],
		[403, 'ForbiddenOperationException', 'recipient'],
		[403, undefined, 'config'],
		[404, 'ConversationNotFound', 'recipient'],
		[404, 'ActivityNotFoundInConversation', 'recipient'],
		[404, undefined, 'config'],
		[400, 'BadSyntax', 'payload'],
		[400, 'BadArgument', 'payload'],
		[413, 'MessageSizeTooBig', 'payload'],
	])('HTTP %s %s is %s', (status, code, kind) => {
		expect(judge(status, code)).toMatchObject({
			ok: false,
			class: kind,
			code: code ?? `http_${status}`,
		});
	});
	it('reads a workflow and an old connector', () => {
		const flow = send(teams.raw({ text: 'x' }), workflow);
		const read = (status: number, body: unknown = '') =>
			teams.outcome({ status, headers: {}, body }, flow);
		expect(read(202)).toEqual({ ok: true, status: 'sent' });
		expect(read(200, 1)).toMatchObject({ ok: true });
		expect(
			read(
				200,
				'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429',
			),
		).toMatchObject({ class: 'rate' });
		expect(read(404)).toMatchObject({ class: 'config' });
		expect(read(400)).toMatchObject({ class: 'payload' });
	});
});

it('V17 knows an outgoing webhook, and nobody else', async () => {
	const { in: given, out } = readFileSync(
		join(import.meta.dirname, '../../fixtures/channels/vectors-feishu-teams.jsonl'),
		'utf8',
	)
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Json)
		.find(({ id }) => id === 'V17')!;
	expect(teamsOutgoingSignature(given.securityToken, given.body)).toBe(out.authorization);
	const receive = (authorization: string, token: string = given.securityToken) =>
		receiveWith(
			{ headers: { authorization }, rawBody: Buffer.from(given.body) },
			{ ...bot, outgoingWebhookToken: token },
		);
	expect((await receive(out.authorization)).kind).toBe('answered');
	expect(await receive(`${out.authorization}x`)).toMatchObject({ status: 401 });
	expect(await receive(out.authorization, '')).toMatchObject({ status: 401, code: 'no_secret' });
});

const receiveWith = async (
	request: Partial<InboundRequest>,
	credential: Json = bot,
	io = fakeIo([json({ keys: [] })]),
) =>
	teams.inbound!.receive(
		{ method: 'POST', headers: {}, query: {}, url: '', rawBody: Buffer.alloc(0), ...request },
		{ credential, now: new Date('2026-01-05T09:00:00Z'), random: (n) => Buffer.alloc(n), io },
	);

it('never throws, and accepts nothing without proof', async () => {
	const part = fc.oneof(
		fc.string(),
		fc.json().map((text) => Buffer.from(text).toString('base64url')),
	);
	const header = fc.oneof(
		fc.string(),
		fc.tuple(part, part, part).map((parts) => `Bearer ${parts.join('.')}`),
		fc.constant(`Bearer ${Buffer.from('{"alg":"none","kid":"k"}').toString('base64url')}.e30.`),
		fc.constant(
			`Bearer ${Buffer.from('{"alg":"RS256","kid":"k"}').toString('base64url')}.e30.AAAA`,
		),
	);
	await fc.assert(
		fc.asyncProperty(header, fc.json(), async (authorization, text) => {
			const result = await receiveWith({ headers: { authorization }, rawBody: Buffer.from(text) });
			expect(result).toMatchObject({ kind: 'refused', status: 401 });
		}),
	);
	expect(await receiveWith({}, workflow)).toMatchObject({ kind: 'refused', code: 'no_secret' });
	expect(await receiveWith({}, { mode: 'bot' })).toMatchObject({
		kind: 'refused',
		code: 'no_secret',
	});
});

it('answers nobody whose address was not verified', () => {
	const context = { credential: bot, prepared: { token: 't' }, now: new Date() };
	expect(teams.inbound!.respond('x', {}, context)).toBeUndefined();
	expect(teams.answers!(workflow)).toBe('link');
	expect(teams.answers!(bot)).toBe('callback');
});
