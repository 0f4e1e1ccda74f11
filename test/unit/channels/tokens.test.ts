import { createTokenCache } from '../../../core/channels/tokens';

describe('the token cache', () => {
	const cache = () => {
		const clock = { now: 0 };
		let count = 0;
		const renew = async () => ({ token: `t${++count}`, expiresInMs: 7_200_000 });
		return { clock, renew, tokens: createTokenCache(() => clock.now), count: () => count };
	};

	it('keeps a token until five minutes before it expires', async () => {
		const { clock, renew, tokens } = cache();
		expect(await tokens.get('k', renew)).toBe('t1');
		clock.now = 7_200_000 - 300_001;
		expect(await tokens.get('k', renew)).toBe('t1');
		clock.now = 7_200_000 - 300_000;
		expect(await tokens.get('k', renew)).toBe('t2');
	});

	it('keeps a short-lived one for half its life', async () => {
		const { clock, tokens } = cache();
		let count = 0;
		const short = async () => ({ token: `s${++count}`, expiresInMs: 60_000 });
		await tokens.get('k', short);
		clock.now = 29_999;
		expect(await tokens.get('k', short)).toBe('s1');
		clock.now = 30_000;
		expect(await tokens.get('k', short)).toBe('s2');
	});

	it('does not keep a failure, and shares it with those who waited', async () => {
		const { tokens, renew } = cache();
		const bad = async (): Promise<never> => Promise.reject(new Error('down'));
		const both = await Promise.allSettled([tokens.get('k', bad), tokens.get('k', renew)]);
		expect(both.map((one) => one.status)).toEqual(['rejected', 'rejected']);
		expect(await tokens.get('k', renew)).toBe('t1');
	});

	it('drops only the token that was refused', async () => {
		const { tokens, renew, count } = cache();
		await tokens.get('k', renew);
		tokens.drop('k', 'another');
		expect(await tokens.get('k', renew)).toBe('t1');
		tokens.drop('k', 't1');
		expect(await tokens.get('k', renew)).toBe('t2');
		tokens.drop('k');
		expect(await tokens.get('k', renew)).toBe('t3');
		expect(count()).toBe(3);
	});

	it('keeps credentials apart', async () => {
		const { tokens, renew } = cache();
		expect(await tokens.get('a', renew)).not.toBe(await tokens.get('b', renew));
	});
});
