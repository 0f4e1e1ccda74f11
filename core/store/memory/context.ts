import type { MemoryState } from './state';

/** What a repository works on: the tables, and the way to one uninterrupted step on them. */
export interface MemoryContext {
	state: MemoryState;
	step<T>(work: () => T): Promise<T>;
}
