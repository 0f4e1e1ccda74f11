import { httpOnly } from '../http-only';
import { isObject, oneLine, type Json } from '../text';
import type { Channel } from '../types';
import { draw } from './card';
import { check } from './check';
import { modeOf } from './credential';
import { escape } from './escape';
import { followUp } from './follow-up';
import { partsOf } from './forms';
import { inbound } from './inbound';
import { limits, ROBOT_RATE } from './limits';
import { outcome } from './outcome';
import { raw } from './raw';
import { address, probe, recognisesRepeats, request, update } from './request';
import { stream } from './stream';
import { prepare } from './token';
import { tokenKey } from './token-request';

function summary(payload: Json): string {
	const part = payload[String(payload.msgtype)];
	return isObject(part) ? oneLine(partsOf(payload).title) : '';
}

/** DingTalk 钉钉: an app's robot messages, work notices and interactive cards, or a group's custom robot. */
export const dingtalk: Channel = {
	id: 'dingtalk',
	name: 'DingTalk',
	limits,
	rate: (credential) => (modeOf(credential) === 'robot' ? ROBOT_RATE : limits.rate),
	recognisesRepeats,
	escape,
	address,
	draw,
	raw,
	summary,
	check,
	prepare,
	tokenKey,
	request,
	outcome: httpOnly(outcome),
	update,
	probe: (credential, prepared) => probe(credential, prepared),
	answers: (credential) => (modeOf(credential) === 'card' ? 'callback' : 'link'),
	inbound,
	stream,
	followUp,
};
