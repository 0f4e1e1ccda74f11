import { ItsmNotifyError } from '../../errors';
import { cut } from '../cut';
import { oneLine } from '../text';
import { WECHAT } from './limits';

/** Keys that WeChat shows: those of category templates carry their type, `keyword1` is of old ones. */
export const SHOWN_KEY =
	/^(keyword|thing|short_thing|character_string|number|letter|symbol|time|date|amount|phone_number|car_number|name|phrase|const)\d+$/;

const count = (text: string): number => [...text].length;
const first = (text: string, max: number): string => [...text].slice(0, max).join('');
const only = (text: string, allowed: RegExp, max: number): string =>
	first(text.match(allowed)?.join('') ?? '', max);

const HAN = /\p{Script=Han}/u;
const DATE = /(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})/;
const CLOCK = /(\d{1,2}):(\d{2})/;
const two = (digits: string): string => digits.padStart(2, '0');

function date(text: string): string {
	const found = DATE.exec(text);
	return found ? `${found[1]}-${two(found[2])}-${two(found[3])}` : '';
}

function time(text: string): string {
	const day = date(text);
	const clock = CLOCK.exec(text.replace(DATE, ''));
	const at = clock ? `${two(clock[1])}:${clock[2]}` : '';
	return [day, at].filter(Boolean).join(' ');
}

/** Each type's own form of a text; empty where there is none in it. */
const FIT: Record<string, (text: string) => string> = {
	keyword: (text) => cut(text, WECHAT.keyword, count),
	thing: (text) => cut(text, 20, count),
	short_thing: (text) => cut(text, 5, count),
	character_string: (text) => only(text, /[!-~]+/g, 32),
	number: (text) => /-?\d[\d,]*(?:\.\d+)?/.exec(text)?.[0].replaceAll(',', '').slice(0, 32) ?? '',
	letter: (text) => only(text, /[A-Za-z]+/g, 32),
	symbol: (text) => only(text, /[!-/:-@[-`{-~]+/g, 5),
	time,
	date: (text) => (date(text) === '' ? '' : time(text)),
	amount: (text) => /\d{1,10}(?:\.\d{1,2})?/.exec(text.replaceAll(',', ''))?.[0] ?? '',
	phone_number: (text) => only(text, /[\d+()-]+/g, 17),
	car_number: (text) => first(text.replace(/\s/g, ''), 8),
	name: (text) => (HAN.test(text) ? first(text, 10) : first(text, 20)),
	phrase: (text) => only(text, /\p{Script=Han}+/gu, 5),
	const: (text) => first(text, 20),
};

/** Where a dash says as much as nothing. */
const DASH = new Set(['keyword', 'thing', 'short_thing', 'character_string', 'symbol']);

/**
 * A text as the key's type takes it, else WeChat answers 47003. Throws ItsmNotifyError `invalid_payload` where the text
 * has nothing of that type (an English word for a `phrase`).
 */
export function fitted(key: string, text: string): string {
	const type = SHOWN_KEY.exec(key)?.[1] ?? 'keyword';
	const plain = oneLine(text);
	const value = FIT[type](plain);
	if (value !== '') return value;
	if (DASH.has(type)) return '-';
	throw new ItsmNotifyError(
		'invalid_payload',
		plain === ''
			? `WeChat would refuse the message: ${key} is empty.`
			: `WeChat would refuse the message: "${cut(plain, 40)}" is no ${type} (${key}).`,
		{
			field: `data.${key}`,
			fix: `Map ${key} to something else, or use a "thing" in the template.`,
		},
	);
}
