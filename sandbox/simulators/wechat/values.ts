import { refuse } from './state.ts';

const count = (text: string): number => [...text].length;
const TIME =
	/^(?:\d{4}(?:-\d{1,2}-\d{1,2}|年\d{1,2}月\d{1,2}日))?(?:(?:^| )\d{1,2}:\d{2}(?::\d{2})?)?$/;

const RULES: Record<string, (text: string) => boolean> = {
	thing: (text) => count(text) <= 20,
	short_thing: (text) => count(text) <= 5,
	character_string: (text) => /^[!-~]{1,32}$/.test(text),
	number: (text) => /^-?\d{1,32}(?:\.\d+)?$/.test(text),
	letter: (text) => /^[A-Za-z]{1,32}$/.test(text),
	symbol: (text) => /^[!-/:-@[-`{-~]{1,5}$/.test(text),
	time: (text) => TIME.test(text),
	date: (text) => TIME.test(text) && /^\d{4}/.test(text),
	amount: (text) => /^\D?\d{1,10}(?:\.\d{1,2})?$/.test(text),
	phone_number: (text) => /^[\d+()-]{1,17}$/.test(text),
	car_number: (text) => count(text) <= 8,
	name: (text) => count(text) <= (/\p{Script=Han}/u.test(text) ? 10 : 20),
	phrase: (text) => /^\p{Script=Han}{1,5}$/u.test(text),
};

/** 47003 where a value is not of its key's type. */
export function checkValue(key: string, value: unknown): void {
	if (typeof value !== 'string' || value.trim() === '')
		refuse(47003, `argument invalid! data.${key}.value is empty rid: 0-0-0`);
	const type = key.replace(/\d+$/, '');
	const rule = Object.hasOwn(RULES, type) ? RULES[type] : undefined;
	if (rule && !rule(value)) refuse(47003, `argument invalid! data.${key}.value invalid rid: 0-0-0`);
}
