import { checkParams, checkSample } from './content.ts';
import { obj, randomId, refuseNew, str } from './state.ts';
import type { DingTalkState, Json } from './state.ts';

export function accessToken(state: DingTalkState, body: Json): Json {
	if (body['appKey'] !== state.config.appKey || body['appSecret'] !== state.config.appSecret)
		refuseNew(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret');
	const { token, expiresIn } = state.tokens.issue();
	return { accessToken: token, expireIn: expiresIn };
}

export function checkCall(state: DingTalkState, token: string | undefined, api: string): void {
	if (!state.tokens.isValid(token)) refuseNew(401, 'InvalidAuthentication', '不合法的access_token');
	if (state.apiWait(api) > 0)
		refuseNew(403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', '您的服务器调用频率过高');
}

function checkRobotCode(state: DingTalkState, code: unknown): void {
	if (code !== (state.config.robotCode ?? state.config.appKey))
		refuseNew(400, 'invalidParameter.robotCode.invalid', 'robot 不存在');
}

const known = (state: DingTalkState, userid: string): boolean =>
	state.config.users.some((one) => one.userid === userid);

export function batchSend(state: DingTalkState, body: Json): Json {
	checkRobotCode(state, body['robotCode']);
	const users = Array.isArray(body['userIds']) ? (body['userIds'] as unknown[]).map(String) : [];
	if (users.length === 0) refuseNew(400, 'Missing.userIds', 'userIds is mandatory');
	if (users.length > 20) refuseNew(400, 'invalidParameter.userIds.size', 'at most 20');
	checkSample(body);
	const held = state.config.flowControlled ?? [];
	const invalid = users.filter((user) => !known(state, user));
	const flow = users.filter((user) => known(state, user) && held.includes(user));
	const reached = users.filter((user) => known(state, user) && !held.includes(user));
	const key = randomId(24);
	if (reached.length > 0) state.record('post', key, reached, '机器人', body);
	if (invalid.length > 0) state.dropped(invalid, 'no such userid', body);
	if (flow.length > 0) state.dropped(flow, 'flow control', body);
	return { processQueryKey: key, invalidStaffIdList: invalid, flowControlledStaffIdList: flow };
}

export function groupSend(state: DingTalkState, body: Json): Json {
	checkRobotCode(state, body['robotCode']);
	const group = state.config.groups?.[str(body['openConversationId'])];
	if (group === undefined)
		refuseNew(400, 'invalidParameter.openConversationId.invalid', 'openConversationId 不存在');
	checkSample(body);
	const key = randomId(24);
	state.record('post', key, [group], '机器人', body);
	return { processQueryKey: key };
}

export function readStatus(state: DingTalkState, query: URLSearchParams): Json {
	checkRobotCode(state, query.get('robotCode'));
	return { sendStatus: 'SUCCESS', messageReadInfoList: [] };
}

export function register(state: DingTalkState, body: Json): Json {
	const [routeKey, url, apiSecret] = ['callbackRouteKey', 'callbackUrl', 'apiSecret'].map((name) =>
		str(body[name]),
	);
	if (!routeKey || !url || !URL.canParse(url))
		refuseNew(
			400,
			'param.callbackRouteKey.invalid',
			'callbackRouteKey and callbackUrl are mandatory',
		);
	if (state.routes.has(routeKey) && body['forceUpdate'] !== true)
		refuseNew(400, 'param.callbackRouteKey.exists', 'callbackRouteKey is registered');
	state.routes.set(routeKey, { url, apiSecret: apiSecret ?? '' });
	return { success: true, result: { callbackUrl: url, apiSecret } };
}

/** Whom an openSpaceId names, as far as this app may. */
function spaceOf(state: DingTalkState, body: Json): { to?: string; type: string; why?: string } {
	const [, type = '', id = ''] =
		/^dtv1\.card\/\/(IM_ROBOT|IM_GROUP)\.(.+)$/.exec(str(body['openSpaceId'])) ?? [];
	if (type === '') refuseNew(400, 'param.openSpaceId.invalid', 'openSpaceId is invalid');
	const model = obj(
		body[type === 'IM_ROBOT' ? 'imRobotOpenDeliverModel' : 'imGroupOpenDeliverModel'],
	);
	if (type === 'IM_ROBOT' && model['spaceType'] !== 'IM_ROBOT')
		refuseNew(400, 'param.imRobotOpenDeliverModel.invalid', 'spaceType must be IM_ROBOT');
	checkRobotCode(state, model['robotCode']);
	if (type === 'IM_GROUP')
		return { type, to: state.config.groups?.[id], why: 'spaceId is not exist' };
	return { type, to: known(state, id) ? id : undefined, why: 'spaceId is illegal' };
}

export function createCard(state: DingTalkState, body: Json): Json {
	const outTrackId = str(body['outTrackId']);
	if (outTrackId === '') refuseNew(400, 'param.outTrackId.missing', 'outTrackId is mandatory');
	if (!(state.config.cardTemplates ?? []).includes(str(body['cardTemplateId'])))
		refuseNew(400, 'param.cardTemplateId.notExist', 'template 不存在');
	if (body['callbackType'] !== 'HTTP' && body['callbackType'] !== 'STREAM')
		refuseNew(400, 'param.callbackType.invalid', 'callbackType must be HTTP or STREAM');
	const routeKey = str(body['callbackRouteKey']) || undefined;
	if (routeKey !== undefined && !state.routes.has(routeKey))
		refuseNew(400, 'param.callbackRouteKey.notExist', 'callbackRouteKey is not registered');
	checkParams(body['cardData']);
	const { to, type, why } = spaceOf(state, body);
	const result = { spaceId: str(body['openSpaceId']), spaceType: type };
	if (to === undefined) {
		state.dropped([], why ?? 'no such space', body);
		return {
			success: true,
			result: { outTrackId, deliverResults: [{ ...result, success: false, errorMsg: why }] },
		};
	}
	if (!state.cards.has(outTrackId)) {
		state.cards.set(outTrackId, { outTrackId, to, routeKey, body });
		state.record('post', outTrackId, [to], '互动卡片', body);
	}
	return {
		success: true,
		result: { outTrackId, deliverResults: [{ ...result, success: true, errorMsg: '' }] },
	};
}

export function updateCard(state: DingTalkState, body: Json): Json {
	const card = state.cards.get(str(body['outTrackId']));
	if (card === undefined) refuseNew(400, 'param.outTrackId.notExist', 'card 不存在');
	const params = checkParams(body['cardData']);
	const isByKey = obj(body['cardUpdateOptions'])['updateCardDataByKey'] === true;
	const before = isByKey ? obj(obj(card.body['cardData'])['cardParamMap']) : {};
	card.body = { ...card.body, cardData: { cardParamMap: { ...before, ...params } } };
	state.record('update', card.outTrackId, [card.to], '互动卡片', card.body);
	return { success: true, result: true };
}
