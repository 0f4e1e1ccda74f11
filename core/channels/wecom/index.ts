import { isObject, oneLine, type Json } from '../text';
import type { Channel } from '../types';
import { draw } from './card';
import { check } from './check';
import { escape } from './escape';
import { inbound } from './inbound';
import { limits, ROBOT_RATE } from './limits';
import { outcome } from './outcome';
import { raw } from './raw';
import {
	address,
	answers,
	checksDuplicates,
	isRobot,
	probe,
	request,
	tokenKey,
	update,
} from './request';
import { prepare } from './token';

const MARKUP = /<\/?(?:font|div|a|br)\b[^>]*>|^#{1,6} |\*\*/gm;

function summary(payload: Json): string {
	const part = payload[String(payload.msgtype)];
	if (!isObject(part)) return '';
	const title = isObject(part.main_title) ? part.main_title.title : part.title;
	const text = [title, part.sub_title_text, part.content, part.description].find(
		(one) => typeof one === 'string' && one.trim(),
	);
	const written = String(text ?? '');
	// A card has no markup: the same signs in its title are words.
	const isCard = payload.msgtype === 'template_card';
	const first = (isCard ? written : written.replace(MARKUP, '')).trim().split('\n')[0];
	return (
		oneLine(isCard ? first : first.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')) ||
		(Array.isArray(part.articles)
			? oneLine(String((part.articles[0] as Json | undefined)?.title ?? ''))
			: '')
	);
}

/** WeCom 企业微信: messages of an app to its members, or a group robot. */
export const wecom: Channel = {
	id: 'wecom',
	name: 'WeCom',
	limits,
	rate: (credential) => (isRobot(credential) ? ROBOT_RATE : limits.rate),
	recognisesRepeats: ({ credential, delivery }) =>
		!isRobot(credential) && checksDuplicates(delivery),
	escape,
	address,
	draw,
	raw,
	summary,
	check,
	prepare,
	tokenKey,
	request,
	outcome: (response, sent) =>
		'status' in response
			? outcome(response, sent)
			: { ok: false, class: 'config', code: 'unexpected_answer', message: 'No HTTP answer' },
	update,
	probe,
	answers,
	// A template card has no field for text.
	takesWords: false,
	inbound,
};
