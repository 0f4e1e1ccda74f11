import { SMS } from './limits';

const BASIC =
	'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '^{}\\[~]|€\f';

/** Typographic signs that would make a whole message UCS-2, hence more than twice as long. */
const PLAIN: Record<string, string> = {
	'–': '-',
	'—': '-',
	'·': '-',
	'•': '-',
	'…': '...',
	'‘': "'",
	'’': "'",
	'“': '"',
	'”': '"',
	'\u00a0': ' ',
	'→': '->',
	'`': "'",
};

const COST = new Map<string, number>([
	...Array.from(BASIC, (c) => [c, 1] as const),
	...Array.from(EXTENDED, (c) => [c, 2] as const),
]);

/** Signs that GSM-7 has a stand-in for, replaced; everything else as it is. */
export const plainSigns = (text: string): string => Array.from(text, (c) => PLAIN[c] ?? c).join('');

export const isGsm = (text: string): boolean => Array.from(text).every((c) => COST.has(c));

/** GSM-7 septets; an ellipsis is three dots there. */
export const septets = (text: string): number =>
	Array.from(text).reduce((sum, c) => sum + (c === '…' ? 3 : (COST.get(c) ?? 1)), 0);

/** How many SMS a text takes. */
export function segments(text: string): number {
	const [size, single, part] = isGsm(text)
		? [septets(text), SMS.gsmSingle, SMS.gsmPart]
		: [text.length, SMS.ucsSingle, SMS.ucsPart];
	return size <= single ? 1 : Math.ceil(size / part);
}
