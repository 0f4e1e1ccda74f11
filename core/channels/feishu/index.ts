import { httpOnly } from '../http-only';
import { isObject, oneLine, textIn, type Json } from '../text';
import type { Channel } from '../types';
import { address } from './address';
import { draw } from './card';
import { check } from './check';
import { escape } from './escape';
import { inbound } from './inbound';
import { limits, ROBOT_RATE } from './limits';
import { outcome } from './outcome';
import { raw } from './raw';
import { checksDuplicates, isRobot, probe, request, tokenKey, update } from './request';
import { stream } from './stream';
import { prepare } from './token';

const undo = (text: string): string =>
	text
		.replace(/<[^<>]*>/g, '')
		.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.replace(/\*\*/g, '')
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/&#(\d{2,3});/g, (_all, code: string) => String.fromCharCode(Number(code)))
		.replace(/&amp;/g, '&');

/** The first words anywhere in a part. */
function wordsIn(value: unknown): string {
	if (Array.isArray(value)) return value.map(wordsIn).find(Boolean) ?? '';
	if (!isObject(value)) return '';
	const own = textIn(value, 'content', 'text', 'title');
	if (own) return value.tag === 'markdown' || value.tag === 'lark_md' ? undo(own) : own;
	return Object.values(value).map(wordsIn).find(Boolean) ?? '';
}

function summary({ msg_type: type, card, content }: Json): string {
	if (type !== 'interactive') return oneLine(wordsIn(content).split('\n')[0]);
	const { header, ...rest } = isObject(card) ? card : {};
	return oneLine((wordsIn(header) || wordsIn(rest.body ?? rest.elements ?? rest)).split('\n')[0]);
}

/** Feishu 飞书 and Lark: cards of an app to people and groups, or a custom bot of one group. */
export const feishu: Channel = {
	id: 'feishu',
	name: 'Feishu',
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
	outcome: httpOnly(outcome),
	update,
	probe,
	// A press that nobody can verify would be refused: without key and token a button is a link, unless it comes over a connection.
	answers: (credential, connection) =>
		!isRobot(credential) &&
		(connection?.streamed || textIn(credential, 'encryptKeySecret', 'verificationToken'))
			? 'callback'
			: 'link',
	inbound,
	stream,
};
