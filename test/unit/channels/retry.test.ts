import { idOnChannel, turnToFallback } from '../../../core/channels/fallback';
import { nextRetryAt } from '../../../core/channels/retry';
import { deliveryId } from '../../../core/events/ids';
import { aDelivery } from './fakes';

const retry = { first: '1m', factor: 3, max: '30m', give_up_after: '6h' };
const minute = 60_000;
const next = (patch: object): number | undefined =>
	nextRetryAt({ attempts: 1, firstAt: 0, now: 0, retry, random: () => 0.5, ...patch } as never);

describe('the plan of retries', () => {
	it.each([
		[1, minute],
		[2, 3 * minute],
		[3, 9 * minute],
		[4, 27 * minute],
		[5, 30 * minute],
		[50, 30 * minute],
		[0, minute],
	])('waits after try %i for %i ms', (attempts, wait) => {
		expect(next({ attempts })).toBe(wait);
	});

	it.each([
		['first', { first: '0s' }, [1_000, 3_000, 9_000, 30 * minute]],
		['max', { max: '0s' }, [1_000, 1_000, 1_000, 1_000]],
	])('waits a second at least where %s is 0s', (_, rules, waits) => {
		const plan = [1, 2, 3, 2_000].map((attempts) =>
			next({ attempts, retry: { ...retry, ...rules } }),
		);
		expect(plan).toEqual(waits);
	});

	it('spreads each wait by a quarter to both sides', () => {
		expect(next({ random: () => 0 })).toBe(0.75 * minute);
		expect(next({ random: () => 0.999_999 })).toBeCloseTo(1.25 * minute, -1);
	});

	it('waits as long as the provider says where that is longer', () => {
		expect(next({ retryAfterMs: 10 * minute })).toBe(10 * minute);
		expect(next({ retryAfterMs: 1000 })).toBe(minute);
	});

	it('gives up where the next try would come after the limit, to the millisecond', () => {
		const limit = 6 * 60 * minute;
		expect(next({ now: limit - minute })).toBe(limit);
		expect(next({ now: limit - minute + 1 })).toBeUndefined();
		expect(next({ now: 0, retryAfterMs: limit + 1 })).toBeUndefined();
	});
});

describe('the next channel', () => {
	const failed = () =>
		aDelivery({
			fallback: [
				{ channel: 'wecom', address: { userid: 'W1' } },
				{ channel: 'email', address: { address: 'a@b.test' } },
			],
			status: {
				status: 'failed',
				timestamp: '2027-03-13T00:00:00Z',
				error: { code: 'x', message: 'y' },
			},
		});

	it('has its own id and address, no message, a shorter list and the story', () => {
		const turned = turnToFallback(failed());
		expect(turned).toMatchObject({
			delivery_id: deliveryId('e_1', 'user-1', 'wecom', 'first'),
			channel: 'wecom',
			address: { userid: 'W1' },
			fallback: [{ channel: 'email' }],
			tried: ['slack'],
			failed: [{ channel: 'slack', status: { status: 'failed' } }],
		});
		expect([turned?.message, turned?.status]).toEqual([undefined, undefined]);
	});

	it('never comes back to a channel that failed', () => {
		const turned = turnToFallback({
			...failed(),
			fallback: [{ channel: 'slack', address: {} }],
			tried: ['wecom'],
		});
		expect(turned).toBeUndefined();
	});

	it('leaves out what carries the event to this person anyway', () => {
		expect(turnToFallback(failed(), new Set(['wecom']))?.channel).toBe('email');
		expect(turnToFallback(failed(), new Set(['wecom', 'email']))).toBeUndefined();
	});

	it('ends when the last one has failed', () => {
		const last = turnToFallback(turnToFallback(failed()) as never);
		expect(last).toMatchObject({ channel: 'email', tried: ['slack', 'wecom'], fallback: [] });
		expect(turnToFallback(last as never)).toBeUndefined();
	});

	it('does not change what it is given', () => {
		const before = failed();
		turnToFallback(before);
		expect(before).toEqual(failed());
	});

	it('names a digest by its own id, and a test run apart from live', () => {
		const digest = aDelivery({
			purpose: 'digest:g1',
			digest: {
				id: 'g1',
				entries: [],
				total: 2,
				ticket_ids: ['a', 'b'],
				event_ids: ['e_1', 'e_2'],
			},
		});
		expect(idOnChannel(digest, 'email')).toBe(deliveryId('g1', 'user-1', 'email', 'digest:g1'));
		expect(idOnChannel({ ...digest, test: true }, 'email')).not.toBe(idOnChannel(digest, 'email'));
	});
});
