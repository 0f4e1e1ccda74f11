/** Queues side by side, so many at a time: each lane works off one after the other. */
export class Lanes {
	private alive = 0;

	/** `work` is called once per lane, with the entries of its queues as they come. */
	async run<T>(
		queues: ReadonlyArray<readonly T[]>,
		width: number,
		work: (mine: Iterable<T>) => Promise<void>,
	): Promise<void> {
		// One iterator for all: a queue goes to the lane that asks next.
		const waiting = queues.values();
		const lane = async (): Promise<void> => {
			try {
				await work(entries(waiting));
			} finally {
				this.alive--;
			}
		};
		this.alive = Math.min(Math.max(width, 1), queues.length);
		await Promise.all(Array.from({ length: this.alive }, lane));
	}

	/** Where so many wait for the same, no other lane is left that could join them. */
	areAll(waiting: number): boolean {
		return waiting >= this.alive;
	}
}

function* entries<T>(queues: IterableIterator<readonly T[]>): Generator<T> {
	for (const queue of queues) yield* queue;
}
