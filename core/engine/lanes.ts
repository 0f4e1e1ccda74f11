/** Work side by side, so many at a time, that knows how many of them are still going. */
export class Lanes {
	private alive = 0;

	async run<T>(
		items: readonly T[],
		width: number,
		work: (item: T) => Promise<void>,
	): Promise<void> {
		let next = 0;
		const lane = async (): Promise<void> => {
			try {
				while (next < items.length) await work(items[next++]);
			} finally {
				this.alive--;
			}
		};
		this.alive = Math.min(Math.max(width, 1), items.length);
		await Promise.all(Array.from({ length: this.alive }, lane));
	}

	/** Where so many wait for the same, no other lane is left that could join them. */
	readonly areAllOf = (waiting: number): boolean => waiting >= this.alive;
}
