import fc from 'fast-check';
import { readToken, signToken, type TokenClaims } from '../../../core/actions/index.ts';

const KEY = Buffer.alloc(32, 7);
const NOW = new Date('2027-03-13T09:00:00Z');
const claims = (more: Partial<TokenClaims> = {}): TokenClaims => ({
	ticket_key: 'service_now:9d385017c611228701d22104cc95c371',
	action: 'acknowledge',
	user_id: 'user-001',
	channel: 'slack',
	delivery_id: `d_${'a'.repeat(32)}`,
	status: 'new',
	expires: NOW.getTime() / 1000 + 60,
	...more,
});

it('comes back as it was signed, and fits a button', () => {
	const token = signToken(claims(), KEY);
	expect(readToken(token, KEY, NOW)).toEqual({ ok: true, claims: claims() });
	expect(token.length).toBeLessThanOrEqual(400);
	expect(token).toMatch(/^[\w.-]+$/);
});

it('is worth nothing from the second on at which it expires', () => {
	const token = signToken(claims(), KEY);
	const at = (s: number) => readToken(token, KEY, new Date(NOW.getTime() + s * 1000)).ok;
	expect([at(59), at(60), at(61)]).toEqual([true, false, false]);
	expect(readToken(token, KEY, new Date(NOW.getTime() + 60_000))).toEqual({
		ok: false,
		code: 'token_expired',
	});
});

it('another key, another byte, another form: wrong, before anything is read', () => {
	const token = signToken(claims(), KEY);
	const wrong = { ok: false, code: 'token_wrong' };
	expect(readToken(token, Buffer.alloc(32, 8), NOW)).toEqual(wrong);
	const [body, mac] = token.split('.');
	const other = signToken(claims({ action: 'resolve' }), KEY).split('.');
	expect(readToken(`${other[0]}.${mac}`, KEY, NOW)).toEqual(wrong);
	expect(readToken(`${body}.${other[1]}`, KEY, NOW)).toEqual(wrong);
	for (const bad of ['', '.', token.slice(0, -1), `${token}x`, ` ${token}`, body, 'a'.repeat(5000)])
		expect(readToken(bad, KEY, NOW)).toEqual(wrong);
});

it('nothing that was not signed is taken, whatever it looks like', () => {
	fc.assert(
		fc.property(fc.string(), fc.base64String(), (a, b) => {
			expect(readToken(a, KEY, NOW).ok).toBe(false);
			expect(readToken(`${b}.${a}`, KEY, NOW).ok).toBe(false);
		}),
	);
});
