import fc from 'fast-check';

import { block, take, takeBoth, type BucketState } from '../../../core/channels/bucket';

const limit = { count: 2, perMs: 1000, burst: 3 };

/** Takes at each instant (ms); the waits. */
const waits = (
	instants: number[],
	rule = limit as { count: number; perMs: number; burst?: number },
): number[] => {
	let state: BucketState | undefined;
	return instants.map((now) => {
		const taken = take(state, rule, now);
		state = taken.state;
		return taken.waitMs;
	});
};

describe('a bucket', () => {
	const rows: Array<[string, number[], number[]]> = [
		['gives its burst at once, then one each half second', [0, 0, 0, 0, 0], [0, 0, 0, 500, 1000]],
		['fills up again', [0, 0, 0, 500, 1000], [0, 0, 0, 0, 0]],
		['is never fuller than its burst', [0, 100_000, 100_000, 100_000, 100_000], [0, 0, 0, 0, 500]],
		[
			'gives each of those who wait a slot of their own',
			[0, 0, 0, 0, 100, 600],
			[0, 0, 0, 500, 900, 900],
		],
		['takes nothing from a clock that goes back', [1000, 1000, 1000, 0], [0, 0, 0, 1500]],
	];
	it.each(rows)('%s', (_name, instants, expected) => {
		expect(waits(instants)).toEqual(expected);
	});

	it('has its count for a burst where none is named', () => {
		expect(waits([0, 0, 0], { count: 2, perMs: 1000 })).toEqual([0, 0, 500]);
	});

	it('does not wait an hour where the clock was set back by one', () => {
		const hour = 3_600_000;
		expect(waits([hour, hour, 0, 0], { count: 2, perMs: 1000 })).toEqual([0, 0, 500, 1000]);
	});

	it('takes nothing where the wait would be too long', () => {
		let state = take(undefined, { count: 1, perMs: 1000 }, 0).state;
		const refused = take(state, { count: 1, perMs: 1000 }, 0, 999);
		expect(refused).toMatchObject({ taken: false, waitMs: 1000 });
		state = refused.state;
		expect(take(state, { count: 1, perMs: 1000 }, 0, 1000)).toMatchObject({
			taken: true,
			waitMs: 1000,
		});
	});

	it('is closed while the provider asks to wait, and a shorter wait does not open it', () => {
		let state = block(undefined, limit, 0, 5000);
		state = block(state, limit, 100, 1000);
		expect(take(state, limit, 1000)).toMatchObject({ waitMs: 4000 });
		expect(take(state, limit, 5000)).toMatchObject({ waitMs: 0 });
	});

	it('never lets more through than burst and rate allow, whoever asks when', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 60 }), (gaps) => {
				let now = 0;
				let state: BucketState | undefined;
				const sent = gaps.map((gap) => {
					now += gap;
					const taken = take(state, limit, now);
					state = taken.state;
					return now + taken.waitMs;
				});
				for (const start of sent) {
					const inWindow = sent.filter((at) => at >= start && at < start + limit.perMs).length;
					expect(inWindow).toBeLessThanOrEqual(limit.burst + limit.count);
				}
			}),
		);
	});
});

describe('both buckets', () => {
	const rate = {
		perCredential: { count: 10, perMs: 1000 },
		perRecipient: { count: 1, perMs: 1000 },
	};

	it('wait for the slower one', () => {
		const first = takeBoth({}, rate, 0);
		expect(first).toMatchObject({ taken: true, waitMs: 0 });
		expect(takeBoth(first.states, rate, 0)).toMatchObject({ taken: true, waitMs: 1000 });
	});

	it('give both slots or none', () => {
		const first = takeBoth({}, rate, 0);
		const refused = takeBoth(first.states, rate, 0, 500);
		expect(refused).toEqual({ taken: false, waitMs: 1000, states: first.states });
	});

	it('are free where a channel has no limits', () => {
		expect(takeBoth({}, {}, 0)).toEqual({ taken: true, waitMs: 0, states: {} });
	});
});
