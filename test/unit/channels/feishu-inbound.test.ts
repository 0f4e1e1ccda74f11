import { createCipheriv, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import {
	feishuCardSignature,
	feishuDecrypt,
	feishuRobotSign,
	feishuSignature,
} from '../../../core/channels';
import { feishu } from '../../../core/channels/feishu';
import type { InboundRequest, InboundResult } from '../../../core/channels/inbound';

type Json = Record<string, ReturnType<typeof JSON.parse>>;
const VECTORS = readFileSync(
	join(import.meta.dirname, '../../fixtures/channels/vectors-feishu-teams.jsonl'),
	'utf8',
)
	.trim()
	.split('\n')
	.map((line) => JSON.parse(line) as Json);
const vector = (id: string): Json => VECTORS.find((one) => one.id === id)!;

describe('known answers', () => {
	it('V11 signs for a custom bot', () => {
		const { in: given, out } = vector('V11');
		expect(feishuRobotSign(given.secret, given.timestamp)).toBe(out.sign);
	});
	it.each(['V12', 'V13'])('%s decrypts', (id) => {
		const { in: given, out } = vector(id);
		expect(feishuDecrypt(given.encryptKey, given.encrypt)).toBe(out.plain);
		expect(() => feishuDecrypt('another', given.encrypt)).toThrow();
	});
	it('V14 signs a call', () => {
		const { timestamp, nonce, encryptKey, body } = vector('V14').in;
		expect(feishuSignature(timestamp, nonce, encryptKey, body)).toBe(vector('V14').out.signature);
	});
	it('V15 signs an old card callback', () => {
		const { timestamp, nonce, token, body } = vector('V15').in;
		expect(feishuCardSignature(timestamp, nonce, token, body)).toBe(vector('V15').out.signature);
	});
});

const KEY = 'test key';
const NOW = new Date('2026-01-05T09:00:00Z');
const encrypted = { mode: 'app', appId: 'cli_1', encryptKeySecret: KEY, verificationToken: 'vt' };
const plain = { mode: 'app', appId: 'cli_1', verificationToken: 'vt' };

const receive = (request: Partial<InboundRequest>, credential: Json = encrypted): InboundResult =>
	feishu.inbound!.receive(
		{ method: 'POST', headers: {}, query: {}, url: '', rawBody: Buffer.alloc(0), ...request },
		{ credential, now: NOW, random: (n) => Buffer.alloc(n), io: undefined as never },
	) as InboundResult;

function seal(text: string, key = KEY): string {
	const iv = Buffer.alloc(16, 7);
	const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
	return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
}
function signed(
	event: unknown,
	{ at = NOW, key = KEY, nonce = 'n1' } = {},
): Partial<InboundRequest> {
	const body = JSON.stringify({ encrypt: seal(JSON.stringify(event)) });
	const timestamp = String(Math.floor(at.getTime() / 1000));
	return {
		rawBody: Buffer.from(body),
		headers: {
			'x-lark-request-timestamp': timestamp,
			'x-lark-request-nonce': nonce,
			'x-lark-signature': feishuSignature(timestamp, nonce, key, body),
		},
	};
}
const unsigned = (body: unknown): Partial<InboundRequest> => ({
	rawBody: Buffer.from(JSON.stringify(body)),
});
const event = (type: string, content: Json, token = 'vt'): Json => ({
	schema: '2.0',
	header: { event_id: 'ev1', event_type: type, token, app_id: 'cli_1' },
	event: content,
});
const clicked = (action: Json): Json =>
	event('card.action.trigger', {
		operator: { open_id: 'ou_1', union_id: 'on_1', user_id: 'u1' },
		token: 'c-secret',
		action: { tag: 'button', ...action },
		context: { open_message_id: 'om_1', open_chat_id: 'oc_1' },
	});
const said = (message: Json, sender: Json = { sender_type: 'user' }): Json =>
	event('im.message.receive_v1', {
		sender: { sender_id: { open_id: 'ou_1' }, ...sender },
		message: { message_id: 'om_2', chat_id: 'oc_1', message_type: 'text', ...message },
	});
const callsOf = (result: InboundResult): unknown[] => (result.kind === 'calls' ? result.calls : []);

describe('URL check', () => {
	const check = { type: 'url_verification', challenge: 'c1', token: 'vt' };
	const sealed = (body: Json) => unsigned({ encrypt: seal(JSON.stringify(body)) });
	it('answers plain and encrypted ones', () => {
		for (const result of [receive(unsigned(check), plain), receive(sealed(check))])
			expect(result).toMatchObject({
				kind: 'answered',
				answer: { status: 200, body: '{"challenge":"c1"}' },
			});
	});
	it('refuses one without the token, and a plain one where a key is set', () => {
		expect(receive(unsigned({ ...check, token: 'x' }), plain)).toMatchObject({ status: 401 });
		expect(receive(sealed({ ...check, token: 'x' }))).toMatchObject({ status: 401 });
		expect(receive(unsigned(check))).toMatchObject({ kind: 'refused', status: 401 });
	});
});

describe('a press', () => {
	it('is read with what was typed', () => {
		const result = receive(
			signed(clicked({ value: { token: 'signed-1' }, form_value: { comment__2: ' done ' } })),
		);
		expect(result).toMatchObject({ kind: 'calls', answer: { status: 200, body: '{}' } });
		expect(callsOf(result)).toEqual([
			{
				type: 'press',
				replayKey: 'ev1',
				channelUserId: 'ou_1',
				channelUserIds: ['on_1', 'u1'],
				conversationId: 'oc_1',
				providerMessageId: 'om_1',
				parameters: { comment: 'done' },
				value: 'signed-1',
				reply: { message_id: 'om_1', chat_id: 'oc_1' },
			},
		]);
	});
	it('may carry a text as value, and an input of its own', () => {
		const [call] = callsOf(
			receive(unsigned(clicked({ value: 'v1', input_value: 'hi', name: 'comment' })), plain),
		);
		expect(call).toMatchObject({ value: 'v1', parameters: { comment: 'hi' } });
	});
	it('may come in the old form', () => {
		const body = JSON.stringify({
			open_id: 'ou_1',
			open_message_id: 'om_1',
			token: 'c-1',
			action: { tag: 'button', value: { token: 'signed-1' } },
		});
		const timestamp = String(NOW.getTime() / 1000);
		const headers = {
			'x-lark-request-timestamp': timestamp,
			'x-lark-request-nonce': 'n',
			'x-lark-signature': feishuCardSignature(timestamp, 'n', 'vt', body),
		};
		for (const credential of [plain, encrypted]) {
			const [call] = callsOf(receive({ rawBody: Buffer.from(body), headers }, credential));
			expect(call).toMatchObject({ type: 'press', value: 'signed-1', providerMessageId: 'om_1' });
		}
		expect(receive({ rawBody: Buffer.from(`${body} `), headers })).toMatchObject({ status: 401 });
	});
});

it('reads a message without mentions of the bot', () => {
	const [call] = callsOf(
		receive(
			signed(
				said({
					content: JSON.stringify({ text: '@_user_1 assign INC-1 to @_user_2' }),
					parent_id: 'om_1',
					mentions: [
						{ key: '@_user_1', name: 'Bot', mentioned_type: 'bot' },
						{ key: '@_user_2', name: 'Li Na', mentioned_type: 'user' },
					],
				}),
			),
		),
	);
	expect(call).toMatchObject({
		type: 'text',
		text: 'assign INC-1 to @Li Na',
		inReplyTo: 'om_1',
		channelUserId: 'ou_1',
		reply: { message_id: 'om_2' },
	});
	const own = said({ content: '{"text":"x"}' }, { sender_type: 'app' });
	expect(receive(signed(own))).toMatchObject({ kind: 'answered' });
});

it('reads who has read what', () => {
	const body = event('im.message.message_read_v1', {
		reader: { reader_id: { open_id: 'ou_1' } },
		message_id_list: ['om_1', 'om_2'],
	});
	expect(callsOf(receive(signed(body)))).toMatchObject([
		{
			type: 'status',
			status: 'read',
			providerMessageId: 'om_1',
			recipient: 'ou_1',
			replayKey: 'ev1:om_1',
		},
		{ providerMessageId: 'om_2' },
	]);
});

describe('is refused', () => {
	const press = clicked({ value: { token: 't' } });
	const good = signed(press);
	it.each<[string, Partial<InboundRequest>, Json, string]>([
		['without a secret', good, { mode: 'app' }, 'no_secret'],
		['for a custom bot', good, { mode: 'robot', verificationToken: 'vt' }, 'no_secret'],
		['unsigned', unsigned(press), encrypted, 'missing_signature'],
		['signed with another key', signed(press, { key: 'other' }), encrypted, 'bad_signature'],
		[
			'stale',
			signed(press, { at: new Date(NOW.getTime() - 601_000) }),
			encrypted,
			'stale_timestamp',
		],
		[
			'from the future',
			signed(press, { at: new Date(NOW.getTime() + 601_000) }),
			encrypted,
			'stale_timestamp',
		],
		[
			'changed',
			{ ...good, rawBody: Buffer.concat([good.rawBody!, Buffer.from(' ')]) },
			encrypted,
			'bad_signature',
		],
		['with a wrong token', unsigned(event('x', {}, 'other')), plain, 'bad_token'],
		['with a blank token', unsigned(event('x', {}, '')), plain, 'bad_token'],
	])('%s', (_name, request, credential, code) => {
		expect(receive(request, credential)).toEqual({ kind: 'refused', status: 401, code });
	});
	it('of another app', () => {
		expect(receive(good, { ...encrypted, appId: 'cli_2' })).toMatchObject({ status: 403 });
	});
});

it('never throws, and accepts nothing without proof', () => {
	fc.assert(
		fc.property(
			fc.oneof(fc.json(), fc.string()),
			fc.dictionary(
				fc.constantFrom('x-lark-signature', 'x-lark-request-timestamp', 'x-lark-request-nonce'),
				fc.string(),
			),
			fc.boolean(),
			(text, headers, key) => {
				const result = receive({ rawBody: Buffer.from(text), headers }, key ? encrypted : plain);
				expect(result.kind).toBe('refused');
			},
		),
	);
	fc.assert(
		fc.property(
			fc.jsonValue(),
			fc.constantFrom('card.action.trigger', 'im.message.receive_v1', 'im.message.message_read_v1'),
			(content, type) => {
				const result = receive(signed(event(type, content as Json)));
				expect(['answered', 'calls']).toContain(result.kind);
			},
		),
	);
});

it('answers below the message', () => {
	const context = { credential: plain, prepared: { token: 't' }, now: NOW };
	const made = feishu.inbound!.respond(
		'Done <at user_id="all"></at>',
		{ message_id: 'om_1' },
		context,
	);
	expect(made).toMatchObject({
		url: 'https://open.feishu.cn/open-apis/im/v1/messages/om_1/reply',
		body: { msg_type: 'text' },
	});
	expect(JSON.stringify(made)).not.toContain('<at');
	expect(feishu.inbound!.respond('x', {}, context)).toBeUndefined();
	expect(feishu.answers!({ mode: 'robot' })).toBe('link');
	expect(feishu.answers!(encrypted)).toBe('callback');
});
