import { nextRetryAt } from '../channels';
import { tellOperators } from '../engine';
import type { Interaction } from '../events/delivery';
import { ItsmFailure, tried, type Itsm } from '../itsm';
import type { ActionRow, Store } from '../store/types';
import type { ActionResult, ActOptions, Progress } from './act-types';
import { readAsk, type Ask } from './ask';
import { carryOut, type Outcome } from './carry-out';
import { checkPermission } from './check';
import { lockTicket } from './ticket-lock';

/** Longer than the calls between two renewals take. */
const LEASE_MS = 90_000;
/** How long a second person waits for the first. */
const WAIT_MS = 12_000;
/** A try that begins must be able to end. */
const TRY_MS = 10_000;
const MAX_PAUSE_MS = 5000;
const PAUSE_MS = 1000;
/** Another process has it in hand. */
const TAKEN = 'claimed_elsewhere';

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Carries out what a person asked for on a ticket: once, and overwriting nobody. Refusals, conflicts and a system that is
 * down are results; only faults of our own store are thrown.
 */
export async function act(
	store: Store,
	itsm: Itsm,
	item: Interaction,
	options: ActOptions,
): Promise<ActionResult> {
	const asked = await readAsk(store, item, itsm.id);
	if (!asked.ok) return bare({ status: asked.status, code: asked.code, message: asked.message });
	const { ask } = asked;
	const verdict = options.checkPermission
		? await checkPermission(store, item, options.permissions)
		: undefined;
	// Our own idea of the status may be old: it is asked for again with the one that the system tells.
	if (verdict && !verdict.allowed && verdict.reason !== 'status_not_permitted')
		return bare({ status: 'denied', code: verdict.reason });
	if (ask.action === 'none') return bare({ status: 'done' });
	const fresh: Progress = {
		before: null,
		plan: null,
		steps: [],
		uncertain: false,
		since: iso(options.now()),
	};
	const job: Job = { store, itsm, item, ask, options, roles: verdict?.roles };
	return options.mode === 'live' && ask.action !== 'status' ? actOnce(job) : actAlone(job, fresh);
}

interface Job {
	store: Store;
	itsm: Itsm;
	item: Interaction;
	ask: Ask;
	options: ActOptions;
	roles: readonly string[] | undefined;
}

const bare = (outcome: Outcome): ActionResult => ({
	...outcome,
	before: null,
	steps: [],
	attempts: 0,
});

/** For a workflow of one's own: a failure is told at once. */
async function actAlone(job: Job, progress: Progress): Promise<ActionResult> {
	const { options, item } = job;
	const owner = `${options.owner}:${item.interaction_id}`;
	const done = await attempt(job, progress, owner, async () => {});
	const { failure, outcome, tries } = done;
	const { before, steps } = progress;
	if (outcome) return { ...outcome, before, steps, attempts: tries };
	const retryable = failure.kind === 'retry' || failure.kind === 'conflict';
	return {
		...failedBy(failure),
		before,
		steps,
		attempts: tries,
		...(retryable ? { retryable } : {}),
	};
}

/** Claimed by its interaction; put off where the system is down. */
async function actOnce(job: Job): Promise<ActionResult> {
	const { store, item, ask, options } = job;
	const { now } = options;
	const owner = `${options.owner}:${item.interaction_id}`;
	const until = (): string => iso(now() + LEASE_MS);
	const wanted = { id: item.interaction_id, ticket_key: ask.ticketKey, item };
	const { claimed, row } = await store.actions.claim(wanted, owner, iso(now()), until());
	if (!claimed) return elsewhere(row);
	const kept = row.result as Kept | null;
	const progress: Progress = {
		before: kept?.before ?? null,
		plan: kept?.plan ?? null,
		steps: [...row.steps],
		uncertain: row.uncertain,
		since: row.created_at,
	};
	const settle = (change: Parameters<typeof store.actions.settle>[2]): Promise<boolean> =>
		store.actions.settle(row.id, owner, { ...stateOf(progress), ...change }, iso(now()));
	const save = async (): Promise<void> => {
		const lease = { lease_owner: owner, lease_until: until() };
		if (!(await settle({ status: 'running', result: { ...kept, ...keptOf(progress) }, ...lease })))
			throw new ItsmFailure('conflict', TAKEN, 'Another process has taken over.');
	};
	const done = await attempt(job, progress, owner, save);
	if (done.failure?.code === TAKEN) return elsewhere(row);
	const { before, steps } = progress;
	const attempts = row.attempts + 1;
	const end = async (outcome: Outcome): Promise<ActionResult> => {
		const result: ActionResult = { ...outcome, before, steps, attempts };
		const status = outcome.status === 'failed' ? 'failed' : 'done';
		await settle({ status, result: { ...result }, attempts, error: outcome.message ?? null });
		return result;
	};
	if (done.outcome) return end(done.outcome);
	const { failure } = done;
	if (failure.kind === 'auth') await tellRefusal(job, failure);
	if (failure.kind !== 'retry' && failure.kind !== 'conflict') return end(failedBy(failure));
	const at = nextRetryAt({
		attempts,
		firstAt: Date.parse(row.created_at),
		now: now(),
		retryAfterMs: failure.retryAfterMs,
		retry: options.retry,
		random: options.random,
	});
	if (at === undefined)
		return end({
			...failedBy(failure),
			code: 'gave_up',
			message: `Given up after ${attempts} tries. ${failure.message}`,
		});
	// The ticket is in another's hands for a moment: nobody need hear of that, nor twice that it waits.
	const isBrief = failure.kind === 'conflict';
	const dueAt = iso(isBrief ? Math.min(at, now() + MAX_PAUSE_MS) : at);
	const isTold = kept?.told === true || !isBrief;
	const result: ActionResult = {
		status: 'pending',
		code: failure.code,
		message: failure.message,
		before,
		steps,
		attempts,
		due_at: dueAt,
		...(isBrief || kept?.told ? { quiet: true } : {}),
	};
	await settle({
		status: 'queued',
		due_at: dueAt,
		result: { ...result, plan: progress.plan, told: isTold },
		attempts,
		error: `${failure.code}: ${failure.message}`,
	});
	return result;
}

/** What a row keeps of an action that has not ended. */
interface Kept extends Partial<ActionResult> {
	plan?: Progress['plan'];
	/** The person has been told that it waits. */
	told?: boolean;
}

const keptOf = ({ before, plan }: Progress): Kept => ({ before, plan });

const stateOf = ({ steps, uncertain }: Progress): Pick<ActionRow, 'steps' | 'uncertain'> => ({
	steps: [...steps],
	uncertain,
});

/** Ended before: its result of then. Still at work: whoever works on it will tell. */
function elsewhere(row: ActionRow): ActionResult {
	if (row.status === 'done' || row.status === 'failed')
		return { ...(row.result as unknown as ActionResult), repeated: true };
	return {
		status: 'pending',
		code: TAKEN,
		quiet: true,
		before: null,
		steps: row.steps,
		attempts: row.attempts,
	};
}

type Attempted =
	| { outcome: Outcome; failure?: undefined; tries: number }
	| { outcome?: undefined; failure: ItsmFailure; tries: number };

/** Under the ticket's lock, with one more try for what passes in a moment. */
async function attempt(
	job: Job,
	progress: Progress,
	owner: string,
	save: () => Promise<void>,
): Promise<Attempted> {
	const { store, itsm, ask, options } = job;
	const { now, sleep, deadline } = options;
	const waitMs = Math.max(0, Math.min(WAIT_MS, deadline - now()));
	const lock = await lockTicket(store, ask.ticketKey, {
		owner,
		now,
		sleep,
		waitMs,
		leaseMs: LEASE_MS,
	});
	const busy = new ItsmFailure(
		'conflict',
		'ticket_busy',
		'Somebody else is changing this ticket just now.',
	);
	if (!lock) return { failure: busy, tries: 1 };
	const hold = async (): Promise<void> => {
		if (!(await lock.renew())) throw busy;
		await save();
	};
	try {
		await hold();
		for (let tries = 1; ; tries++) {
			if (now() >= deadline && progress.steps.length === 0) {
				const message = `${itsm.name} answers too slowly for this run.`;
				return { failure: new ItsmFailure('retry', 'out_of_time', message), tries };
			}
			const done = await tried(() => carryOut({ ...job, progress, save: hold }));
			if (done.ok) return { outcome: done.value, tries };
			const { failure } = done;
			const pause = failure.retryAfterMs ?? PAUSE_MS;
			const isLast = tries > 1 || failure.kind !== 'retry' || pause > MAX_PAUSE_MS;
			if (isLast || now() + pause + TRY_MS > deadline) return { failure, tries };
			await sleep(pause);
		}
	} finally {
		await lock.release();
	}
}

const failedBy = ({ code, message }: ItsmFailure): Outcome => ({ status: 'failed', code, message });

const tellRefusal = ({ store, itsm, options }: Job, failure: ItsmFailure): Promise<number> =>
	tellOperators(
		store,
		{
			cause: `itsm:${itsm.id}`,
			title: `${itsm.name} refuses a credential`,
			description: `${failure.message}. What people answer is not written until it works again.`,
		},
		options.now(),
	);
