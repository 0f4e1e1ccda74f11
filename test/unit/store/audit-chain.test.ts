import { expect, test } from '@jest/globals';
import { chain, GENESIS, isWhole, type ChainedRecord } from '../../../core/store/audit-chain';

const record = {
	at: '2027-03-13T00:00:00.000Z',
	actor: 'ann',
	action: 'acknowledge',
	subject: 'jira:42',
	details: { b: [1, { y: 2, x: 1 }], a: 'text' },
};
const start = { seq: 0, hash: GENESIS };

test('whole in order, also with keys of details in another order', () => {
	const [one, two] = chain(start, [record, record]);
	expect(isWhole(start, one)).toBe(true);
	expect(isWhole(one, { ...two, details: { a: 'text', b: [1, { x: 1, y: 2 }] } })).toBe(true);
	expect(isWhole(start, two)).toBe(false);
	expect(two.prev_hash).toBe(one.hash);
});

test.each(Object.keys(chain(start, [record])[0]))('a change of %s is found', (name) => {
	const [one] = chain(start, [record]);
	const before = one[name as keyof ChainedRecord];
	const after = typeof before === 'number' ? before + 1 : name === 'details' ? {} : `${before}0`;
	expect(isWhole(start, { ...one, [name]: after })).toBe(false);
});

test('equal records have different hashes: a value cannot be guessed from its hash', () => {
	const [one] = chain(start, [record]);
	const [other] = chain(start, [record]);
	for (const name of ['actor_hash', 'subject_hash', 'details_hash', 'hash'] as const) {
		expect(one[name]).not.toBe(other[name]);
	}
});
