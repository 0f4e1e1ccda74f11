import { dingtalk } from '../../../core/channels/dingtalk';
import type { HttpRequest } from '../../../core/channels/types';
import { createTokenCache } from '../../../core/channels/tokens';
import type { ChannelIo, HttpResponse } from '../../../core/channels/types';

const url = (path: string) => `https://ding.test${path}`;
const asked = (path: string, body: Record<string, unknown> = {}): HttpRequest => ({
	kind: 'http',
	method: 'POST',
	url: url(path),
	body,
});
const ROBOT = asked('/robot/send?access_token=t', { msgtype: 'text', text: { content: 'x' } });
const NOTICE = asked('/topapi/message/corpconversation/asyncsend_v2?access_token=t', {
	userid_list: 'u1',
});
const MESSAGE = asked('/v1.0/robot/oToMessages/batchSend', { userIds: ['u1'] });
const CARD = asked('/v1.0/card/instances/createAndDeliver', { outTrackId: 'd_1' });
const judge = (body: unknown, request = ROBOT, status = 200) =>
	dingtalk.outcome({ status, headers: {}, body }, request);

describe('what was accepted', () => {
	it('keeps what follows up or updates', () => {
		expect(judge({ errcode: '0', errmsg: 'ok' })).toEqual({ ok: true, status: 'sent' });
		expect(judge({ errcode: 0, task_id: 256271667526, request_id: 'r' }, NOTICE)).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: '256271667526',
			ref: { task_id: '256271667526', userid: 'u1' },
		});
		expect(
			judge(
				{ processQueryKey: 'pq', invalidStaffIdList: [], flowControlledStaffIdList: [] },
				MESSAGE,
			),
		).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: 'pq',
			ref: { process_query_key: 'pq', userid: 'u1' },
		});
		expect(
			judge(
				{ success: true, result: { outTrackId: 'd_1', deliverResults: [{ success: true }] } },
				CARD,
			),
		).toEqual({
			ok: true,
			status: 'sent',
			providerMessageId: 'd_1',
			ref: { out_track_id: 'd_1' },
		});
		expect(judge({ success: true, result: true }, CARD)).toMatchObject({
			ok: true,
			providerMessageId: 'd_1',
		});
	});

	it('sees the failure inside a success', () => {
		expect(judge({ processQueryKey: 'p', invalidStaffIdList: ['u1'] }, MESSAGE)).toMatchObject({
			ok: false,
			class: 'recipient',
			code: 'invalidStaffIdList',
		});
		expect(
			judge({ processQueryKey: 'p', flowControlledStaffIdList: ['u1'] }, MESSAGE),
		).toMatchObject({
			class: 'rate',
			code: 'flowControlledStaffIdList',
			retryAfterMs: 60_000,
			onlyHere: true,
		});
		expect(judge({ processQueryKey: 'p', invalidStaffIdList: ['other'] }, MESSAGE)).toMatchObject({
			ok: true,
		});
		const lost = (errorMsg: string) =>
			judge({ success: true, result: { deliverResults: [{ success: false, errorMsg }] } }, CARD);
		expect(lost('spaceId is illegal')).toMatchObject({
			class: 'recipient',
			code: 'deliverResults',
		});
		expect(lost('robot not found')).toMatchObject({ class: 'config' });
		expect(lost('触发限流')).toMatchObject({ class: 'rate' });
		expect(judge({ success: false }, CARD)).toMatchObject({ ok: false, code: 'card_refused' });
	});
});

describe('what was refused', () => {
	it.each<[string, (number | string)[]]>([
		['retry', [-1]],
		['rate', [410100, 130101, 90030, 90018, 90002]],
		['auth', [40014, 42001, 40001]],
		['config', [300001, 300005, 400101, 400102, 400106, 88, 40096, 99999]],
		['recipient', [400013, 33012]],
		['payload', [40035, 43004, 400105, 430101, 430104, 460101]],
	])('is %s for %j, also where the code is a text', (kind, codes) => {
		for (const errcode of codes)
			for (const given of [errcode, String(errcode)])
				expect(judge({ errcode: given, errmsg: 'why' })).toMatchObject({
					ok: false,
					class: kind,
					code: String(errcode),
				});
	});

	it('waits as long as a robot is blocked', () => {
		expect(judge({ errcode: 130101, errmsg: 'send too fast' })).toMatchObject({
			retryAfterMs: 600_000,
		});
	});

	it('reads the words of 310000', () => {
		const said = (errmsg: string) => judge({ errcode: 310000, errmsg });
		expect(said('keywords not in content')).toMatchObject({ class: 'config', onlyHere: true });
		expect(said('sign not match')).toMatchObject({ class: 'auth' });
		expect(said('ip 1.2.3.4 not in whitelist')).toMatchObject({ class: 'config' });
	});

	it('finds the code behind 88', () => {
		expect(judge({ errcode: 88, sub_code: '40014', sub_msg: 'bad token' }, NOTICE)).toMatchObject({
			class: 'auth',
			code: '40014',
			tokenInvalid: true,
		});
		expect(judge({ errcode: '88', errmsg: 'x' }, NOTICE)).toMatchObject({
			class: 'config',
			code: '88',
		});
	});

	it.each<[string, number, string]>([
		['InvalidAuthentication', 401, 'auth'],
		['accesstoken.expired', 400, 'auth'],
		['Forbidden.AccessDenied.AccessTokenPermissionDenied', 403, 'config'],
		['Forbidden.AccessDenied.IpNotInWhiteList', 403, 'config'],
		['Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 403, 'rate'],
		['Forbidden.AccessDenied.QpmLimitForAppkeyAndApi', 403, 'rate'],
		['Forbidden.AccessDenied.QpsLimitForApi', 403, 'rate'],
		['qps.exceed.limit', 400, 'rate'],
		['request.overlimit', 400, 'rate'],
		['staffId.notExisted', 400, 'recipient'],
		['invalidParameter.robotCode.invalid', 400, 'config'],
		['invalidParameter.msgParam.invalid', 400, 'payload'],
		['ServiceUnavailable', 503, 'retry'],
		['something.new', 400, 'config'],
		['something.new', 500, 'retry'],
	])('%s with HTTP %i is %s', (code, status, kind) => {
		expect(judge({ code, message: 'why', requestid: 'r' }, MESSAGE, status)).toMatchObject({
			ok: false,
			class: kind,
			code,
		});
	});

	it('knows the block of the gateway, a broken one, and a foreign answer', () => {
		const block = { class: 'rate', code: 'x5_block', retryAfterMs: 300_000 };
		expect(judge({ status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'u' })).toMatchObject(
			block,
		);
		expect(
			judge('<html><script src="/_____tmd_____/punish?x5secdata=1"></script></html>'),
		).toMatchObject(block);
		expect(judge('<html>502</html>', ROBOT, 502)).toMatchObject({
			class: 'retry',
			code: 'http_502',
		});
		expect(judge('<html>hello</html>')).toMatchObject({
			class: 'config',
			code: 'unexpected_answer',
		});
		expect(judge({ hello: 1 }, MESSAGE)).toMatchObject({ code: 'unexpected_answer' });
		expect(judge({ message: 'x' }, MESSAGE, 502)).toMatchObject({
			class: 'retry',
			code: 'http_502',
		});
	});

	it('is a matter of the set-up where the secret itself is refused', () => {
		const token = dingtalk.probe?.(
			{ appKey: 'k', appSecret: 's', baseUrl: url('') },
			{},
		) as HttpRequest;
		expect(judge({ code: 'invalidClientIdOrSecret', message: 'x' }, token, 400)).toMatchObject({
			class: 'config',
		});
		expect(judge({ accessToken: 't', expireIn: 7200 }, token)).toEqual({
			ok: true,
			status: 'sent',
		});
		const probe = dingtalk.probe?.(
			{ mode: 'robot', webhookSecretUrl: ROBOT.url },
			{},
		) as HttpRequest;
		expect(judge({ errcode: 40035, errmsg: '缺少参数 msgtype' }, probe)).toEqual({
			ok: true,
			status: 'sent',
		});
		expect(judge({ errcode: 300005, errmsg: 'token is not exist' }, probe)).toMatchObject({
			ok: false,
		});
	});
});

describe('prepare', () => {
	it('takes the token of the API that is called, once', async () => {
		const urls: string[] = [];
		const io = {
			http: async (request: HttpRequest): Promise<HttpResponse> => {
				urls.push(request.url);
				const body = request.url.includes('gettoken')
					? { errcode: 0, access_token: 'old', expires_in: 7200 }
					: { accessToken: 'new', expireIn: 7200 };
				return { status: 200, headers: {}, body };
			},
			now: () => new Date(0),
			tokens: createTokenCache(() => 0),
		} as unknown as ChannelIo;
		const app = { appKey: 'k', appSecret: 's', baseUrl: url(''), oapiBaseUrl: url('') };
		expect(await dingtalk.prepare?.(io, app)).toEqual({ token: 'new' });
		expect(await dingtalk.prepare?.(io, { ...app, sendAs: 'card' })).toEqual({ token: 'new' });
		expect(await dingtalk.prepare?.(io, { ...app, sendAs: 'workNotice' })).toEqual({
			token: 'old',
		});
		expect(await dingtalk.prepare?.(io, { mode: 'robot' })).toEqual({});
		expect(urls).toEqual([url('/v1.0/oauth2/accessToken'), url('/gettoken?appkey=k&appsecret=s')]);
		expect(dingtalk.tokenKey?.(app)).toMatch(/^dingtalk:[0-9a-f]+$/);
	});
});

describe('follow-up', () => {
	const read = (send_result: Record<string, unknown>) =>
		dingtalk.followUp?.read({ status: 200, headers: {}, body: { errcode: 0, send_result } });

	it('asks for the result of a notice or a message', () => {
		const credential = { agentId: '42', appKey: 'k', baseUrl: url(''), oapiBaseUrl: url('') };
		const context = { credential, prepared: { token: 't' } };
		expect(dingtalk.followUp?.request({ task_id: '123' }, context)).toMatchObject({
			url: url('/topapi/message/corpconversation/getsendresult?access_token=t'),
			body: { agent_id: 42, task_id: 123 },
		});
		expect(dingtalk.followUp?.request({ process_query_key: 'p/q' }, context)).toMatchObject({
			method: 'GET',
			url: url('/v1.0/robot/oToMessages/readStatus?robotCode=k&processQueryKey=p%2Fq'),
		});
		expect(() => dingtalk.followUp?.request({ out_track_id: 'd' }, context)).toThrow();
	});

	it('reads what became of it', () => {
		expect(read({})).toBeUndefined();
		expect(read({ unread_user_id_list: ['u1'] })).toEqual({ status: 'delivered' });
		expect(read({ read_user_id_list: ['u1'] })).toEqual({ status: 'read' });
		expect(read({ invalid_user_id_list: ['u1'] })).toMatchObject({
			status: 'failed',
			deadAddress: true,
		});
		expect(read({ forbidden_list: [{ code: '143106', userid: 'u1' }] })).toMatchObject({
			status: 'failed',
			code: '143106',
		});
		expect(read({ forbidden_list: [{ code: 143105 }] })?.message).toMatch(/daily/);
		expect(read({ failed_user_id_list: ['u1'] })).toMatchObject({ status: 'failed' });
		const message = (body: unknown) => dingtalk.followUp?.read({ status: 200, headers: {}, body });
		expect(message({ sendStatus: 'SUCCESS', messageReadInfoList: [] })).toEqual({
			status: 'delivered',
		});
		expect(
			message({ sendStatus: 'SUCCESS', messageReadInfoList: [{ readStatus: 'READ' }] }),
		).toEqual({ status: 'read' });
		expect(message({ sendStatus: 'PROCESSING' })).toBeUndefined();
		expect(message('<html>')).toBeUndefined();
	});
});
