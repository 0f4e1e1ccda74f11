import {
	admit,
	afterOutcome,
	BREAKER_RULES,
	closedBreaker,
	hasOpened,
	type BreakerState,
} from '../../../core/channels/breaker';
import type { FailureClass } from '../../../core/channels/types';

const failure = (kind: FailureClass, more: object = {}) => ({
	class: kind,
	code: `${kind}_1`,
	...more,
});
/** One after the other, each a second later. */
const run = (
	outcomes: Array<ReturnType<typeof failure> | undefined>,
	from?: BreakerState,
): BreakerState =>
	outcomes.reduce<BreakerState>(
		(state, one, index) => afterOutcome(state, one, index * 1000),
		from ?? closedBreaker(),
	);
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('what opens a circuit', () => {
	const rows: Array<
		[string, Array<ReturnType<typeof failure> | undefined>, BreakerState['state']]
	> = [
		['nothing', [], 'closed'],
		['four failures', times(4, failure('retry')), 'closed'],
		['five in a row', times(5, failure('retry')), 'open'],
		[
			'not five with a success between',
			[...times(4, failure('retry')), undefined, failure('retry')],
			'closed',
		],
		[
			'not five with an unknown person between: the provider works',
			[...times(4, failure('retry')), failure('recipient'), failure('retry')],
			'closed',
		],
		['one wrong password', [failure('auth')], 'open'],
		['one fault of set-up', [failure('config')], 'open'],
		['not one of a single conversation', [failure('config', { onlyHere: true })], 'closed'],
		['never refused recipients', times(20, failure('recipient')), 'closed'],
		['never refused payloads', times(20, failure('payload')), 'closed'],
		['never a rate limit', times(20, failure('rate')), 'closed'],
	];
	it.each(rows)('%s', (_name, outcomes, expected) => {
		expect(run(outcomes).state).toBe(expected);
	});

	it('tells the moment at which it opened, once', () => {
		const before = run(times(4, failure('retry')));
		const after = afterOutcome(before, failure('retry'), 5000);
		expect([
			hasOpened(before, after),
			hasOpened(after, afterOutcome(after, failure('retry'), 6000)),
		]).toEqual([true, false]);
		expect(after.reason).toBe('retry_1');
	});
});

describe('an open circuit', () => {
	const open = run(times(5, failure('retry')));
	const opensAt = 4000 + BREAKER_RULES.openMs;

	it('refuses until its time, to the millisecond, then lets one probe through', () => {
		expect(admit(open, opensAt - 1)).toMatchObject({ allowed: false, waitMs: 1 });
		const probe = admit(open, opensAt);
		expect(probe).toMatchObject({ allowed: true, probe: true, state: { state: 'half_open' } });
		expect(admit(probe.state, opensAt)).toMatchObject({ allowed: false });
		expect(admit(probe.state, opensAt + BREAKER_RULES.probeMs - 1).allowed).toBe(false);
	});

	it('gives up a probe that never reports', () => {
		const lost = admit(open, opensAt).state;
		expect(admit(lost, opensAt + BREAKER_RULES.probeMs)).toMatchObject({
			allowed: true,
			probe: true,
		});
	});

	it('closes with a good probe', () => {
		const probing = admit(open, opensAt).state;
		expect(afterOutcome(probing, undefined, opensAt + 1)).toEqual(closedBreaker());
		expect(afterOutcome(probing, failure('recipient'), opensAt + 1).state).toBe('closed');
	});

	it('stays open twice as long after each bad probe, ten minutes at most', () => {
		let state = open;
		const waits: number[] = [];
		for (let round = 0; round < 7; round += 1) {
			const now = state.retry_at;
			state = afterOutcome(admit(state, now).state, failure('retry'), now);
			waits.push(state.retry_at - now);
		}
		expect(waits).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000, 600_000]);
		expect(hasOpened(admit(open, opensAt).state, state)).toBe(false);
	});

	it('is not closed by a straggler, and not made longer by one', () => {
		expect(afterOutcome(open, undefined, 5000)).toBe(open);
		expect(afterOutcome(open, failure('retry'), 5000)).toBe(open);
	});

	it('waits longer for a wrong password than for an outage, and as long as the provider says', () => {
		expect(run([failure('auth')]).retry_at).toBe(BREAKER_RULES.authOpenMs);
		expect(
			afterOutcome(
				run(times(4, failure('retry'))),
				failure('retry', { retryAfterMs: 90_000 }),
				5000,
			).retry_at,
		).toBe(95_000);
	});

	it('is plain data', () => {
		expect(JSON.parse(JSON.stringify(open))).toEqual(open);
		expect(admit(undefined, 0)).toMatchObject({
			allowed: true,
			probe: false,
			state: closedBreaker(),
		});
	});
});
