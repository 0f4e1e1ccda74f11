import { sendDelivery } from '../../../core/channels/send';
import { slack } from '../../../core/channels/slack';
import { OutcomeError, TransportError } from '../../../core/channels/types';
import { wecom } from '../../../core/channels/wecom';
import { ItsmNotifyError } from '../../../core/errors';
import { aDelivery, fails, fakeIo, json, plainChannel } from './fakes';

const ok = { ok: true, status: 'sent' };
const no = (kind: string, more: object = {}) => ({
	ok: false,
	class: kind,
	code: `${kind}_code`,
	message: `it said ${kind}`,
	...more,
});
const lost = (sent = true) => fails(new TransportError('timeout', 'no answer', sent));

describe('the timetable of one send', () => {
	// What the provider answers, in turn; when it was called and how long was slept; the outcome.
	const rows: Array<[string, Parameters<typeof fakeIo>[0], number[], number[], object]> = [
		['a success at once', [json(ok)], [0], [], { ok: true }],
		['a refusal is final', [json(no('payload'))], [0], [], { ok: false, class: 'payload' }],
		['an unknown recipient too', [json(no('recipient'))], [0], [], { class: 'recipient' }],
		['so is a wrong password', [json(no('auth'))], [0], [], { class: 'auth' }],
		['one short retry', [json(no('retry')), json(ok)], [0, 1100], [1000], { ok: true }],
		['only one', [json(no('retry'))], [0, 1100], [1000], { ok: false, class: 'retry' }],
		[
			'the wait of the provider and a little more',
			[json(no('rate', { retryAfterMs: 3000 })), json(ok)],
			[0, 3350],
			[3250],
			{ ok: true },
		],
		[
			'never more than five seconds',
			[json(no('rate', { retryAfterMs: 5000 })), json(ok)],
			[0, 5100],
			[5000],
			{ ok: true },
		],
		[
			'a longer one is the store’s',
			[json(no('rate', { retryAfterMs: 5001 }))],
			[0],
			[],
			{ class: 'rate', retryAfterMs: 5001 },
		],
		[
			'a time-out that took its ten seconds is not repeated in the run',
			[{ takesMs: 10_000, step: lost() }],
			[0],
			[],
			{ class: 'retry', code: 'timeout', ambiguous: true },
		],
		[
			'a reset that came fast is',
			[fails(new TransportError('connection_reset', 'reset', true)), json(ok)],
			[0, 1100],
			[1000],
			{ ok: true, possiblyDuplicate: true },
		],
		[
			'a refused connection leaves no doubt',
			[fails(new TransportError('connection_refused', 'no', false)), json(ok)],
			[0, 1100],
			[1000],
			{ ok: true },
		],
		[
			'doubt of the first try stays when the second fails',
			[fails(new TransportError('connection_reset', 'reset', true)), json(no('retry'))],
			[0, 1100],
			[1000],
			{ ok: false, class: 'retry', ambiguous: true },
		],
	];

	it.each(rows)('%s', async (_name, steps, calledAt, slept, expected) => {
		const io = fakeIo(steps);
		const result = await sendDelivery(plainChannel(), aDelivery(), {}, io);
		expect(io.calls.map((call) => call.at)).toEqual(calledAt);
		expect(io.sleeps).toEqual(slept);
		expect(result.outcome).toMatchObject(expected);
		expect(result.attempts).toBe(calledAt.length);
		expect(result.latencyMs).toBe(io.now().getTime() - Date.parse('2027-03-13T00:00:00Z'));
		if (!('possiblyDuplicate' in expected))
			expect(result.outcome).not.toHaveProperty('possiblyDuplicate');
		if (!('ambiguous' in expected)) expect(result.outcome).not.toHaveProperty('ambiguous');
	});

	it('spreads the wait by chance, half to one and a half of it', async () => {
		for (const [random, wait] of [
			[0, 500],
			[0.999, 1499],
		]) {
			const io = fakeIo([json(no('retry')), json(ok)], { random });
			await sendDelivery(plainChannel(), aDelivery(), {}, io);
			expect(io.sleeps).toEqual([wait]);
		}
	});

	it('does not retry where the node allows none', async () => {
		const io = fakeIo([json(no('retry'))]);
		const { attempts } = await sendDelivery(plainChannel(), aDelivery(), {}, io, {
			inRunRetryMs: 0,
		});
		expect([attempts, io.sleeps]).toEqual([1, []]);
	});

	it('has no doubt where the provider recognises a repeat', async () => {
		const channel = plainChannel({ recognisesRepeats: () => true });
		const once = await sendDelivery(
			channel,
			aDelivery(),
			{},
			fakeIo([{ takesMs: 10_000, step: lost() }]),
		);
		expect(once.outcome).not.toHaveProperty('ambiguous');
		const twice = await sendDelivery(channel, aDelivery(), {}, fakeIo([lost(), json(ok)]));
		expect(twice.outcome).toEqual({ ok: true, status: 'sent' });
	});
});

describe('access tokens', () => {
	const tokenOf = (request: { url?: string }) => /access_token=(\w+)/.exec(request.url ?? '')?.[1];
	const withToken = (renew: () => Promise<{ token: string; expiresInMs: number }>) =>
		plainChannel({
			tokenKey: () => 'k',
			prepare: async (io) => ({ token: await io.tokens.get('k', renew) }),
		});
	const counted = () => {
		let count = 0;
		return async () => ({ token: `tok${++count}`, expiresInMs: 7_200_000 });
	};

	it('are renewed once where the provider refuses them, and that is no try', async () => {
		const io = fakeIo([json(no('auth', { tokenInvalid: true })), json(ok)]);
		const result = await sendDelivery(withToken(counted()), aDelivery(), {}, io);
		expect(io.calls.map((call) => tokenOf(call.request as never))).toEqual(['tok1', 'tok2']);
		expect(result).toMatchObject({ outcome: { ok: true }, attempts: 1 });
	});

	it('are not renewed twice', async () => {
		const io = fakeIo([json(no('auth', { tokenInvalid: true }))]);
		const result = await sendDelivery(withToken(counted()), aDelivery(), {}, io);
		expect(io.calls).toHaveLength(2);
		expect(result.outcome).toMatchObject({ ok: false, class: 'auth' });
	});

	it('are not looked for where the way of sending has none', async () => {
		const io = fakeIo([json(no('auth', { tokenInvalid: true }))]);
		const robot = plainChannel({
			tokenKey: () => {
				throw new Error('a robot has no key');
			},
		});
		expect(await sendDelivery(robot, aDelivery(), {}, io)).toMatchObject({
			outcome: { ok: false, class: 'auth' },
			attempts: 1,
		});
		expect(io.calls).toHaveLength(1);
	});

	it('are fetched once for many callers, also when all of them are refused', async () => {
		const renew = jest_fn(counted());
		const channel = withToken(renew);
		const io = fakeIo([
			(request) => ({
				status: 200,
				headers: {},
				body: tokenOf(request as never) === 'tok1' ? no('auth', { tokenInvalid: true }) : ok,
			}),
		]);
		const results = await Promise.all(
			Array.from({ length: 8 }, () => sendDelivery(channel, aDelivery(), {}, io)),
		);
		expect(results.every((result) => result.outcome.ok)).toBe(true);
		expect(renew.count).toBe(2);
	});

	it('that cannot be had are an outcome', async () => {
		const refused = withToken(() => {
			throw new OutcomeError({
				ok: false,
				class: 'config',
				code: '40013',
				message: 'invalid corpid',
			});
		});
		const result = await sendDelivery(refused, aDelivery(), {}, fakeIo([json(ok)]));
		expect(result).toMatchObject({
			outcome: { ok: false, class: 'config', code: '40013' },
			attempts: 1,
		});
	});

	it('whose request was lost leave no doubt: nothing was sent', async () => {
		const unreachable = withToken(() => {
			throw new TransportError('timeout', 'no answer', true);
		});
		const result = await sendDelivery(unreachable, aDelivery(), {}, fakeIo([json(ok)]));
		expect(result.outcome).toMatchObject({ ok: false, class: 'retry', code: 'timeout' });
		expect(result.outcome).not.toHaveProperty('ambiguous');
	});

	/** Counts the calls of a function. */
	function jest_fn<T>(run: () => Promise<T>) {
		const counting = async (): Promise<T> => {
			counting.count += 1;
			return await run();
		};
		counting.count = 0;
		return counting;
	}
});

describe('what is wrong before anything is sent', () => {
	const rows: Array<[string, Promise<{ outcome: unknown; attempts: number }>, object]> = [
		[
			'an unknown channel',
			sendDelivery(undefined, aDelivery({ channel: 'pager' }), {}, fakeIo([json(ok)])),
			{ code: 'unsupported_channel', class: 'config' },
		],
		[
			'another channel’s delivery',
			sendDelivery(slack, aDelivery({ channel: 'email' }), {}, fakeIo([json(ok)])),
			{ code: 'wrong_channel' },
		],
		[
			'no message',
			sendDelivery(slack, aDelivery({ message: undefined }), {}, fakeIo([json(ok)])),
			{ code: 'no_message', class: 'payload' },
		],
		[
			'no address',
			sendDelivery(slack, aDelivery({ address: {} }), { token: 'xoxb-1' }, fakeIo([json(ok)])),
			{ code: 'no_address', class: 'recipient' },
		],
		[
			'an empty credential',
			sendDelivery(slack, aDelivery(), {}, fakeIo([json(ok)])),
			{ code: 'invalid_credential', class: 'auth' },
		],
		[
			'a message that the provider would refuse',
			sendDelivery(
				slack,
				aDelivery({ message: { text: '' } }),
				{ token: 'xoxb-1' },
				fakeIo([json(ok)]),
			),
			{ code: 'invalid_payload', class: 'payload' },
		],
		[
			'a fault of our own',
			sendDelivery(
				plainChannel({
					request: () => {
						throw new TypeError('oops');
					},
				}),
				aDelivery(),
				{},
				fakeIo([json(ok)]),
			),
			{ code: 'unexpected', class: 'config' },
		],
		[
			'a typed error',
			sendDelivery(
				plainChannel({
					check: () => {
						throw new ItsmNotifyError('invalid_payload', 'bad');
					},
				}),
				aDelivery(),
				{},
				fakeIo([json(ok)]),
			),
			{ code: 'invalid_payload' },
		],
	];
	it.each(rows)('%s is an outcome', async (_name, sent, expected) => {
		const { outcome, attempts } = await sent;
		expect(outcome).toMatchObject({ ok: false, ...expected });
		expect(attempts).toBe(0);
	});
});

describe('secrets', () => {
	const credential = { mode: 'app', corpId: 'ww1', corpSecret: 'top-secret-1', agentId: '1' };

	it('are in no message and in no request that is handed back', async () => {
		const io = fakeIo([
			json({ errcode: 0, access_token: 'fresh-token-9', expires_in: 7200 }),
			fails(
				new TransportError(
					'connection_reset',
					'POST https://qyapi.weixin.qq.com/x?access_token=fresh-token-9 reset',
					true,
				),
			),
			json({ errcode: -1, errmsg: 'busy with fresh-token-9 and top-secret-1' }),
		]);
		const delivery = aDelivery({
			channel: 'wecom',
			address: { userid: 'W1' },
			message: { msgtype: 'text', text: { content: 'hi' } },
		});
		const result = await sendDelivery(wecom, delivery, credential, io);
		expect(io.calls).toHaveLength(3);
		expect((io.calls[2].request as { url: string }).url).toContain('fresh-token-9');
		expect(result.outcome).toMatchObject({ ok: false, class: 'retry', code: '-1' });
		expect(JSON.stringify(result)).not.toMatch(/fresh-token-9|top-secret-1/);
	});

	it('of a webhook are not told by a failed connection', async () => {
		const webhookUrl = 'https://hooks.slack.com/services/T0/B0/abcdefgh';
		const io = fakeIo([
			fails(new TransportError('dns', `getaddrinfo failed for ${webhookUrl}`, false)),
		]);
		const result = await sendDelivery(
			slack,
			aDelivery(),
			{ authMode: 'webhook', webhookSecretUrl: webhookUrl },
			io,
		);
		expect(result.outcome).toMatchObject({ ok: false, code: 'dns' });
		expect(JSON.stringify(result)).not.toContain('abcdefgh');
	});
});
