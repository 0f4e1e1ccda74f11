export interface IntakeRules {
	/** Events of one run. */
	batch: number;
	/** Runs at the same time; urgent events have one slot more. */
	inFlight: number;
	/** A lease, and how long it is renewed at most while its run goes on, ms; a run without an end by then has failed. */
	leaseMs: number;
	longestRunMs: number;
	/** Tries before an event is set aside. */
	tries: number;
	/** Pauses before the third try, the fourth and so on, ms: a hiccup of minutes must not set everything aside. */
	retryMs: readonly number[];
	/** Pause between two looks when nothing is there, ms. */
	idleMs: number;
	/** Shortest time from the end of one look to the next, ms: in a storm each look finds many events. */
	restMs: number;
	/** How long stopping waits for runs that go on, or for a database that does not answer, ms. */
	stopMs: number;
}

export const INTAKE_RULES: IntakeRules = {
	batch: 50,
	inFlight: 4,
	leaseMs: 60_000,
	longestRunMs: 15 * 60_000,
	tries: 5,
	retryMs: [1_000, 10_000, 60_000],
	idleMs: 1_000,
	restMs: 20,
	stopMs: 5_000,
};
