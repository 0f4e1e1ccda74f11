import { describe, expect, test } from '@jest/globals';
import type { Open } from './suite';
import { at } from './rows';

export function sharedSuite(open: Open): void {
	describe('seen', () => {
		test('without a window once is for ever', async () => {
			const { seen } = await open();
			expect(await seen.mark(['b', 'a', 'b'], at(0))).toEqual(['b', 'a']);
			expect(await seen.mark(['a', 'c'], at(999_999))).toEqual(['c']);
			expect(await seen.mark([], at(0))).toEqual([]);
		});

		test('with a window: the same within it of the first, then a new first', async () => {
			const { seen } = await open();
			const mark = (seconds: number) => seen.mark(['k'], at(seconds), at(seconds - 600));
			expect(await mark(0)).toEqual(['k']);
			expect(await mark(599)).toEqual([]);
			expect(await mark(600)).toEqual([]);
			expect(await mark(600.001)).toEqual(['k']);
			expect(await mark(1200)).toEqual([]);
		});

		test('purge forgets what was seen before', async () => {
			const { seen } = await open();
			await seen.mark(['old'], at(0));
			await seen.mark(['new'], at(5));
			expect(await seen.purge(at(5))).toBe(1);
			expect(await seen.mark(['old', 'new'], at(6))).toEqual(['old']);
		});

		test('many at once: each key is new for one', async () => {
			const { seen } = await open();
			const keys = Array.from({ length: 30 }, (_, i) => `k${i}`);
			const turns = Array.from({ length: 8 }, (_, i) =>
				seen.mark([...keys.slice(i), ...keys.slice(0, i)], at(0)),
			);
			expect((await Promise.all(turns)).flat().sort()).toEqual([...keys].sort());
		});
	});

	describe('shared', () => {
		test('put and get; expired values are left out where now is given', async () => {
			const { shared } = await open();
			await shared.put('a', { n: 1 }, at(0));
			await shared.put('b', { n: 2 }, at(0), at(10));
			await shared.put('a', { n: 3 }, at(1));
			expect(await shared.get(['a', 'b', 'none'])).toEqual(
				new Map([
					['a', { n: 3 }],
					['b', { n: 2 }],
				]),
			);
			expect([...(await shared.get(['a', 'b'], at(10))).keys()]).toEqual(['a']);
			expect([...(await shared.get(['b'], at(9.999))).keys()]).toEqual(['b']);
		});

		test('change reads, writes and deletes; what ran out is not there', async () => {
			const { shared } = await open();
			const add = (seconds: number) =>
				shared.change('n', at(seconds), (value) => {
					const n = Number(value?.n ?? 0) + 1;
					return { value: { n }, result: n, expiresAt: at(10) };
				});
			expect(await add(0)).toBe(1);
			expect(await add(9)).toBe(2);
			expect(await add(10)).toBe(1);
			await shared.change('n', at(10), () => ({ value: undefined, result: null }));
			expect((await shared.get(['n'])).size).toBe(0);
		});

		test('change: many at once lose nothing', async () => {
			const { shared } = await open();
			const add = () =>
				shared.change('n', at(0), (value) => {
					const n = Number(value?.n ?? 0) + 1;
					return { value: { n }, result: n };
				});
			const results = await Promise.all(Array.from({ length: 25 }, add));
			expect(results.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
		});

		test('a change that throws writes nothing', async () => {
			const { shared } = await open();
			await shared.put('n', { n: 1 }, at(0));
			const broken = shared.change('n', at(0), () => {
				throw new Error('no');
			});
			await expect(broken).rejects.toThrow('no');
			expect((await shared.get(['n'])).get('n')).toEqual({ n: 1 });
		});

		test('once: the first caller within the time', async () => {
			const { shared } = await open();
			const calls = Array.from({ length: 6 }, () => shared.once('k', at(0), at(60)));
			expect((await Promise.all(calls)).filter(Boolean)).toHaveLength(1);
			expect(await shared.once('k', at(59.999), at(120))).toBe(false);
			expect(await shared.once('k', at(60), at(120))).toBe(true);
			expect(await shared.once('k', at(61), at(120))).toBe(false);
			expect(await shared.once('other', at(61), at(120))).toBe(true);
		});

		test('purge removes what ran out', async () => {
			const { shared } = await open();
			await shared.put('a', {}, at(0), at(5));
			await shared.put('b', {}, at(0));
			await shared.put('c', {}, at(0), at(6));
			expect(await shared.purge(at(5))).toBe(1);
			expect([...(await shared.get(['a', 'b', 'c'])).keys()].sort()).toEqual(['b', 'c']);
		});
	});
}
