/** Row keys by a value. A lone key stands by itself: a Set for each would cost more than the rows. */
export class KeyIndex {
	private readonly map = new Map<string, string | Set<string>>();

	add(value: string, key: string): void {
		const known = this.map.get(value);
		if (known === undefined) this.map.set(value, key);
		else if (typeof known !== 'string') known.add(key);
		else if (known !== key) this.map.set(value, new Set([known, key]));
	}

	remove(value: string, key: string): void {
		const known = this.map.get(value);
		if (known === key) this.map.delete(value);
		else if (known instanceof Set) {
			known.delete(key);
			if (known.size === 0) this.map.delete(value);
		}
	}

	keys(value: string): Iterable<string> {
		const known = this.map.get(value);
		if (known === undefined) return [];
		return typeof known === 'string' ? [known] : known;
	}

	has(value: string): boolean {
		return this.map.has(value);
	}
}
