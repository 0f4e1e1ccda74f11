import { compile } from '../../../core/templates/engine/compile';
import { Lru } from '../../../core/templates/engine/lru';

describe('the cache of compiled leaves', () => {
	it('compiles equal text once, across documents and calls', () => {
		expect(compile('{{a}} {{b}}')).toBe(compile(['{{a}}', '{{b}}'].join(' ')));
		expect(compile('{{a}} {{b}}')).not.toBe(compile('{{a}} {{c}}'));
	});

	it('stays bounded under ever new templates', () => {
		const first = compile('first {{a}}');
		for (let index = 0; index < 2100; index += 1) compile(`${index} {{a}}`);
		expect(compile('first {{a}}')).not.toBe(first);
	});

	it('forgets what was not used for longest', () => {
		const lru = new Lru<number>({ entries: 2, weight: 100 });
		lru.set('a', 1, 1);
		lru.set('b', 2, 1);
		lru.get('a');
		lru.set('c', 3, 1);
		expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.size]).toEqual([1, undefined, 3, 2]);
	});

	it('is bounded by weight too', () => {
		const lru = new Lru<number>({ entries: 10, weight: 10 });
		lru.set('a', 1, 6);
		lru.set('b', 2, 6);
		expect([lru.get('a'), lru.get('b')]).toEqual([undefined, 2]);
		lru.set('b', 3, 2);
		lru.set('c', 4, 8);
		expect([lru.get('b'), lru.get('c'), lru.size]).toEqual([3, 4, 2]);
	});
});
