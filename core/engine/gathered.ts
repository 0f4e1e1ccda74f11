interface Waiting<T, R> {
	item: T;
	resolve(result: R): void;
	reject(error: unknown): void;
}

/**
 * One write for all that comes while another is under way: each caller waits for its own item, and many small
 * transactions become few. `write` answers in the order of its items.
 */
export function gathered<T, R>(write: (items: T[]) => Promise<R[]>): (item: T) => Promise<R> {
	let waiting: Array<Waiting<T, R>> = [];
	let running = false;
	const flush = async (): Promise<void> => {
		// What is asked for in the same moment goes together.
		await Promise.resolve();
		while (waiting.length > 0) {
			const batch = waiting;
			waiting = [];
			try {
				const results = await write(batch.map(({ item }) => item));
				batch.forEach(({ resolve }, index) => resolve(results[index]));
			} catch (error) {
				batch.forEach(({ reject }) => reject(error));
			}
		}
		running = false;
	};
	return (item) =>
		new Promise((resolve, reject) => {
			waiting.push({ item, resolve, reject });
			if (running) return;
			running = true;
			void flush();
		});
}
