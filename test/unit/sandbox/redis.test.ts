import { parse, RedisClient } from '../../../sandbox/servers/resp.ts';
import { removeKeys, startOwnRedis } from '../../../sandbox/servers/redis.ts';

describe("Redis' answers", () => {
	const whole = '*3\r\n$1\r\n0\r\n*2\r\n$4\r\na\r\nb\r\n$-1\r\n:7\r\n';

	test('nested, with line ends inside and nothing', () => {
		expect(parse(Buffer.from(whole), 0)).toEqual({
			value: ['0', ['a\r\nb', null], 7],
			end: whole.length,
		});
	});

	test('no part of one is taken for the whole', () => {
		for (let length = 0; length < whole.length; length++)
			expect(parse(Buffer.from(whole.slice(0, length)), 0)).toBeUndefined();
	});

	test('an error is one', () => {
		const { value } = parse(Buffer.from('-NOAUTH needed\r\n'), 0)!;
		expect(value).toEqual(new Error('Redis: NOAUTH needed'));
	});
});

const server = await startOwnRedis();
(server ? describe : describe.skip)('a Redis of our own (needs Redis)', () => {
	afterAll(async () => await server?.stop());

	test('keys under a prefix go, others stay', async () => {
		const client = await RedisClient.open(server!.config);
		for (let i = 0; i < 2500; i++) await client.call('SET', `mine:${i}`, 'x');
		await client.call('SET', 'yours', 'x');
		expect(await removeKeys(server!.config, 'mine:')).toBe(2500);
		expect(await client.call('KEYS', '*')).toEqual(['yours']);
		client.close();
	});

	test('a wrong password is told', async () => {
		const config = { ...server!.config, password: 'wrong' };
		await expect(RedisClient.open(config)).rejects.toThrow(/Redis: /);
	});
});
