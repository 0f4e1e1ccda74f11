import type { IntakeRow } from '../store/types';

/** Leased rows that rest before their next try; their lease is renewed meanwhile. */
export class Resting {
	private readonly ends = new Set<() => void>();

	constructor(
		private readonly renewMs: number,
		private readonly renew: (ids: readonly string[]) => void,
	) {}

	add(rows: readonly IntakeRow[], pauseMs: number, over: () => void): void {
		const ids = rows.map((row) => row.id);
		const renewal = setInterval(() => this.renew(ids), this.renewMs);
		const end = (): void => {
			clearInterval(renewal);
			clearTimeout(timer);
			this.ends.delete(end);
		};
		const timer = setTimeout(() => {
			end();
			over();
		}, pauseMs);
		this.ends.add(end);
	}

	/** Nobody is woken any more. */
	stop(): void {
		for (const end of [...this.ends]) end();
	}
}

/** Rows by how often they were tried. */
export function byAttempts(rows: readonly IntakeRow[]): Map<number, IntakeRow[]> {
	const groups = new Map<number, IntakeRow[]>();
	for (const row of rows) groups.set(row.attempts, [...(groups.get(row.attempts) ?? []), row]);
	return groups;
}
