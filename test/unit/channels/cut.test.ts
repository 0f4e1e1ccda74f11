import fc from 'fast-check';

import { bytes, chars, columns, cut, cutEscaped, cutMarkup } from '../../../core/channels/cut';

const html = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const measures = fc.constantFrom(bytes, chars, columns);

describe('cut', () => {
	it('leaves what fits and ends the rest with an ellipsis', () => {
		expect(cut('short', 5)).toBe('short');
		expect(cut('longer text', 7)).toBe('longer…');
		expect(cut('优先级很高', 10, bytes)).toBe('优先…');
		expect(cut('优先级很高', 3, columns)).toBe('优先…');
		expect(cut('abcdef', 2.5, columns)).toBe('abcd…');
	});

	it('never goes through a grapheme', () => {
		const family = '👨‍👩‍👧';
		expect(cut(`a${family}b`, 5)).toBe('a…');
		expect(cut(`e\u0301e\u0301e\u0301`, 4)).toBe('e\u0301…');
	});

	it('keeps every limit, and is a head of the text', () => {
		fc.assert(
			fc.property(text, fc.integer({ min: 0, max: 120 }), measures, (value, max, measure) => {
				const short = cut(value, max, measure);
				expect(measure(short)).toBeLessThanOrEqual(max);
				expect(value.startsWith(short.replace(/…$/, '')) || short === value).toBe(true);
				if (measure(value) <= max) expect(short).toBe(value);
			}),
		);
	});
});

describe('cutEscaped', () => {
	it('never splits an entity', () => {
		expect(cutEscaped('a<b<c<d', 8, html)).toBe('a&lt;b…');
		expect(cutEscaped('&&&', 6, html)).toBe('&amp;…');
		expect(cutEscaped('&&&', 5, html)).toBe('…');
	});

	it('keeps the limit and holds whole entities only', () => {
		const marked = fc.string({
			unit: fc.constantFrom('<', '>', '&', 'a', '级', '👍🏽', ' '),
			maxLength: 80,
		});
		fc.assert(
			fc.property(marked, fc.integer({ min: 0, max: 90 }), measures, (value, max, measure) => {
				const short = cutEscaped(value, max, html, measure);
				expect(measure(short)).toBeLessThanOrEqual(max);
				expect(short.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
			}),
		);
	});
});

describe('cutMarkup', () => {
	it.each([
		['12345 &lt;tail', 9, '12345…'],
		['12345 <https://x.test|label> tail', 20, '12345…'],
		['12345 [label](https://x.test/abc) tail', 22, '12345…'],
	])('leaves out what the cut went through: %s', (value, max, expected) => {
		expect(cutMarkup(value, max)).toBe(expected);
	});

	it('closes an open font', () => {
		const short = cutMarkup(`<font color="warning">${'x'.repeat(100)}</font>`, 60);
		expect(short).toMatch(/^<font color="warning">x+…<\/font>$/);
		expect(short.length).toBeLessThanOrEqual(60);
	});
});
