import { ItsmNotifyError } from '../../errors';
import { textIn, wordsOf, type Json } from '../text';

const E164 = /^\+[1-9]\d{6,14}$/;

/** A number as E.164 without what people put between digits; undefined where it is none. */
export function e164(value: unknown): string | undefined {
	const digits = wordsOf(value).replace(/[\s().\-/]/g, '');
	return E164.test(digits) ? digits : undefined;
}

/** A number as Chinese providers report it: 11 digits at home, else with the country's code and maybe `00`. */
export function fromChina(value: unknown): string | undefined {
	const digits = wordsOf(value).replace(/[\s-]/g, '');
	if (digits.startsWith('+')) return e164(digits);
	if (/^1\d{10}$/.test(digits)) return `+86${digits}`;
	return e164(`+${digits.replace(/^00/, '')}`);
}

export const address = (document: Readonly<Json>): string | undefined =>
	e164(textIn(document, 'number', 'address'));

/** The delivery's number. Throws `no_address`. */
export function numberOf(document: Readonly<Json>): string {
	const number = address(document);
	if (number !== undefined) return number;
	throw new ItsmNotifyError('no_address', 'The recipient has no phone number in E.164 form.', {
		field: 'address.number',
		fix: 'Write it with a plus and the code of the country: +8613800138000.',
	});
}
