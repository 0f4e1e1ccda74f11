import { isObject, textIn, wordsOf, type Json } from '../text';
import { PUSH } from './limits';

export type Platform = 'ios' | 'android' | 'web';

export interface Device {
	platform: Platform;
	token: string;
	/** When the app gave this token last, epoch ms. */
	registeredAt?: number;
}

const PLATFORMS: readonly string[] = ['ios', 'android', 'web'];

/** Apple's tokens are hex; Firebase's are not. */
const guess = (token: string): Platform => (/^[0-9a-f]{64,200}$/i.test(token) ? 'ios' : 'android');

function device(entry: unknown): Device[] {
	const given = typeof entry === 'string' ? { token: entry } : isObject(entry) ? entry : {};
	const text = textIn(given, 'token');
	// A token that was reported dead stays in the document until the app gives a new one.
	if (!text || given.invalid === true) return [];
	const [, prefix, rest] = /^(ios|android|web):(.+)$/.exec(text) ?? [];
	const token = rest ?? text;
	const named = textIn(given, 'platform')?.toLowerCase() ?? prefix;
	const at = Date.parse(textIn(given, 'registered_at', 'updated_at') ?? '');
	return [
		{
			platform: PLATFORMS.includes(wordsOf(named)) ? (named as Platform) : guess(token),
			token,
			...(Number.isNaN(at) ? {} : { registeredAt: at }),
		},
	];
}

/** All devices of a person, each once: `tokens: [{platform, token, registered_at?}]`, or one `address` (`ios:<token>`). */
export function devicesOf(document: Readonly<Json>): Device[] {
	const list: unknown[] = Array.isArray(document.tokens) ? document.tokens : [];
	const all = [...list, document.address].flatMap(device);
	return [...new Map(all.map((one) => [one.token, one])).values()].slice(0, PUSH.devices);
}

export const address = (document: Readonly<Json>): string | undefined =>
	devicesOf(document)[0]?.token;
