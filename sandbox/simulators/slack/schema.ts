/** What Slack says about a part of `blocks` that it refuses: `must be … [json-pointer:/blocks/0/text]`. */
export class BlockError extends Error {
	readonly pointer: string;
	constructor(pointer: string, why: string) {
		super(`${why} [json-pointer:${pointer}]`);
		this.pointer = pointer;
	}
}

export type Json = Record<string, unknown>;

export function fail(pointer: string, why: string): never {
	throw new BlockError(pointer, why);
}

export function object(value: unknown, pointer: string): Json {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		fail(pointer, 'must be an object');
	}
	return value as Json;
}

/** Slack refuses properties that it does not know. */
export function only(value: Json, names: string[], pointer: string): void {
	for (const name of Object.keys(value)) {
		if (!names.includes(name)) fail(pointer, `invalid additional property: ${name}`);
	}
}

/** Lengths are UTF-16 units: the stricter reading where an emoji counts twice. */
export function text(value: unknown, max: number, pointer: string, min = 1): string {
	if (value === undefined || value === null) fail(pointer, 'missing required field');
	if (typeof value !== 'string') fail(pointer, 'must be a string');
	if (value.length < min) fail(pointer, `must be more than ${min - 1} characters`);
	if (value.length > max) fail(pointer, `must be less than ${max + 1} characters`);
	return value;
}

export function optionalText(value: unknown, max: number, pointer: string): void {
	if (value !== undefined) text(value, max, pointer);
}

export function list(value: unknown, min: number, max: number, pointer: string): unknown[] {
	if (!Array.isArray(value)) fail(pointer, 'must be an array');
	if (value.length < min) fail(pointer, `no fewer than ${min} items required`);
	if (value.length > max) fail(pointer, `no more than ${max} items allowed`);
	return value;
}

export function oneOf(value: unknown, allowed: string[], pointer: string): string {
	if (typeof value !== 'string' || !allowed.includes(value)) {
		fail(pointer, `must be a valid enum value (${allowed.join(', ')})`);
	}
	return value;
}

const LINK_SCHEMES = ['http:', 'https:', 'mailto:', 'slack:', 'tel:'];
const IMAGE_SCHEMES = ['http:', 'https:'];

export function link(value: unknown, pointer: string, schemes = LINK_SCHEMES): void {
	const address = text(value, 3000, pointer);
	const parsed = URL.canParse(address) ? new URL(address) : undefined;
	if (parsed === undefined || !schemes.includes(parsed.protocol) || /\s/.test(address)) {
		fail(pointer, 'must be a valid URL');
	}
}

export const imageLink = (value: unknown, pointer: string): void =>
	link(value, pointer, IMAGE_SCHEMES);

/** A text object; `kinds` are the types allowed there. */
export function textObject(
	value: unknown,
	max: number,
	pointer: string,
	kinds: string[] = ['plain_text', 'mrkdwn'],
): number {
	const given = object(value, pointer);
	const kind = oneOf(given['type'], kinds, `${pointer}/type`);
	only(
		given,
		kind === 'mrkdwn' ? ['type', 'text', 'verbatim'] : ['type', 'text', 'emoji'],
		pointer,
	);
	for (const flag of ['emoji', 'verbatim']) {
		if (given[flag] !== undefined && typeof given[flag] !== 'boolean') {
			fail(`${pointer}/${flag}`, 'must be a boolean');
		}
	}
	return text(given['text'], max, `${pointer}/text`).length;
}

export const plain = (value: unknown, max: number, pointer: string): number =>
	textObject(value, max, pointer, ['plain_text']);
