import fc from 'fast-check';

import { channels } from '../../../core/channels';
import type { InboundRequest, InboundResult } from '../../../core/channels/inbound';
import { twilioSignature } from '../../../core/channels/sms/twilio-signature';

const { inbound } = channels.sms;
const URL_ = 'https://n8n.test/webhook/abc/sms';
const context = (credential: Record<string, unknown>) =>
	({
		credential,
		now: new Date('2027-03-13T00:00:00Z'),
		random: () => new Uint8Array(0),
		io: {},
	}) as never;
const receive = async (
	request: Partial<InboundRequest>,
	credential: Record<string, unknown>,
): Promise<InboundResult> =>
	(await inbound?.receive(
		{ method: 'POST', headers: {}, query: {}, rawBody: new Uint8Array(0), url: URL_, ...request },
		context(credential),
	)) as InboundResult;

describe('Twilio', () => {
	const credential = { provider: 'twilio', authToken: 'tok' };
	const call = (form: Record<string, string>, patch: Partial<InboundRequest> = {}, token = 'tok') =>
		receive(
			{
				headers: {
					'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
					'x-twilio-signature': twilioSignature(
						token,
						URL_,
						Object.fromEntries(Object.entries(form).map(([k, v]) => [k, [v]])),
					),
				},
				rawBody: Buffer.from(new URLSearchParams(form).toString()),
				...patch,
			},
			credential,
		);
	const text = {
		MessageSid: 'SM9',
		From: '+8613800138000',
		To: '+15017122661',
		Body: 'ACK K7Q2 及时',
		NumMedia: '0',
	};

	it('a text, answered with empty TwiML', async () => {
		const result = await call(text);
		expect(result).toMatchObject({
			kind: 'calls',
			answer: { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' } },
			calls: [
				{
					type: 'text',
					text: 'ACK K7Q2 及时',
					channelUserId: '+8613800138000',
					replayKey: 'twilio:SM9',
					reply: { to: '+8613800138000', from: '+15017122661' },
				},
			],
		});
		expect((result as { answer: { body: string } }).answer.body).toMatch(/<Response><\/Response>$/);
	});

	it.each([
		['delivered', {}, { status: 'delivered' }],
		['read', {}, { status: 'read' }],
		['undelivered', { ErrorCode: '30006' }, { status: 'failed', code: '30006', deadAddress: true }],
		['failed', { ErrorCode: '30008' }, { status: 'failed', code: '30008' }],
	])('status %s', async (state, more, expected) => {
		const result = await call({
			MessageSid: 'SM1',
			MessageStatus: state,
			To: '+8613800138000',
			...more,
		});
		expect(result).toMatchObject({
			calls: [
				{
					type: 'status',
					providerMessageId: 'SM1',
					replayKey: `twilio:SM1:${state}`,
					recipient: '+8613800138000',
					...expected,
				},
			],
		});
	});

	it.each(['queued', 'sent', 'sending', 'constructor'])(
		'status %s tells nothing',
		async (state) => {
			expect(
				await call({ MessageSid: 'SM1', MessageStatus: state, To: '+8613800138000' }),
			).toMatchObject({ kind: 'answered' });
		},
	);

	it.each([
		{ ...text, Body: 'Stop' },
		{ ...text, Body: 'Arrêt', OptOutType: 'STOP' },
	])('no more messages: %j', async (form) => {
		expect(await call(form)).toMatchObject({
			calls: [
				{
					type: 'status',
					status: 'failed',
					code: 'opted_out',
					deadAddress: true,
					recipient: '+8613800138000',
				},
			],
		});
	});

	it('START and HELP are for Twilio', async () => {
		expect(await call({ ...text, OptOutType: 'START' })).toMatchObject({ kind: 'answered' });
		expect(await call({ ...text, OptOutType: 'HELP' })).toMatchObject({ kind: 'answered' });
	});

	it.each<[string, () => Promise<InboundResult>]>([
		['another token', () => call(text, {}, 'other')],
		['a changed body', () => call(text, { rawBody: Buffer.from('MessageSid=SM9&From=%2B1999') })],
		['another URL', () => call(text, { url: 'https://evil.test/webhook/abc/sms' })],
		[
			'no signature',
			() => call(text, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
		],
		['a blank one', () => call(text, { headers: { 'x-twilio-signature': ' ' } })],
		[
			'no token in the credential',
			() =>
				receive(
					{ headers: { 'x-twilio-signature': twilioSignature('', URL_, {}) } },
					{ provider: 'twilio', authToken: '' },
				),
		],
	])('refused: %s', async (_name, act) => {
		expect(await act()).toMatchObject({ kind: 'refused', status: 401 });
	});

	it('answers by an SMS from the number that was written to', () => {
		const request = inbound?.respond(
			'Done',
			{ to: '+8613800138000', from: '+15017122661' },
			{ credential: { ...credential, accountSid: 'AC1' }, prepared: {}, now: new Date() },
		);
		expect(request).toMatchObject({ kind: 'http', method: 'POST' });
		expect(Object.fromEntries(new URLSearchParams((request as { body: string }).body))).toEqual({
			To: '+8613800138000',
			From: '+15017122661',
			Body: 'Done',
		});
		expect(
			inbound?.respond('Done', {}, { credential, prepared: {}, now: new Date() }),
		).toBeUndefined();
	});
});

describe.each([
	['aliyun', { code: 0, msg: 'OK' }],
	['tencent', { result: 0, errmsg: 'OK' }],
])('%s', (provider, said) => {
	const credential = { provider, callbackSecret: 'long-random-secret' };
	const call = (body: unknown, key: string | undefined = 'long-random-secret', more: object = {}) =>
		receive(
			{
				rawBody: Buffer.from(JSON.stringify(body)),
				query: key === undefined ? {} : { key },
				...more,
			},
			credential,
		);
	const rows =
		provider === 'aliyun'
			? {
					up: [
						{
							phone_number: '13800138000',
							content: 'ACK K7',
							sequence_id: 77,
							send_time: '2027-03-13 08:00:00',
						},
					],
					good: [
						{ phone_number: '13800138000', success: true, biz_id: 'b1', err_code: 'DELIVERED' },
					],
					bad: [
						{
							phone_number: '13800138000',
							success: false,
							biz_id: 'b1',
							err_code: 'MK:0001',
							err_msg: '空号',
						},
					],
				}
			: {
					up: { mobile: '13800138000', nationcode: '86', text: 'ACK K7', time: 1, extend: '1' },
					good: [{ mobile: '13800138000', nationcode: '86', report_status: 'SUCCESS', sid: 'b1' }],
					bad: [
						{
							mobile: '13800138000',
							nationcode: '86',
							report_status: 'FAIL',
							sid: 'b1',
							errmsg: 'MK:0001',
							description: '空号',
						},
					],
				};

	it('a reply, answered in the words of the provider', async () => {
		const result = await call(rows.up);
		expect(result).toMatchObject({
			kind: 'calls',
			calls: [{ type: 'text', text: 'ACK K7', channelUserId: '+8613800138000' }],
		});
		expect(JSON.parse((result as { answer: { body: string } }).answer.body)).toEqual(said);
	});

	it('reports', async () => {
		const status = { type: 'status', providerMessageId: 'b1', recipient: '+8613800138000' };
		expect(await call(rows.good)).toMatchObject({ calls: [{ ...status, status: 'delivered' }] });
		expect(await call(rows.bad)).toMatchObject({
			calls: [{ ...status, status: 'failed', code: 'MK:0001', message: '空号' }],
		});
		const key = async (body: unknown) =>
			((await call(body)) as { calls: Array<{ replayKey: string }> }).calls[0].replayKey;
		expect(await key(rows.good)).toBe(await key(rows.good));
		expect(await key(rows.good)).not.toBe(await key(rows.bad));
	});

	it.each<[string, () => Promise<InboundResult>]>([
		['no key', () => call(rows.good, '')],
		['a wrong one', () => call(rows.good, 'long-random-secreT')],
		['no secret in the credential', () => receive({ query: { key: '' } }, { provider })],
		['a blank secret', () => receive({ query: { key: ' ' } }, { provider, callbackSecret: ' ' })],
	])('refused: %s', async (_name, act) => {
		expect(await act()).toMatchObject({ kind: 'refused', status: 401 });
	});

	it('nothing can be sent back', () => {
		expect(
			inbound?.respond(
				'x',
				{ to: '+8613800138000' },
				{ credential, prepared: {}, now: new Date() },
			),
		).toBeUndefined();
	});

	it('takes any body without a fault', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					fc.jsonValue(),
					fc.array(
						fc.dictionary(
							fc.constantFrom(
								'phone_number',
								'mobile',
								'content',
								'text',
								'biz_id',
								'sid',
								'nationcode',
							),
							fc.jsonValue(),
						),
					),
				),
				async (body) => {
					expect(['calls', 'answered']).toContain((await call(body)).kind);
				},
			),
		);
	});
});

it('no proof, no call: whatever a stranger sends', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom('twilio', 'aliyun', 'tencent', 'http', undefined),
			fc.uint8Array({ maxLength: 300 }),
			fc.dictionary(
				fc.constantFrom('x-twilio-signature', 'content-type', 'host'),
				fc.oneof(fc.string(), fc.constant('application/x-www-form-urlencoded')),
			),
			fc.dictionary(fc.constantFrom('key', 'bodySHA256'), fc.string()),
			fc.string(),
			async (provider, rawBody, headers, query, url) => {
				const result = await receive(
					{ rawBody, headers, query, url },
					{ provider, authToken: 'tok', callbackSecret: 'a long secret that nobody guesses' },
				);
				expect(result.kind).toBe('refused');
			},
		),
		{ numRuns: 300 },
	);
});
