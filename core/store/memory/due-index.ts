interface Entry {
	at: string;
	key: string;
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.key < b.key);

/** Keys by instant: a heap whose outdated entries are dropped when they come up. */
export class DueIndex {
	private heap: Entry[] = [];
	private readonly current = new Map<string, string>();

	set(key: string, at: string | null | undefined): void {
		const known = this.current.get(key);
		if (at === known) return;
		if (at === null || at === undefined) {
			this.current.delete(key);
			return;
		}
		this.current.set(key, at);
		this.push({ at, key });
		if (this.heap.length > 2 * this.current.size + 64) this.rebuild();
	}

	/** The earliest instant. */
	first(): string | undefined {
		this.dropOutdated();
		return this.heap[0]?.at;
	}

	/** Keys due at or before an instant, earliest first; `visit` returns false to stop. */
	upTo(at: string, visit: (key: string) => boolean): void {
		const taken: Entry[] = [];
		const seen = new Set<string>();
		for (;;) {
			this.dropOutdated();
			const top = this.heap[0];
			if (!top || top.at > at) break;
			this.pop();
			// The same key may stand in the heap twice where it was moved away and back.
			if (seen.has(top.key)) continue;
			seen.add(top.key);
			taken.push(top);
			if (!visit(top.key)) break;
		}
		taken.forEach((entry) => this.push(entry));
	}

	private dropOutdated(): void {
		while (this.heap.length > 0 && this.current.get(this.heap[0].key) !== this.heap[0].at) {
			this.pop();
		}
	}

	private rebuild(): void {
		this.heap = [...this.current]
			.map(([key, at]) => ({ at, key }))
			.sort((a, b) => (isBefore(a, b) ? -1 : 1));
	}

	private push(entry: Entry): void {
		const { heap } = this;
		let index = heap.length;
		heap.push(entry);
		while (index > 0) {
			const parent = (index - 1) >> 1;
			if (!isBefore(entry, heap[parent])) break;
			heap[index] = heap[parent];
			index = parent;
		}
		heap[index] = entry;
	}

	private pop(): void {
		const { heap } = this;
		const last = heap.pop();
		if (last === undefined || heap.length === 0) return;
		let index = 0;
		for (;;) {
			let child = 2 * index + 1;
			if (child >= heap.length) break;
			if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
			if (!isBefore(heap[child], last)) break;
			heap[index] = heap[child];
			index = child;
		}
		heap[index] = last;
	}
}
