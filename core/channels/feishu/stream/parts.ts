/** A call in pieces is given up where the rest does not come. */
const LIFE_MS = 10_000;
const MAX_PARTS = 64;
const MAX_WAITING = 64;

interface Waiting {
	parts: Array<Uint8Array | undefined>;
	at: number;
}

/** Puts calls together that come in several frames. */
export function createParts() {
	const waiting = new Map<string, Waiting>();
	return {
		/** The whole, where `part` was its last piece. */
		add(
			{ id, sum, seq }: { id: string; sum: number; seq: number },
			part: Uint8Array,
			now: number,
		): Uint8Array | undefined {
			if (sum <= 1) return part;
			if (sum > MAX_PARTS || !Number.isInteger(seq) || seq < 0 || seq >= sum) return undefined;
			for (const [key, { at }] of waiting) if (now - at > LIFE_MS) waiting.delete(key);
			const known = waiting.get(id);
			if (!known && waiting.size >= MAX_WAITING) return undefined;
			const one = known ?? {
				parts: new Array<Uint8Array | undefined>(sum).fill(undefined),
				at: now,
			};
			if (one.parts.length !== sum) return undefined;
			one.parts[seq] = part;
			waiting.set(id, one);
			if (one.parts.some((piece) => piece === undefined)) return undefined;
			waiting.delete(id);
			return Buffer.concat(one.parts as Uint8Array[]);
		},
	};
}
