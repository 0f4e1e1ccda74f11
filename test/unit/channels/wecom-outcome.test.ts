import { createTokenCache } from '../../../core/channels/tokens';
import { TransportError } from '../../../core/channels/types';
import type { ChannelIo, HttpRequest, HttpResponse } from '../../../core/channels/types';
import { wecom } from '../../../core/channels/wecom';

const app = {
	mode: 'app',
	corpId: 'ww1',
	corpSecret: 's3cret',
	agentId: '1000002',
	baseUrl: 'https://wc.test/',
};
const robot = { mode: 'robot', webhookSecretUrl: 'https://wc.test/cgi-bin/webhook/send?key=k1' };
const sent: HttpRequest = {
	kind: 'http',
	method: 'POST',
	url: 'https://wc.test/cgi-bin/message/send?access_token=tok',
	body: { touser: 'ZhangWei', msgtype: 'text', text: { content: 'x' } },
};
const judge = (body: unknown, status = 200, request = sent) =>
	wecom.outcome({ status, headers: {}, body }, request);

describe('outcome', () => {
	it('keeps what an update needs', () => {
		expect(
			judge({ errcode: 0, errmsg: 'ok', invaliduser: '', msgid: 'm1', response_code: 'rc' }),
		).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: 'm1',
			ref: { msgid: 'm1', response_code: 'rc' },
		});
		expect(judge({ errcode: 0, errmsg: 'ok' })).toEqual({ ok: true, status: 'sent' });
	});

	it('sees the invalid receiver inside a success', () => {
		expect(judge({ errcode: 0, invaliduser: 'zhangwei', msgid: 'm' })).toMatchObject({
			ok: false,
			class: 'recipient',
			code: 'invaliduser',
		});
		expect(judge({ errcode: 0, invaliduser: 'Other', msgid: 'm' })).toMatchObject({ ok: true });
	});

	it.each<[string, number[]]>([
		['retry', [-1]],
		['rate', [45009, 45033, 45011]],
		['auth', [40014, 42001, 40001, 41001]],
		[
			'config',
			[40013, 40056, 60020, 50001, 50002, 50003, 48002, 48004, 301002, 60011, 93000, 99999],
		],
		['recipient', [81013, 40003, 46004, 60111, 82001]],
		['payload', [40008, 40033, 40058, 44004, 45002, 82002, 82003]],
	])('is %s for %j', (kind, codes) => {
		for (const errcode of codes) {
			const result = judge({ errcode, errmsg: 'why' });
			expect(result).toMatchObject({ ok: false, class: kind, code: String(errcode) });
			if (result.ok) continue;
			if (kind === 'rate') expect(result.retryAfterMs).toBeGreaterThanOrEqual(60_000);
			if ([40014, 42001, 40001].includes(errcode)) expect(result.tokenInvalid).toBe(true);
		}
	});

	it('is a matter of the set-up where the secret itself is refused', () => {
		const request = wecom.probe?.(app, {}) as HttpRequest;
		const result = judge({ errcode: 40001, errmsg: 'invalid credential' }, 200, request);
		expect(result).toMatchObject({ class: 'config', code: '40001' });
		expect(result).not.toHaveProperty('tokenInvalid');
		expect(judge({ errcode: 0, access_token: 'x', expires_in: 7200 }, 200, request)).toEqual({
			ok: true,
			status: 'sent',
		});
	});

	it('retries a broken gateway and doubts a foreign answer', () => {
		expect(judge('<html>', 502)).toMatchObject({ class: 'retry', code: 'http_502' });
		expect(judge('<html>')).toMatchObject({ class: 'config', code: 'unexpected_answer' });
	});
});

describe('prepare', () => {
	const ioFor = (answer: () => Promise<HttpResponse>): { io: ChannelIo; asked: string[] } => {
		const asked: string[] = [];
		const http = async (request: HttpRequest) => {
			asked.push(request.url);
			return await answer();
		};
		const io = {
			http,
			now: () => new Date(0),
			tokens: createTokenCache(() => 0),
		} as unknown as ChannelIo;
		return { io, asked };
	};
	const json = (body: unknown) => async () => ({ status: 200, headers: {}, body }) as HttpResponse;

	it('asks for a token once and keeps it', async () => {
		const { io, asked } = ioFor(json({ errcode: 0, access_token: 'tok', expires_in: 7200 }));
		const first = await wecom.prepare?.(io, app);
		expect(await wecom.prepare?.(io, { ...app })).toEqual(first);
		expect(asked).toEqual(['https://wc.test/cgi-bin/gettoken?corpid=ww1&corpsecret=s3cret']);
		const key = wecom.tokenKey?.(app);
		expect(key).toMatch(/^wecom:[0-9a-f]+$/);
		expect(wecom.tokenKey?.({ ...app, corpSecret: 'other' })).not.toBe(key);
		io.tokens.drop(String(key));
		await wecom.prepare?.(io, app);
		expect(asked).toHaveLength(2);
	});

	it('reports what WeCom says, and a lost answer', async () => {
		const refused = ioFor(json({ errcode: 40013, errmsg: 'invalid corpid' })).io;
		await expect(wecom.prepare?.(refused, app)).rejects.toMatchObject({
			outcome: { class: 'config', code: '40013' },
		});
		const lost = ioFor(() => Promise.reject(new TransportError('timeout', 'no answer', true))).io;
		await expect(wecom.prepare?.(lost, app)).rejects.toThrow('no answer');
	});

	it('needs nothing for a robot', async () => {
		const { io, asked } = ioFor(json({}));
		expect(await wecom.prepare?.(io, robot)).toEqual({});
		expect(asked).toEqual([]);
	});
});
