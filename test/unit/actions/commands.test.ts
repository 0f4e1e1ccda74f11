import fc from 'fast-check';
import { readCommand, readUntil } from '../../../core/actions/index.ts';

const NOW = new Date('2027-03-13T09:00:00Z');
const read = (text: string, zone = 'UTC') => readCommand(text, { now: NOW, zone });

// RI4: extra spaces, other case, full-width digits, Chinese words, no number.
it.each([
	['ack 42', { action: 'acknowledge', ticket: '42' }],
	['  ACK   42 ', { action: 'acknowledge', ticket: '42' }],
	['ack ４２', { action: 'acknowledge', ticket: '42' }],
	['Ａｃｋ INC0010023', { action: 'acknowledge', ticket: 'INC0010023' }],
	['/itsm ack #42', { action: 'acknowledge', ticket: '42' }],
	['/ack INC-42.', { action: 'acknowledge', ticket: 'INC-42' }],
	['ack', { action: 'acknowledge' }],
	['ack please', { action: 'acknowledge' }],
	['确认42', { action: 'acknowledge', ticket: '42' }],
	['确认接收 INC-1', { action: 'acknowledge', ticket: 'INC-1' }],
	['收到', { action: 'acknowledge' }],
	['resolve 42 replaced the fan', { action: 'resolve', ticket: '42', text: 'replaced the fan' }],
	['解决 42：已更换风扇', { action: 'resolve', ticket: '42', text: '已更换风扇' }],
	['comment 42: on my way', { action: 'comment', ticket: '42', text: 'on my way' }],
	['comment works again', { action: 'comment', text: 'works again' }],
	['comment 42', { action: 'comment', ticket: '42', problem: 'needs_text' }],
	['评论 INC-7 打印机已恢复', { action: 'comment', ticket: 'INC-7', text: '打印机已恢复' }],
	['status INC-7', { action: 'status', ticket: 'INC-7' }],
	['状态', { action: 'status' }],
	['escalate 42', { action: 'escalate', ticket: '42' }],
	['升级42', { action: 'escalate', ticket: '42' }],
	['mute 42 for 2h', { action: 'mute', ticket: '42', until: '2027-03-13T11:00:00.000Z' }],
	['mute 42 until 18:00', { action: 'mute', ticket: '42', until: '2027-03-13T18:00:00.000Z' }],
	['静音 42 至 18:00', { action: 'mute', ticket: '42', until: '2027-03-13T18:00:00.000Z' }],
	['静音 2小时', { action: 'mute', until: '2027-03-13T11:00:00.000Z' }],
	['mute 42', { action: 'mute', ticket: '42', problem: 'needs_until' }],
	['unmute 42', { action: 'unmute', ticket: '42' }],
	['取消静音', { action: 'unmute' }],
	['help', { action: 'help' }],
	['帮助', { action: 'help' }],
	['acknowledgement of the terms', { action: 'unknown' }],
	['ack because nobody else looked at this', { action: 'unknown' }],
	['hello', { action: 'unknown' }],
	['', { action: 'unknown' }],
])('%j', (text, expected) => {
	expect(read(text)).toEqual(expected);
});

describe('until, in the zone of the reader', () => {
	it.each([
		['18:00', 'Asia/Shanghai', '2027-03-13T10:00:00.000Z'],
		// 17:00 in Shanghai has just begun: the next one is tomorrow.
		['17:00', 'Asia/Shanghai', '2027-03-14T09:00:00.000Z'],
		['明天9点', 'Asia/Shanghai', '2027-03-14T01:00:00.000Z'],
		['tomorrow', 'UTC', '2027-03-14T09:00:00.000Z'],
		['30m', 'UTC', '2027-03-13T09:30:00.000Z'],
		['2027-03-20', 'UTC', '2027-03-20T00:00:00.000Z'],
		['2027-03-13 12:30', 'Europe/Berlin', '2027-03-13T11:30:00.000Z'],
	])('%s in %s', (text, zone, expected) => {
		expect(readUntil(text, { now: NOW, zone })).toBe(expected);
	});

	it('nothing that is past, too far away or no time', () => {
		for (const text of ['today 8:00', '2027-03-12', '2199-01-01', '90d', '25:00', 'soon', ''])
			expect([text, readUntil(text, { now: NOW, zone: 'UTC' })]).toEqual([text, undefined]);
	});

	it('a zone that nobody knows is UTC', () => {
		expect(readUntil('18:00', { now: NOW, zone: 'CST6' })).toBe('2027-03-13T18:00:00.000Z');
	});
});

it('never throws, and what it says until is ahead', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.constantFrom('mute ', '静音 ', 'ack ').chain((w) => fc.string().map((s) => w + s)),
			),
			(text) => {
				const { until } = read(text, 'Asia/Shanghai');
				if (until) expect(Date.parse(until)).toBeGreaterThan(NOW.getTime());
			},
		),
	);
});
