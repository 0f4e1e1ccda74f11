import { DEFAULT_POLICY_ID } from '../rules';
import type { DocumentRepository, PolicyRepository, StoredDocument } from '../types';
import { lastByKey } from './batch';
import type { Db, Handle } from './handle';
import { templateCodec } from './schema';
import { sharedDocument } from './shared-document';
import { upsert } from './upsert';

export class SqlDocuments implements DocumentRepository {
	constructor(private readonly handle: Handle) {}

	async put(rows: readonly StoredDocument[]): Promise<void> {
		const last = lastByKey(rows, (row) => `${row.id}\n${row.language}`);
		await this.handle.write((db) =>
			upsert(
				db,
				'templates',
				['id', 'language'],
				last.map((row) => templateCodec.encode(row)),
			),
		);
	}

	async get(id: string, language?: string): Promise<StoredDocument | undefined> {
		const row = await this.handle.read((db) =>
			db
				.selectFrom('templates')
				.selectAll()
				.where('id', '=', id)
				.$if(language !== undefined, (query) => query.where('language', '=', language ?? ''))
				.orderBy('language')
				.limit(1)
				.executeTakeFirst(),
		);
		return row && templateCodec.decode(row);
	}

	async list(options: { limit?: number; offset?: number } = {}): Promise<StoredDocument[]> {
		const { limit = Number.MAX_SAFE_INTEGER, offset = 0 } = options;
		const rows = await this.handle.read((db) =>
			db
				.selectFrom('templates')
				.selectAll()
				.orderBy('updated_at', 'desc')
				.orderBy('id')
				.orderBy('language')
				.limit(limit)
				.offset(offset)
				.execute(),
		);
		return rows.map((row) => templateCodec.decode(row));
	}

	async delete(id: string, language?: string): Promise<number> {
		const gone = await this.handle.write((db) =>
			db
				.deleteFrom('templates')
				.where('id', '=', id)
				.$if(language !== undefined, (query) => query.where('language', '=', language ?? ''))
				.returning('id')
				.execute(),
		);
		return gone.length;
	}
}

const CURRENT = 'current_policy';

export class SqlPolicies implements PolicyRepository {
	constructor(private readonly handle: Handle) {}

	async get(id?: string): Promise<{ id: string; document: Record<string, unknown> } | undefined> {
		return this.handle.read(async (db) => {
			const wanted = id ?? (await currentId(db)) ?? DEFAULT_POLICY_ID;
			const row = await db
				.selectFrom('policies')
				.select('document')
				.where('id', '=', wanted)
				.executeTakeFirst();
			if (row) return { id: wanted, document: sharedDocument(row.document) };
			return wanted === DEFAULT_POLICY_ID ? { id: wanted, document: {} } : undefined;
		});
	}

	async put(id: string, document: Record<string, unknown>, now: string): Promise<void> {
		await this.handle.write(async (db) => {
			const row = { id, document: JSON.stringify(document), saved_at: now };
			await upsert(db, 'policies', ['id'], [row]);
			await upsert(db, 'meta', ['key'], [{ key: CURRENT, value: id }]);
		});
	}

	async keep(id: string, document: Record<string, unknown>, now: string): Promise<void> {
		await this.handle.write((db) =>
			db
				.insertInto('policies')
				.values({ id, document: JSON.stringify(document), saved_at: now })
				.onConflict((oc) => oc.doNothing())
				.execute(),
		);
	}
}

async function currentId(db: Db): Promise<string | undefined> {
	const row = await db
		.selectFrom('meta')
		.select('value')
		.where('key', '=', CURRENT)
		.executeTakeFirst();
	return row?.value;
}
