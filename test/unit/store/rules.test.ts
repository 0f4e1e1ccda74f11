import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { intakeOrder } from '../../../core/store/intake-order';
import { DueIndex } from '../../../core/store/memory/due-index';
import { KeyIndex } from '../../../core/store/memory/key-index';
import { plainCopy } from '../../../core/store/plain';
import { instantOf } from '../../../core/store/rules';

describe('intakeOrder', () => {
	const queues = fc.array(fc.record({ ticket: fc.nat(4), urgent: fc.boolean() }), {
		maxLength: 30,
	});
	const rowsOf = (queue: Array<{ ticket: number; urgent: boolean }>) =>
		queue.map(({ ticket, urgent }, i) => ({
			id: `${i}`,
			seq: i + 1,
			ticket_key: `t${ticket}`,
			urgent,
		}));

	test('is a prefix of the whole order, keeps tickets in order, and no urgent one waits behind a plain one', () => {
		fc.assert(
			fc.property(queues, fc.integer({ min: 0, max: 30 }), (queue, limit) => {
				const rows = rowsOf(queue);
				const all = intakeOrder(rows, rows.length);
				expect(all).toHaveLength(rows.length);
				expect(intakeOrder([...rows].reverse(), limit)).toEqual(all.slice(0, limit));
				for (const row of all) {
					const behind = all.slice(all.indexOf(row) + 1);
					const same = behind.filter((other) => other.ticket_key === row.ticket_key);
					expect(same.every((other) => other.seq > row.seq)).toBe(true);
					// A row that no urgent one of its ticket follows goes after all urgent ones.
					const lifted = row.urgent || same.some((other) => other.urgent);
					if (!lifted) expect(behind.some((other) => other.urgent)).toBe(false);
				}
			}),
		);
	});

	test('urgentOnly is the urgent part of the order', () => {
		fc.assert(
			fc.property(queues, (queue) => {
				const rows = rowsOf(queue);
				const urgent = intakeOrder(rows, 99, true);
				expect(intakeOrder(rows, urgent.length)).toEqual(urgent);
				expect(urgent.filter((row) => row.urgent)).toHaveLength(
					rows.filter((row) => row.urgent).length,
				);
			}),
		);
	});
});

describe('DueIndex', () => {
	test('answers as a sorted list does, whatever is set, moved and taken away', () => {
		const steps = fc.array(fc.record({ key: fc.nat(6), at: fc.option(fc.nat(9), { freq: 4 }) }), {
			maxLength: 200,
		});
		fc.assert(
			fc.property(steps, fc.nat(9), fc.integer({ min: 1, max: 8 }), (changes, now, limit) => {
				const index = new DueIndex();
				const model = new Map<string, string>();
				for (const { key, at } of changes) {
					index.set(`k${key}`, at === null ? null : `${at}`);
					if (at === null) model.delete(`k${key}`);
					else model.set(`k${key}`, `${at}`);
					index.first();
				}
				const sorted = [...model].sort((a, b) => (a[1] + a[0] < b[1] + b[0] ? -1 : 1));
				expect(index.first()).toBe(sorted[0]?.[1]);
				const due = sorted.filter(([, at]) => at <= `${now}`).map(([key]) => key);
				for (let round = 0; round < 2; round++) {
					const found: string[] = [];
					index.upTo(`${now}`, (key) => found.push(key) < limit);
					expect(found).toEqual(due.slice(0, limit));
				}
			}),
		);
	});
});

test('KeyIndex: one, many, none', () => {
	const index = new KeyIndex();
	index.add('v', 'a');
	index.add('v', 'a');
	index.add('v', 'b');
	index.remove('w', 'a');
	expect([...index.keys('v')].sort()).toEqual(['a', 'b']);
	index.remove('v', 'a');
	index.remove('v', 'b');
	expect(index.has('v')).toBe(false);
	expect([...index.keys('v')]).toEqual([]);
});

test('plainCopy gives what JSON gives', () => {
	fc.assert(
		fc.property(fc.object({ withDate: true, withNullPrototype: true }), (value) => {
			expect(plainCopy(value)).toEqual(JSON.parse(JSON.stringify(value)));
		}),
	);
	const hostile = JSON.parse('{"__proto__": {"polluted": true}}');
	const copy = plainCopy(hostile);
	expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":true}}');
	expect((copy as { polluted?: boolean }).polluted).toBeUndefined();
});

test('instants of events sort by time, however they are written', () => {
	const written = ['2027-03-13T08:00:00.5+08:00', '2027-03-13T00:00:00Z', '2027-03-13T00:00:01Z'];
	const sorted = written.map((updated_at) => instantOf({ updated_at })).sort();
	expect(sorted).toEqual([
		'2027-03-13T00:00:00.000Z',
		'2027-03-13T00:00:00.500Z',
		'2027-03-13T00:00:01.000Z',
	]);
	expect(instantOf({ updated_at: 'no date' })).toBe('no date');
});
