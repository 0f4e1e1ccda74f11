import { describe, expect, it } from '@jest/globals';

import { personOf, peopleOf, who } from '../../../core/events/people';
import { sanitize, str } from '../../../core/events/read/paths';
import { cap, markupOf, plain, title } from '../../../core/events/read/text';
import { iso } from '../../../core/events/read/time';

describe('text', () => {
	it.each([
		['tags go, entities once', '<p>a &amp;lt;b&amp;gt;</p>', 'a &lt;b&gt;'],
		['encoded tags stay text', 'use &lt;b&gt;', 'use <b>'],
		['unknown tags are text', 'Error <unknown> in <module>', 'Error <unknown> in <module>'],
		['comparison is text', 'a < b and c > d', 'a < b and c > d'],
		['blocks are lines', '<div>a</div><div>b<br>c</div>', 'a\n\nb\nc'],
		['lists', '<ul><li>a</li><li>b</li></ul>', '- a\n- b'],
		['scripts and styles vanish', '<style>p{}</style>x<script>alert("<b>")</script>y', 'xy'],
		['comments vanish', 'a<!-- <b>no</b> -->b', 'ab'],
		['carriage returns', 'a\r\nb\rc', 'a\nb\nc'],
		['control characters', 'a\u0000b\u0007c\u2028d', 'abcd'],
		['half a pair', 'a\ud83db', 'a\ufffdb'],
		['an unclosed tag', '<b>a <i', 'a <i'],
	])('%s', (_name, source, expected) => {
		expect(plain(source)).toBe(expected);
	});

	it('caps titles by code points, on one line', () => {
		const long = title('😀'.repeat(300));
		expect(Array.from(long ?? '')).toHaveLength(255);
		expect(long?.endsWith('😀…')).toBe(true);
		expect(title('😀'.repeat(255))).toBe('😀'.repeat(255));
		expect(title('a\n b\t c')).toBe('a b c');
		expect(cap('abc', 3)).toBe('abc');
	});

	it('leaves a text alone that its sender calls plain', () => {
		const log = 'if a <b> c &amp;\r\nthen <i>';
		expect(plain(log, markupOf('text/plain; charset=utf-8'))).toBe('if a <b> c &amp;\nthen <i>');
		expect(plain('a <b>c</b>', markupOf('text/html'))).toBe('a c');
		expect(plain('a <b>c</b>', markupOf(undefined))).toBe('a c');
	});

	it('an id or a name holds nothing that a database refuses', () => {
		expect(str('INC\u0000-1\u0007')).toBe('INC-1');
		expect(str('\u0000')).toBeUndefined();
		expect(str(`${'x'.repeat(5_000)}\u0000`)).toBe('x'.repeat(5_000));
		expect(sanitize({ 'a\u0000': ['x\u0000y', { z: '\ud83d' }] })).toEqual({
			a: ['xy', { z: '\ufffd' }],
		});
	});

	it.each(['', '  ', null, undefined, {}, [], '<p></p>'])('%j is no text', (value) => {
		expect(plain(value)).toBeUndefined();
	});
});

describe('time', () => {
	it.each([
		['2026-03-01 10:15:00', '2026-03-01T10:15:00Z'],
		['2026-03-01T10:15:00+01:00', '2026-03-01T09:15:00Z'],
		['2026-03-01T10:15:00.962+0100', '2026-03-01T09:15:00.962Z'],
		['2026-03-01 10:15:00+08', '2026-03-01T02:15:00Z'],
		['2026-03-01 10:15:00 -03', '2026-03-01T13:15:00Z'],
		['2026-03-01T10:15:00.123456789Z', '2026-03-01T10:15:00.123Z'],
		['2026-03-01', '2026-03-01T00:00:00Z'],
		['2026.03.01 10:15', '2026-03-01T10:15:00Z'],
		['Sun, 01 Mar 2026 10:15:00 +0000', '2026-03-01T10:15:00Z'],
		[1772360100, '2026-03-01T10:15:00Z'],
		['1772360100123', '2026-03-01T10:15:00.123Z'],
		['1772360100123000127', '2026-03-01T10:15:00.123Z'],
		['0001-01-01T00:00:00Z', undefined],
		['1970-01-01T00:00:00Z', undefined],
		['2026-02-31T99:00:00Z', undefined],
		['Mar 1, 2026 02:00 PM', undefined],
		['tomorrow', undefined],
		['', undefined],
		[Number.NaN, undefined],
		[1e300, undefined],
		[{}, undefined],
	])('%j is %s', (value, expected) => {
		expect(iso(value)).toBe(expected);
	});
});

describe('people', () => {
	it.each([
		null,
		undefined,
		'',
		'-',
		'0',
		0,
		'Nobody',
		'No Agent',
		'root@localhost',
		'*UNKNOWN*',
		'{EVENT.USER}',
		'##ticket.tech##',
		{},
		{ id: '0', name: '' },
		[],
	])('%j is nobody', (value) => {
		expect(personOf(value)).toBeUndefined();
	});

	it.each([
		['mia', 'mia'],
		['mia@acme.example', { email: 'mia@acme.example' }],
		['Mia K <mia@acme.example>', { email: 'mia@acme.example', name: 'Mia K' }],
		[7, '7'],
		[
			{ id: 7, emailAddress: 'a@b.example', displayName: 'A' },
			{ id: '7', email: 'a@b.example', name: 'A' },
		],
	])('%j', (value, expected) => {
		expect(personOf(value)).toEqual(expected);
	});

	it('reads lists', () => {
		expect(peopleOf('a@x.example; nobody, b')).toEqual([{ email: 'a@x.example' }, 'b']);
		expect(peopleOf([])).toBeUndefined();
		expect(who('x'.repeat(5000))?.length).toBe(320);
	});
});
