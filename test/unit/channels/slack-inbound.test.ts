import fc from 'fast-check';

import type { InboundRequest, InboundResult } from '../../../core/channels/inbound';
import { slack } from '../../../core/channels/slack';
import { slackSignature } from '../../../core/channels/slack/signature';
import type { HttpRequest } from '../../../core/channels/types';
import { createTokenCache } from '../../../core/channels/tokens';

const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const credential = { authMode: 'token', token: 'xoxb-1', signingSecret: secret };
const now = new Date('2027-03-13T00:00:00Z');
const seconds = String(now.getTime() / 1000);
const FORM = 'application/x-www-form-urlencoded';

function request(body: string, patch: Partial<InboundRequest> = {}): InboundRequest {
	const rawBody = Buffer.from(body);
	return {
		method: 'POST',
		headers: {
			'content-type': body.startsWith('{') ? 'application/json' : FORM,
			'x-slack-request-timestamp': seconds,
			'x-slack-signature': slackSignature(secret, seconds, rawBody),
		},
		query: {},
		rawBody,
		url: 'https://n8n.test/webhook/itsm/slack',
		...patch,
	};
}
const receive = (given: InboundRequest, own: Record<string, unknown> = credential, at = now) =>
	slack.inbound?.receive(given, {
		credential: own,
		now: at,
		random: (count) => new Uint8Array(count),
		io: {
			http: () => Promise.reject(new Error('no call')),
			now: () => now,
			tokens: createTokenCache(() => 0),
		},
	}) as InboundResult;
const callsOf = (result: InboundResult) => (result.kind === 'calls' ? result.calls : []);
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const payload = (body: object) => form({ payload: JSON.stringify(body) });

const RESPONSE_URL = 'https://hooks.slack.com/actions/T1/2/3';
const press = {
	type: 'block_actions',
	user: { id: 'U1', team_id: 'T1' },
	container: { type: 'message', message_ts: '1710.000100', channel_id: 'D1', is_ephemeral: false },
	trigger_id: 'trigger.1',
	channel: { id: 'D1', name: 'directmessage' },
	response_url: RESPONSE_URL,
	state: {
		values: {
			'input:comment': { comment: { type: 'plain_text_input', value: 'on it' } },
			'input:resolve': { note: { type: 'plain_text_input', value: 'of another button' } },
		},
	},
	actions: [
		{ action_id: 'comment', block_id: 'b', type: 'button', value: 'token-1', action_ts: '1711.5' },
	],
};

describe('proof', () => {
	const body = payload(press);
	it.each<[string, Partial<InboundRequest>, Record<string, unknown>, string]>([
		['no headers', { headers: { 'content-type': FORM } }, credential, 'missing_signature'],
		['another body', { rawBody: Buffer.from(`${body}&x=1`) }, credential, 'bad_signature'],
		['no secret', {}, { ...credential, signingSecret: ' ' }, 'no_secret'],
	])('refuses %s', (_name, patch, own, code) => {
		expect(receive(request(body, patch), own)).toEqual({ kind: 'refused', status: 401, code });
	});

	it('refuses what is over five minutes old, and a timestamp that is none', () => {
		for (const [stamp, code] of [
			[String(Number(seconds) - 301), 'stale_timestamp'],
			[String(Number(seconds) + 301), 'stale_timestamp'],
			['now', 'malformed_timestamp'],
		]) {
			const headers = {
				'content-type': FORM,
				'x-slack-request-timestamp': stamp,
				'x-slack-signature': slackSignature(secret, stamp, body),
			};
			expect(receive(request(body, { headers }))).toMatchObject({ kind: 'refused', code });
		}
	});

	it('accepts nothing without it', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.string(), fc.json(), fc.constantFrom(body, payload(press), 'command=/x')),
				fc.dictionary(
					fc.constantFrom('content-type', 'x-slack-signature', 'x-slack-request-timestamp'),
					fc.oneof(fc.string(), fc.constantFrom(FORM, seconds, 'v0=')),
				),
				(text, headers) => {
					const { kind } = receive(request(text, { headers }));
					expect(kind === 'refused' || (kind === 'answered' && /ssl_check/.test(text))).toBe(true);
				},
			),
		);
	});
});

describe('interactivity', () => {
	it('reads a pressed button, with what was typed for it', () => {
		const result = receive(request(payload(press)));
		expect(result).toEqual({
			kind: 'calls',
			answer: { status: 200, body: '' },
			calls: [
				{
					type: 'press',
					replayKey: 'slack:press:1710.000100:1711.5:U1',
					channelUserId: 'U1',
					conversationId: 'D1',
					value: 'token-1',
					parameters: { comment: 'on it' },
					providerMessageId: 'D1:1710.000100',
					reply: {
						user: 'U1',
						channel: 'D1',
						response_url: RESPONSE_URL,
						until: '2027-03-13T00:30:00.000Z',
					},
				},
			],
		});
	});

	it('acknowledges a link, and what it does not know', () => {
		const link = { ...press, actions: [{ action_id: 'open', type: 'button', action_ts: '1' }] };
		for (const body of [link, { type: 'shortcut', user: { id: 'U1' } }, { type: 'block_actions' }])
			expect(receive(request(payload(body)))).toEqual({
				kind: 'answered',
				answer: { status: 200, body: '' },
			});
	});

	it('reads a chosen option and a submitted view', () => {
		const select = {
			...press,
			state: undefined,
			actions: [{ action_id: 's', selected_option: { value: 'token-2' }, action_ts: '2' }],
		};
		expect(callsOf(receive(request(payload(select))))).toMatchObject([{ value: 'token-2' }]);
		const view = {
			type: 'view_submission',
			user: { id: 'U2' },
			view: {
				id: 'V1',
				hash: 'h1',
				private_metadata: 'token-3',
				state: { values: { b: { comment: { type: 'plain_text_input', value: 'typed' } } } },
			},
			response_urls: [],
		};
		expect(callsOf(receive(request(payload(view))))).toEqual([
			{
				type: 'press',
				replayKey: 'slack:view:V1:h1:U2',
				channelUserId: 'U2',
				value: 'token-3',
				parameters: { comment: 'typed' },
				reply: { user: 'U2' },
			},
		]);
	});

	it('refuses signed nonsense', () => {
		expect(receive(request(form({ payload: '{' })))).toEqual({
			kind: 'refused',
			status: 400,
			code: 'invalid_json',
		});
		expect(receive(request('{'))).toMatchObject({ code: 'invalid_json' });
	});
});

describe('commands and events', () => {
	const command = {
		command: '/itsm',
		text: '  ack 42 ',
		user_id: 'U1',
		channel_id: 'C1',
		trigger_id: 't.1',
		response_url: 'https://hooks.slack.com/commands/1',
	};
	it('takes the words of a slash command', () => {
		expect(callsOf(receive(request(form(command))))).toMatchObject([
			{ type: 'text', text: 'ack 42', replayKey: 'slack:command:t.1', channelUserId: 'U1' },
		]);
		expect(callsOf(receive(request(form({ ...command, text: '' }))))).toMatchObject([
			{ text: 'help' },
		]);
	});

	it('takes the published example of a signed command (V1)', () => {
		const body =
			'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
		const headers = {
			'content-type': FORM,
			'x-slack-request-timestamp': '1531420618',
			'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
		};
		const result = receive(request(body, { headers }), credential, new Date(1531420618_000));
		expect(callsOf(result)).toMatchObject([{ text: 'help', channelUserId: 'U2CERLKJA' }]);
	});

	const event = (patch: object, body: object = {}) =>
		JSON.stringify({
			type: 'event_callback',
			event_id: 'Ev1',
			authorizations: [{ user_id: 'UBOT', is_bot: true }],
			event: {
				type: 'message',
				channel_type: 'im',
				channel: 'D1',
				user: 'U1',
				text: 'ack 42',
				ts: '5.1',
				...patch,
			},
			...body,
		});

	it.each<[string, object, object | undefined]>([
		['a direct message', {}, { text: 'ack 42', replayKey: 'slack:event:Ev1' }],
		[
			'an answer in a thread',
			{ thread_ts: '4.2' },
			{ inReplyTo: 'D1:4.2', reply: { direct: true, channel: 'D1', thread_ts: '4.2' } },
		],
		[
			'a mention, which is taken out',
			{
				type: 'app_mention',
				channel_type: undefined,
				channel: 'C1',
				text: '<@UBOT> ack &lt;42&gt; for <@U7|joe>',
			},
			{ text: 'ack <42> for joe', conversationId: 'C1', reply: { user: 'U1', channel: 'C1' } },
		],
		['a bot', { bot_id: 'B1' }, undefined],
		['itself', { user: 'UBOT' }, undefined],
		['an edit', { subtype: 'message_changed' }, undefined],
		['a channel without mention', { channel_type: 'channel' }, undefined],
		['a mention alone', { type: 'app_mention', text: '<@UBOT>' }, undefined],
		['no text', { text: undefined }, undefined],
	])('hears %s', (_name, patch, expected) => {
		const result = receive(request(event(patch)));
		if (expected) expect(callsOf(result)).toMatchObject([expected]);
		else expect(result).toEqual({ kind: 'answered', answer: { status: 200, body: '' } });
	});

	it('gives a retry the key of the first', () => {
		const again = request(event({}));
		again.headers['x-slack-retry-num'] = '1';
		expect(receive(again)).toEqual(receive(request(event({}))));
	});

	it('answers the URL check and the certificate check', () => {
		expect(receive(request('{"type":"url_verification","challenge":"c-1","token":"x"}'))).toEqual({
			kind: 'answered',
			answer: {
				status: 200,
				headers: { 'content-type': 'text/plain; charset=utf-8' },
				body: 'c-1',
			},
		});
		const plain = { headers: { 'content-type': FORM } };
		// Nothing else of an unsigned check counts.
		expect(receive(request(`ssl_check=1&${form(command)}`, plain))).toEqual({
			kind: 'answered',
			answer: { status: 200, body: '' },
		});
		expect(
			receive(request('', { method: 'GET', headers: {}, query: { ssl_check: '1' } })),
		).toMatchObject({ kind: 'answered' });
		expect(receive(request('', { method: 'GET', headers: {} }))).toMatchObject({ kind: 'refused' });
	});
});

it('never throws, whatever a signed body holds', () => {
	const anyJson = fc.json({ maxDepth: 6 });
	const shaped = fc.record(
		{
			type: fc.constantFrom(
				'block_actions',
				'view_submission',
				'event_callback',
				'url_verification',
			),
			user: fc.oneof(fc.anything(), fc.constant({ id: 'U1' })),
			actions: fc.array(fc.anything()),
			state: fc.oneof(fc.constant({ values: { a: { b: 1 }, c: null } }), fc.anything()),
			view: fc.oneof(
				fc.anything(),
				fc.constant({ id: 'V', private_metadata: 'x', state: { values: 5 } }),
			),
			event: fc.anything(),
			authorizations: fc.anything(),
			container: fc.anything(),
		},
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(
			fc.oneof(
				anyJson,
				shaped.map((value) => JSON.stringify(value) ?? ''),
			),
			fc.boolean(),
			(text, isForm) => {
				const body = isForm ? form({ payload: text }) : text;
				const result = receive(request(body));
				expect(['calls', 'answered', 'refused']).toContain(result.kind);
				for (const call of callsOf(result)) expect(call.replayKey).toMatch(/^slack:/);
			},
		),
		{ numRuns: 300 },
	);
});

describe('answers', () => {
	const respond = (reply: object, own: Record<string, unknown> = credential, at = now) =>
		slack.inbound?.respond('done <@U9> & *x*', reply as never, {
			credential: own,
			prepared: {},
			now: at,
		}) as HttpRequest | undefined;
	const reply = {
		user: 'U1',
		channel: 'C1',
		response_url: RESPONSE_URL,
		until: '2027-03-13T00:30:00Z',
	};

	it('goes to the response_url, for that person only, with nothing that pings', () => {
		expect(respond(reply)).toMatchObject({
			url: RESPONSE_URL,
			body: { response_type: 'ephemeral', replace_original: false },
		});
		expect(JSON.stringify(respond(reply))).toContain('done &lt;@U9&gt; &amp; *');
	});

	it('goes to the person after half an hour', () => {
		const late = new Date('2027-03-13T00:30:01Z');
		expect(respond(reply, credential, late)).toMatchObject({
			url: 'https://slack.com/api/chat.postMessage',
			body: { channel: 'U1' },
		});
		expect(respond(reply, { authMode: 'webhook' }, late)).toBeUndefined();
	});

	it('stays in a direct conversation and its thread', () => {
		const direct = { user: 'U1', channel: 'D1', direct: true, thread_ts: '5.1' };
		expect(respond(direct)).toMatchObject({ body: { channel: 'D1', thread_ts: '5.1' } });
	});

	it.each([
		['http://hooks.slack.com/x'],
		['https://hooks.slack.com.evil.test/x'],
		['https://hooks.slack.com:8443/x'],
		['https://u:p@hooks.slack.com/x'],
		['http://169.254.169.254/latest'],
		['http://localhost:5678/rest'],
		['file:///etc/passwd'],
		['not a url'],
	])('never calls %s', (url) => {
		expect(respond({ ...reply, response_url: url })?.url).toBe(
			'https://slack.com/api/chat.postMessage',
		);
	});

	it('follows a base URL of its own', () => {
		const own = { ...credential, baseUrl: 'http://127.0.0.1:9/api' };
		expect(respond({ ...reply, response_url: 'http://127.0.0.1:9/actions/1' }, own)?.url).toBe(
			'http://127.0.0.1:9/actions/1',
		);
	});

	it('are called back only where they can be verified', () => {
		expect(slack.answers?.(credential)).toBe('callback');
		expect(slack.answers?.({ ...credential, signingSecret: '' })).toBe('link');
		expect(slack.answers?.({ authMode: 'webhook', signingSecret: secret })).toBe('link');
	});
});

it('draws an input beside its button', () => {
	const card = {
		severity: 'normal' as const,
		title: 'T',
		fields: [],
		links: [],
		language: 'en',
		buttons: [
			{ action: 'acknowledge', label: 'Acknowledge', value: 't1' },
			{
				action: 'comment',
				label: 'Comment',
				value: 't2',
				input: { name: 'comment', label: 'Your comment' },
			},
			{
				action: 'comment',
				label: 'Comment',
				url: 'https://n8n.test/a',
				input: { name: 'comment', label: 'no' },
			},
		],
	};
	const payloadOf = slack.draw(card);
	slack.check(payloadOf);
	expect((payloadOf.blocks as object[]).slice(1)).toMatchObject([
		{
			type: 'input',
			block_id: 'input:comment',
			optional: true,
			element: { type: 'plain_text_input', action_id: 'comment' },
		},
		{
			type: 'actions',
			elements: [{ value: 't1' }, { value: 't2' }, { url: 'https://n8n.test/a' }],
		},
	]);
});
