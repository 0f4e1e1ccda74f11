import { httpOnly } from '../http-only';
import { clean, isObject, oneLine, textIn, type Json } from '../text';
import type { Channel } from '../types';
import { draw } from './card';
import { check } from './check';
import { inbound } from './inbound';
import { limits } from './limits';
import { outcome } from './outcome';
import { raw } from './raw';
import { address, recognisesRepeats, request, tokenKey, tokenRequest } from './request';
import { prepare } from './token';

function summary(payload: Json): string {
	const data = isObject(payload.template_data) ? payload.template_data : {};
	return oneLine(textIn(data, 'title', 'first', 'keyword1') ?? '');
}

/** WeChat 微信公众号: template messages of an official account to its followers. */
export const wechat: Channel = {
	id: 'wechat',
	name: 'WeChat',
	limits,
	recognisesRepeats,
	// Values are shown as they stand: there is no markup.
	escape: clean,
	address,
	draw,
	raw,
	summary,
	check,
	prepare,
	tokenKey,
	request,
	outcome: httpOnly(outcome),
	probe: (credential) => tokenRequest(credential),
	answers: () => 'link',
	inbound,
};
