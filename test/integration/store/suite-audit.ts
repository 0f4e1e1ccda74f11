import { describe, expect, test } from '@jest/globals';
import type { AuditRecord } from '../../../core/store/types';
import type { Open } from './suite';
import { at } from './rows';

const record = (seconds: number, more: Partial<AuditRecord> = {}): AuditRecord => ({
	at: at(seconds),
	actor: 'ann',
	action: 'acknowledge',
	subject: 'jira:42',
	details: { from: 'slack', nested: { list: [1, '中'] } },
	...more,
});

export function auditSuite(open: Open): void {
	describe('audit', () => {
		test('append numbers and links; list is newest first, with filters', async () => {
			const { audit } = await open();
			await audit.append([]);
			await audit.append([record(0), record(1, { action: 'resolve' })]);
			await audit.append([record(2, { subject: 'jira:7' })]);
			const rows = await audit.list({});
			expect(rows.map((row) => row.seq)).toEqual([3, 2, 1]);
			const { seq, hash, ...plain } = rows[2];
			expect(seq).toBe(1);
			expect(plain).toEqual(record(0));
			expect(hash).toMatch(/^[0-9a-f]{64}$/);
			const seqs = async (filter: Parameters<typeof audit.list>[0]) =>
				(await audit.list(filter)).map((row) => row.seq);
			expect(await seqs({ subject: 'jira:42' })).toEqual([2, 1]);
			expect(await seqs({ action: 'resolve' })).toEqual([2]);
			expect(await seqs({ since: at(1) })).toEqual([3, 2]);
			expect(await seqs({ limit: 1, offset: 1 })).toEqual([2]);
		});

		test('the chain is whole, also with values that JSON drops and many appends at once', async () => {
			const { audit } = await open();
			expect(await audit.verify()).toBeUndefined();
			const odd = { none: undefined, when: new Date(0), list: [undefined] } as never;
			await audit.append([record(0, { details: odd })]);
			await Promise.all(Array.from({ length: 12 }, (_, i) => audit.append([record(i)])));
			const rows = await audit.list({ limit: 99 });
			expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 13 }, (_, i) => 13 - i));
			expect(await audit.verify()).toBeUndefined();
		});
	});
}
