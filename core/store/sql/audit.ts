import { chain, GENESIS, isWhole, type ChainHead } from '../audit-chain';
import { DEFAULT_LIMIT } from '../rules';
import type { AuditRecord, AuditRepository } from '../types';
import { chunks } from './batch';
import type { Db, Handle } from './handle';
import { auditCodec } from './schema';
import { upsert } from './upsert';

const HEAD = 'audit_head';
const PAGE = 1000;

export class SqlAudit implements AuditRepository {
	constructor(private readonly handle: Handle) {}

	async append(records: readonly AuditRecord[]): Promise<void> {
		if (records.length === 0) return;
		await this.handle.write(
			async (db) => {
				// As it will be read: a value that JSON drops must not be in the hash.
				const plain = JSON.parse(JSON.stringify(records)) as AuditRecord[];
				const linked = chain(await readHead(db), plain);
				for (const part of chunks(linked, 12)) {
					await db
						.insertInto('audit')
						.values(part.map((row) => auditCodec.encode(row)))
						.execute();
				}
				const { seq, hash } = linked[linked.length - 1];
				await upsert(db, 'meta', ['key'], [{ key: HEAD, value: JSON.stringify({ seq, hash }) }]);
			},
			['audit'],
		);
	}

	async list(filter: {
		subject?: string;
		action?: string;
		since?: string;
		limit?: number;
		offset?: number;
	}): Promise<Array<AuditRecord & { seq: number; hash: string }>> {
		const { subject, action, since, limit = DEFAULT_LIMIT, offset = 0 } = filter;
		const rows = await this.handle.read((db) => {
			let query = db.selectFrom('audit').selectAll();
			if (subject !== undefined) query = query.where('subject', '=', subject);
			if (action !== undefined) query = query.where('action', '=', action);
			if (since !== undefined) query = query.where('at', '>=', since);
			return query.orderBy('seq', 'desc').limit(limit).offset(offset).execute();
		});
		return rows.map((row) => {
			const { seq, at, actor, subject: about, details, hash } = auditCodec.decode(row);
			return { seq, at, actor, action: row.action, subject: about, details, hash };
		});
	}

	/** One transaction, so that a record appended meanwhile is no broken end. */
	async verify(): Promise<number | undefined> {
		return this.handle.write(verifyChain, ['audit']);
	}
}

async function readHead(db: Db): Promise<ChainHead> {
	const row = await db
		.selectFrom('meta')
		.select('value')
		.where('key', '=', HEAD)
		.executeTakeFirst();
	return row ? JSON.parse(row.value) : { seq: 0, hash: GENESIS };
}

async function verifyChain(db: Db): Promise<number | undefined> {
	const last = await readHead(db);
	let head: ChainHead = { seq: 0, hash: GENESIS };
	for (;;) {
		const page = await db
			.selectFrom('audit')
			.selectAll()
			.where('seq', '>', head.seq)
			.orderBy('seq')
			.limit(PAGE)
			.execute();
		for (const row of page) {
			const record = auditCodec.decode(row);
			if (!isWhole(head, record)) return head.seq + 1;
			head = record;
		}
		if (page.length < PAGE) break;
	}
	// Records cut off at the end leave a chain that is whole, but shorter than it was.
	return head.hash === last.hash ? undefined : head.seq + 1;
}
