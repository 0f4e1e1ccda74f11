import { ticketKey } from '../events/ids';
import type { Decision, Delivery } from '../events/delivery';
import { apart, type OnFault } from '../gate/apart';
import { ledgerRow } from '../gate/rows';
import { runGate } from '../gate/run';
import type { ChainState, Store } from '../store/types';
import { chainData, withChainData, type ChainData } from './chains';
import { stepDeliveries, toPerson, type StepOptions, type StepResult } from './step-deliveries';

export interface EscalateOptions extends StepOptions {
	/** With it, a chain that fails does not keep the others waiting. */
	onFault?: OnFault;
	/** Called with what the gate decided of a step's deliveries. */
	onDecision?(delivery: Delivery, decision: Decision): void;
	/** Called with a step or reminder that reaches nobody. */
	onSkipped?(skipped: SkippedStep): void;
}

export interface SkippedStep {
	event_id: string;
	/** In words: `step 1 to manager`. */
	what: string;
	/** Whom it would have reached, where that is known. */
	user_id?: string;
	reason: string;
}

interface Fired {
	rows: number;
	decided: Delivery[];
}

/** Fires what is due of the escalation chains, as ledger rows of stage `due`. Returns how many deliveries were made. */
export async function runChains(
	store: Store,
	options: EscalateOptions,
	limit = 200,
): Promise<number> {
	const nowIso = new Date(options.now).toISOString();
	let made = 0;
	for (const due of await store.chains.due(nowIso, limit)) {
		// One step: a process that dies between "fired" and "due" must not lose the message.
		const fire = async (tx: Store): Promise<Fired> => {
			const [chain] = await tx.chains.get([due.ticket_key]);
			if (!chain || chain.due_at === null || chain.due_at > nowIso) return { rows: 0, decided: [] };
			const deliveries = await (chain.status === 'running'
				? fireSteps(tx, chain, options)
				: afterAcknowledge(tx, chain, options));
			return goThroughGate(tx, deliveries, chain, options);
		};
		const fired = await apart(options.onFault, `Escalation of ${due.ticket_key}`, () =>
			store.exclusive([`ticket:${due.ticket_key}`], fire),
		);
		made += fired?.rows ?? 0;
		for (const d of fired?.decided ?? []) if (d.decision) options.onDecision?.(d, d.decision);
	}
	return made;
}

/** Every step that is due at once: after a long stop one message per person and channel (RE2). */
async function fireSteps(
	store: Store,
	chain: ChainState,
	options: EscalateOptions,
): Promise<Delivery[]> {
	const data = chainData(chain);
	const out = new Map<string, Delivery>();
	const steps = [...data.steps];
	for (const [index, step] of steps.entries()) {
		if (step.fired || step.at > options.now) continue;
		for (const d of await fireStep(store, chain, steps, index, options))
			if (!out.has(`${d.recipient.user_id}|${d.channel}`))
				out.set(`${d.recipient.user_id}|${d.channel}`, d);
	}
	const next = { ...data, steps };
	await store.chains.put([
		withChainData(chain, next, steps.every((s) => s.fired) ? 'finished' : 'running', options.now),
	]);
	return [...out.values()];
}

/** RE6: one reminder to the one who acknowledged; unanswered, the next unfired step that reaches somebody fires, once. */
async function afterAcknowledge(
	store: Store,
	chain: ChainState,
	options: EscalateOptions,
): Promise<Delivery[]> {
	const data = chainData(chain);
	const acknowledged = data.acknowledged;
	if (!acknowledged) return [];
	if (acknowledged.reminded_at === undefined) {
		const all = await toPerson(store, data, acknowledged.by, 'reminder:1', options);
		await noteSkipped(store, chain, `reminder to ${acknowledged.by}`, all, options);
		// One reminder is one message: on the first channel of the one who acknowledged.
		const deliveries = all.deliveries.slice(0, 1);
		const next = { ...data, acknowledged: { ...acknowledged, reminded_at: options.now } };
		await store.chains.put([withChainData(chain, next, 'acknowledged', options.now)]);
		return deliveries;
	}
	const steps = [...data.steps];
	const unfired = [...steps.keys()]
		.filter((index) => !steps[index].fired)
		.sort((a, b) => steps[a].at - steps[b].at);
	let deliveries: Delivery[] = [];
	// A step that reaches nobody is skipped (RE3): it is not how an escalation goes on.
	while (deliveries.length === 0 && unfired.length > 0)
		deliveries = await fireStep(store, chain, steps, unfired.shift() as number, options);
	const next = { ...data, steps, acknowledged: { ...acknowledged, resumed: true } };
	await store.chains.put([withChainData(chain, next, 'acknowledged', options.now)]);
	return deliveries;
}

/** The deliveries of one step, marked in `steps` as fired. */
async function fireStep(
	store: Store,
	chain: ChainState,
	steps: ChainData['steps'],
	index: number,
	options: EscalateOptions,
): Promise<Delivery[]> {
	const step = steps[index];
	const found = await stepDeliveries(store, chainData(chain), step.to, index, options);
	steps[index] = { ...step, fired: true, ...(found.skipped ? { skipped: found.skipped } : {}) };
	await noteSkipped(store, chain, `step ${index + 1} to ${step.to}`, found, options);
	return found.deliveries;
}

/** An escalation waits for a person's quiet hours like any other message (urgent passes); the chain does not (RE4). */
async function goThroughGate(
	store: Store,
	deliveries: readonly Delivery[],
	chain: ChainState,
	options: EscalateOptions,
): Promise<Fired> {
	if (deliveries.length === 0) return { rows: 0, decided: [] };
	const { policy_id: policyId } = chainData(chain);
	const policy = await options.policyOf(policyId);
	const { send, held, silenced } = await runGate(store, deliveries, {
		policy,
		policyId,
		now: options.now,
	});
	const nowIso = new Date(options.now).toISOString();
	const rows = send.map((d) => ledgerRow(d, nowIso, { stage: 'due', due_at: nowIso, rank: 0 }));
	if (rows.length > 0) await store.deliveries.insert(rows, { overwrite: true });
	return { rows: rows.length, decided: [...send, ...held, ...silenced] };
}

/** RE3: skipped, with a record. */
async function noteSkipped(
	store: Store,
	chain: ChainState,
	what: string,
	{ skipped, person }: StepResult,
	options: EscalateOptions,
): Promise<void> {
	if (!skipped) return;
	const { event } = chainData(chain);
	await store.audit.append([
		{
			at: new Date(options.now).toISOString(),
			actor: 'escalation',
			action: 'escalation_step_skipped',
			subject: chain.ticket_key,
			details: {
				what: `${what} skipped: ${skipped}`,
				ticket: ticketKey(event),
			},
		},
	]);
	options.onSkipped?.({
		event_id: event.event_id,
		what,
		...(person ? { user_id: person } : {}),
		reason: skipped,
	});
}
