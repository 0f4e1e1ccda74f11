/** What came of a step that may fail. */
export type Attempt<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** Runs a step and keeps its error as a value. */
export function attempt<T>(work: () => T): Attempt<T> {
	try {
		return { ok: true, value: work() };
	} catch (error) {
		return { ok: false, error };
	}
}

/** Like attempt, for a step that takes time. */
export async function attemptAsync<T>(work: () => Promise<T>): Promise<Attempt<T>> {
	try {
		return { ok: true, value: await work() };
	} catch (error) {
		return { ok: false, error };
	}
}
