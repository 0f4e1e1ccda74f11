import { chain, GENESIS, isWhole } from '../audit-chain';
import { plainCopy } from '../plain';
import { DEFAULT_LIMIT } from '../rules';
import type { AuditRecord, AuditRepository } from '../types';
import type { MemoryContext } from './context';

export class MemoryAudit implements AuditRepository {
	constructor(private readonly context: MemoryContext) {}

	async append(records: readonly AuditRecord[]): Promise<void> {
		const { state } = this.context;
		return this.context.step(() => {
			const length = state.audit.length;
			state.journal.note(() => (state.audit.length = length));
			const head = state.audit[length - 1] ?? { seq: 0, hash: GENESIS };
			state.audit.push(...chain(head, plainCopy([...records])));
		});
	}

	async list(filter: {
		subject?: string;
		action?: string;
		since?: string;
		limit?: number;
		offset?: number;
	}): Promise<Array<AuditRecord & { seq: number; hash: string }>> {
		const { audit } = this.context.state;
		const { subject, action, since, limit = DEFAULT_LIMIT, offset = 0 } = filter;
		return this.context.step(() =>
			audit
				.filter(
					(row) =>
						(subject === undefined || row.subject === subject) &&
						(action === undefined || row.action === action) &&
						(since === undefined || row.at >= since),
				)
				.reverse()
				.slice(offset, offset + limit)
				.map((row) =>
					plainCopy({
						seq: row.seq,
						at: row.at,
						actor: row.actor,
						action: row.action,
						subject: row.subject,
						details: row.details,
						hash: row.hash,
					}),
				),
		);
	}

	async verify(): Promise<number | undefined> {
		const { audit } = this.context.state;
		return this.context.step(() => {
			let head = { seq: 0, hash: GENESIS };
			for (const record of audit) {
				if (!isWhole(head, record)) return head.seq + 1;
				head = record;
			}
			return undefined;
		});
	}
}
