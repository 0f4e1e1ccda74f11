/** A map that forgets what was not used for longest; bounded by entries and by total weight. */
export class Lru<V> {
	private readonly map = new Map<string, { value: V; weight: number }>();
	private weight = 0;

	constructor(private readonly most: { entries: number; weight: number }) {}

	get size(): number {
		return this.map.size;
	}

	get(key: string): V | undefined {
		const entry = this.map.get(key);
		if (!entry) return undefined;
		if (this.isHalfFull()) {
			// Insertion order is the order of use; it does not matter while nothing has to go.
			this.map.delete(key);
			this.map.set(key, entry);
		}
		return entry.value;
	}

	set(key: string, value: V, weight: number): void {
		this.delete(key);
		this.map.set(key, { value, weight });
		this.weight += weight;
		for (const oldest of this.map.keys()) {
			if (this.map.size <= this.most.entries && this.weight <= this.most.weight) break;
			this.delete(oldest);
		}
	}

	private isHalfFull(): boolean {
		const { entries, weight } = this.most;
		return this.map.size * 2 > entries || this.weight * 2 > weight;
	}

	private delete(key: string): void {
		this.weight -= this.map.get(key)?.weight ?? 0;
		this.map.delete(key);
	}
}
