// How long a Release Trigger pauses where nothing is due.
import { createMemoryStore, type Store } from '../../../core/store/index.ts';
import { releaseOnce } from '../../../nodes/ItsmReleaseTrigger/loop.ts';

const NOW = Date.parse('2027-03-10T10:00:00Z');

const pauseOf = (kind: Store['kind'], everySeconds: number): Promise<number> =>
	releaseOnce({
		store: Object.defineProperty(createMemoryStore(), 'kind', { value: kind }),
		owner: 'me',
		pollMs: everySeconds * 1000,
		leaseMs: 60_000,
		now: () => NOW,
		emit: () => undefined,
		warn: () => undefined,
	});

it.each([
	['sqlite', 10, 10_000],
	['postgres', 10, 1_000],
	['postgres', 0.5, 500],
] as const)('%s, look every %d s: %d ms', async (kind, seconds, expected) => {
	expect(await pauseOf(kind, seconds)).toBe(expected);
});
