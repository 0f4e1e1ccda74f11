import { createHash, createHmac, randomBytes } from 'node:crypto';

import type { AuditRecord } from './types';

/** The hash that stands before the first record. */
export const GENESIS = '0'.repeat(64);

/** A record as it is kept: beside its values their keyed hashes, over which the chain goes. */
export interface ChainedRecord extends AuditRecord {
	seq: number;
	/** Key of this record's value hashes. Without it an erased value cannot be guessed from its hash. */
	hash_key: string;
	actor_hash: string;
	subject_hash: string;
	details_hash: string;
	prev_hash: string;
	hash: string;
}

export interface ChainHead {
	seq: number;
	hash: string;
}

/** Links records to a chain. */
export function chain(head: ChainHead, records: readonly AuditRecord[]): ChainedRecord[] {
	let { seq, hash: prev } = head;
	return records.map((record) => {
		const hashKey = randomBytes(32).toString('hex');
		const values = valueHashes(hashKey, record);
		seq++;
		const hash = recordHash(prev, seq, record, values);
		const linked = { ...record, seq, hash_key: hashKey, ...values, prev_hash: prev, hash };
		prev = hash;
		return linked;
	});
}

/** True where the record follows `head` and nothing of it was changed. */
export function isWhole(head: ChainHead, record: ChainedRecord): boolean {
	if (record.seq !== head.seq + 1 || record.prev_hash !== head.hash) return false;
	const values = valueHashes(record.hash_key, record);
	return (
		values.actor_hash === record.actor_hash &&
		values.subject_hash === record.subject_hash &&
		values.details_hash === record.details_hash &&
		recordHash(head.hash, record.seq, record, values) === record.hash
	);
}

type ValueHashes = Pick<ChainedRecord, 'actor_hash' | 'subject_hash' | 'details_hash'>;

function valueHashes(key: string, record: AuditRecord): ValueHashes {
	const keyed = (value: unknown): string =>
		createHmac('sha256', key).update(canonical(value)).digest('hex');
	return {
		actor_hash: keyed(record.actor),
		subject_hash: keyed(record.subject),
		details_hash: keyed(record.details),
	};
}

function recordHash(prev: string, seq: number, record: AuditRecord, values: ValueHashes): string {
	const { at, action } = record;
	const text = canonical({
		seq,
		at,
		action,
		actor: values.actor_hash,
		subject: values.subject_hash,
		details: values.details_hash,
	});
	return createHash('sha256').update(`${prev}\n${text}`).digest('hex');
}

/** JSON with sorted keys: the same text for the same value on every backend. */
export function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (typeof value === 'object' && value !== null) {
		const parts = Object.entries(value)
			.filter(([, entry]) => entry !== undefined)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`);
		return `{${parts.join(',')}}`;
	}
	return JSON.stringify(value) ?? 'null';
}
