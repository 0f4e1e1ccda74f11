import { deepFreeze, plainCopy } from '../plain';
import { DEFAULT_POLICY_ID } from '../rules';
import type { DocumentRepository, PolicyRepository, StoredDocument } from '../types';
import type { MemoryContext } from './context';
import { documentKey } from './state';

export class MemoryDocuments implements DocumentRepository {
	constructor(private readonly context: MemoryContext) {}

	async put(rows: readonly StoredDocument[]): Promise<void> {
		const { templates } = this.context.state;
		return this.context.step(() =>
			rows.forEach((row) => templates.set(deepFreeze(plainCopy(row)))),
		);
	}

	async get(id: string, language?: string): Promise<StoredDocument | undefined> {
		const { templates } = this.context.state;
		return this.context.step(() => {
			const row =
				language === undefined
					? templates.by('id', id).sort(byLanguage)[0]
					: templates.get(documentKey(id, language));
			return row && { ...row };
		});
	}

	async list(options: { limit?: number; offset?: number } = {}): Promise<StoredDocument[]> {
		const { templates } = this.context.state;
		const { offset = 0, limit = Infinity } = options;
		return this.context.step(() =>
			[...templates.values()]
				.sort(newestFirst)
				.slice(offset, offset + limit)
				.map((row) => ({ ...row })),
		);
	}

	async delete(id: string, language?: string): Promise<number> {
		const { templates } = this.context.state;
		return this.context.step(
			() =>
				templates
					.by('id', id)
					.filter((row) => language === undefined || row.language === language)
					.filter((row) => templates.delete(documentKey(row.id, row.language))).length,
		);
	}
}

const byLanguage = (a: StoredDocument, b: StoredDocument): number =>
	a.language < b.language ? -1 : 1;

const newestFirst = (a: StoredDocument, b: StoredDocument): number =>
	a.updated_at !== b.updated_at
		? a.updated_at > b.updated_at
			? -1
			: 1
		: a.id !== b.id
			? a.id < b.id
				? -1
				: 1
			: byLanguage(a, b);

export class MemoryPolicies implements PolicyRepository {
	constructor(private readonly context: MemoryContext) {}

	/** A policy never changes under its id: all readers share one frozen document. */
	async get(id?: string): Promise<{ id: string; document: Record<string, unknown> } | undefined> {
		const { state } = this.context;
		return this.context.step(() => {
			const wanted = id ?? state.currentPolicy ?? DEFAULT_POLICY_ID;
			const row = state.policies.get(wanted);
			if (row) return { id: row.id, document: row.document };
			return wanted === DEFAULT_POLICY_ID ? { id: wanted, document: {} } : undefined;
		});
	}

	async put(id: string, document: Record<string, unknown>): Promise<void> {
		const { state } = this.context;
		return this.context.step(() => {
			const before = state.currentPolicy;
			state.journal.note(() => (state.currentPolicy = before));
			state.policies.set({ id, document: deepFreeze(plainCopy(document)) });
			state.currentPolicy = id;
		});
	}

	async keep(id: string, document: Record<string, unknown>): Promise<void> {
		const { policies } = this.context.state;
		return this.context.step(() => {
			if (!policies.get(id)) policies.set({ id, document: deepFreeze(plainCopy(document)) });
		});
	}
}
