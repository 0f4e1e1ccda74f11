import { createHmac, timingSafeEqual } from 'node:crypto';

const LOCAL_MAX = 64;
const ADDRESS_MAX = 254;
/** As many of the HMAC's hex digits stand in the address: 64 bits, checked one mail at a time. */
const MAC_LENGTH = 16;

/** Servers fold the case of addresses, so it counts neither in the ticket nor in its proof. */
const macOf = (ticket: string, key: string): string =>
	createHmac('sha256', key).update(ticket.toLowerCase()).digest('hex').slice(0, MAC_LENGTH);

/** A ServiceNow sys_id would leave no room: 32 hex digits are written as 25 of base 36, behind `~`. */
const SHORT_LENGTH = 25;
const shortened = (hex: string): string =>
	`~${BigInt(`0x${hex}`).toString(36).padStart(SHORT_LENGTH, '0')}`;
const lengthened = (short: string): string =>
	[...short]
		.reduce((sum, digit) => sum * 36n + BigInt(parseInt(digit, 36)), 0n)
		.toString(16)
		.padStart(32, '0');

/** The ticket in characters that an address may hold: the first `:` as a dot, others as `=hex` of their UTF-8 bytes. */
const encode = (ticket: string): string =>
	ticket
		.replace(/[^A-Za-z0-9_-]+/g, (others) =>
			Buffer.from(others).reduce(
				(text, byte) => `${text}=${byte.toString(16).padStart(2, '0')}`,
				'',
			),
		)
		.replace(/(?<=^[A-Za-z0-9_-]+)=3a(?=[A-Za-z0-9_-])/, '.')
		.replace(/(?<![A-Za-z0-9])[0-9a-f]{32}$/, shortened);

const decode = (text: string): string =>
	text
		.replace(/~([0-9a-z]{25})$/i, (_all, short: string) => lengthened(short))
		.replace('.', ':')
		.replace(/(?:=[0-9a-f]{2})+/gi, (coded) =>
			Buffer.from(coded.replaceAll('=', ''), 'hex').toString('utf8'),
		);

/**
 * `support@example.com` → `support+<ticket>.<mac>@example.com`: who answers to it holds a mail about that ticket.
 * Undefined without a key, or where the address would be longer than mail allows (64 and 254 octets).
 */
export function plusAddress(base: string, ticket: string, key: string): string | undefined {
	const at = base.lastIndexOf('@');
	if (at <= 0 || !ticket || !key) return undefined;
	const local = `${base.slice(0, at)}+${encode(ticket)}.${macOf(ticket, key)}`;
	const address = local + base.slice(at);
	return local.length <= LOCAL_MAX && address.length <= ADDRESS_MAX ? address : undefined;
}

/** The ticket of a plus-address whose proof holds; undefined for every other address. Its case may be the server's. */
export function readPlusAddress(address: string, key: string): string | undefined {
	const found = /\+([A-Za-z0-9_=~.-]+)\.([0-9a-f]{16})@[^@]+$/i.exec(address);
	if (!key || !found || address.length > ADDRESS_MAX) return undefined;
	const ticket = decode(found[1]);
	const expected = Buffer.from(macOf(ticket, key));
	return timingSafeEqual(expected, Buffer.from(found[2].toLowerCase())) ? ticket : undefined;
}
