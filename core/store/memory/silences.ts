import { plainCopy } from '../plain';
import { DEFAULT_LIMIT } from '../rules';
import type { SilenceRepository, StoredSilence } from '../types';
import type { MemoryContext } from './context';

export class MemorySilences implements SilenceRepository {
	constructor(private readonly context: MemoryContext) {}

	async put(silence: StoredSilence): Promise<void> {
		const { silences } = this.context.state;
		return this.context.step(() => {
			const endedAt = silences.get(silence.id)?.ended_at ?? silence.ended_at ?? null;
			silences.set(plainCopy({ ...silence, ended_at: endedAt }));
		});
	}

	async get(id: string): Promise<StoredSilence | undefined> {
		const { silences } = this.context.state;
		return this.context.step(() => plainCopy(silences.get(id)));
	}

	async active(now: string): Promise<StoredSilence[]> {
		const { silences } = this.context.state;
		return this.context.step(() =>
			plainCopy(
				[...silences.values()]
					.filter((row) => !row.ended_at && row.starts_at <= now && now < row.ends_at)
					.sort(byStart),
			),
		);
	}

	async list(options: { limit?: number; offset?: number } = {}): Promise<StoredSilence[]> {
		const { silences } = this.context.state;
		const { offset = 0, limit = DEFAULT_LIMIT } = options;
		return this.context.step(() =>
			plainCopy(
				[...silences.values()]
					.sort(byStart)
					.reverse()
					.slice(offset, offset + limit),
			),
		);
	}

	async end(id: string, now: string): Promise<boolean> {
		const { silences } = this.context.state;
		return this.context.step(() => {
			const row = silences.get(id);
			if (!row || row.ended_at || row.ends_at <= now) return false;
			silences.set({ ...row, ended_at: now, updated_at: now });
			return true;
		});
	}
}

const byStart = (a: StoredSilence, b: StoredSilence): number =>
	a.starts_at !== b.starts_at ? (a.starts_at < b.starts_at ? -1 : 1) : a.id < b.id ? -1 : 1;
