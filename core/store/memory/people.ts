import { preferenceKeys } from '../keys';
import { deepFreeze, plainCopy } from '../plain';
import type {
	Presence,
	PresenceRepository,
	PreferenceRepository,
	StoredPreference,
} from '../types';
import { searchText } from '../search';
import type { MemoryContext } from './context';

/** A row of the caller's own around the frozen document. */
const given = (row: StoredPreference): StoredPreference => ({ ...row });

export class MemoryPreferences implements PreferenceRepository {
	constructor(private readonly context: MemoryContext) {}

	async put(rows: readonly StoredPreference[]): Promise<void> {
		const { preferences } = this.context.state;
		return this.context.step(() =>
			rows.forEach((row) => preferences.set(deepFreeze(plainCopy(row)))),
		);
	}

	async get(userIds: readonly string[]): Promise<StoredPreference[]> {
		const { preferences } = this.context.state;
		return this.context.step(() => preferences.pick(userIds).map(given));
	}

	async find(keys: readonly string[]): Promise<Array<StoredPreference & { key: string }>> {
		const { preferences } = this.context.state;
		const wanted = [...new Set(keys.map((key) => key.toLowerCase()))];
		return this.context.step(() =>
			wanted.flatMap((key) => preferences.by('key', key).map((row) => ({ ...row, key }))),
		);
	}

	async list(options: {
		limit: number;
		offset?: number;
		search?: string;
	}): Promise<StoredPreference[]> {
		const { preferences } = this.context.state;
		const offset = options.offset ?? 0;
		const search = options.search?.trim().toLowerCase() ?? '';
		return this.context.step(() => {
			const rows = [...preferences.values()]
				.filter((row) => search === '' || searchText(preferenceKeys(row.document)).includes(search))
				.sort((a, b) => (a.user_id < b.user_id ? -1 : 1));
			return rows.slice(offset, offset + options.limit).map(given);
		});
	}

	async delete(userIds: readonly string[]): Promise<number> {
		const { preferences } = this.context.state;
		return this.context.step(() => userIds.filter((id) => preferences.delete(id)).length);
	}
}

export class MemoryPresence implements PresenceRepository {
	constructor(private readonly context: MemoryContext) {}

	async put(rows: readonly Presence[]): Promise<void> {
		const { presence } = this.context.state;
		return this.context.step(() => rows.forEach((row) => presence.set(plainCopy(row))));
	}

	async get(userIds: readonly string[]): Promise<Presence[]> {
		const { presence } = this.context.state;
		return this.context.step(() => plainCopy(presence.pick(userIds)));
	}
}
