import { ticketKey } from '../events/ids';
import type { Delivery } from '../events/delivery';
import type { NotificationEvent, PersonRef } from '../events/model';
import { KEEPS_FROM_ESCALATING, STATES_OF_A_PERSON } from '../gate/codes';
import type { Policy } from '../preferences/policy';
import type { ChainState, Store } from '../store/types';
import { parseDuration } from '../time/duration';

/** What a chain keeps: the rules with which it began (RE3), and what has happened since. Instants are epoch ms. */
export interface ChainData {
	chain_id: string;
	event: NotificationEvent;
	/** The person escalated from. */
	from: string;
	role: string | null;
	/** `at` is absolute: start + after. */
	steps: Array<{ at: number; to: string; fired: boolean; skipped?: string }>;
	start_status: string | null;
	remind_after: number | null;
	resume_after: number | null;
	acknowledged?: {
		by: string;
		at: number;
		reminded_at?: number;
		/** Acknowledged once more after the reminder: that is its answer. */
		answered_at?: number;
		resumed?: boolean;
	};
	stopped?: { reason: string; at: number };
	policy_id: string | null;
}

export const chainData = (chain: ChainState): ChainData => chain.data as unknown as ChainData;

const PROGRESS = new Set(['in_progress', 'pending', 'resolved', 'closed']);
const iso = (ms: number): string => new Date(ms).toISOString();

/** The chain with its next instant worked out anew. */
export function withChainData(
	chain: ChainState,
	data: ChainData,
	status: ChainState['status'],
	now: number,
): ChainState {
	return {
		...chain,
		status,
		data: data as unknown as Record<string, unknown>,
		due_at: nextDue(data, status),
		updated_at: iso(now),
	};
}

function nextDue(data: ChainData, status: ChainState['status']): string | null {
	if (status === 'running') {
		const step = data.steps.filter((s) => !s.fired).sort((a, b) => a.at - b.at)[0];
		return step ? iso(step.at) : null;
	}
	if (status !== 'acknowledged' || !data.acknowledged) return null;
	const { at, reminded_at: reminded, answered_at: answered, resumed } = data.acknowledged;
	if (reminded === undefined)
		return data.remind_after === null ? null : iso(at + data.remind_after);
	if (resumed || answered !== undefined || data.resume_after === null) return null;
	return data.steps.some((s) => !s.fired) ? iso(reminded + data.resume_after) : null;
}

/** An escalation delivery starts the ticket's chain, unless one runs or its ticket was acknowledged. */
export async function startChains(
	store: Store,
	deliveries: readonly Delivery[],
	policy: Policy,
	policyId: string | null,
	now: number,
): Promise<void> {
	const { steps, remind_after: remind } = policy.escalation;
	if (steps.length === 0 && remind === null) return;
	const starters = deliveries.filter(
		(d) => d.strategy === 'escalation' && d.purpose === 'first' && !d.test && startsChain(d),
	);
	if (starters.length === 0) return;
	const byTicket = new Map<string, Delivery[]>();
	for (const d of starters)
		byTicket.set(ticketKey(d.event), [...(byTicket.get(ticketKey(d.event)) ?? []), d]);
	await store.exclusive(
		[...byTicket.keys()].map((key) => `ticket:${key}`),
		async (tx) => {
			const known = new Map(
				(await tx.chains.get([...byTicket.keys()])).map((c) => [c.ticket_key, c]),
			);
			const fresh: ChainState[] = [];
			for (const [key, list] of byTicket) {
				const chain = known.get(key);
				if (chain && (chain.status === 'running' || chain.status === 'acknowledged')) continue;
				// Its run comes again: what it began has ended, and does not begin anew.
				if (chain && list.some((d) => d.event.event_id === chainData(chain).event.event_id))
					continue;
				fresh.push(newChain(key, list, policy, policyId, now));
			}
			if (fresh.length > 0) await tx.chains.put(fresh);
		},
	);
}

const startsChain = ({ decision }: Delivery): boolean =>
	decision?.action === 'send' ||
	(decision?.action === 'hold' && !KEEPS_FROM_ESCALATING.has(decision.reason)) ||
	(decision?.action === 'silence' && STATES_OF_A_PERSON.has(decision.reason));

/** What was silenced or had an open parent escalates from now on, unless somebody has taken the ticket meanwhile. */
export async function startFreed(
	store: Store,
	freed: readonly Delivery[],
	policy: Policy,
	policyId: string | null,
	now: number,
): Promise<void> {
	const starters = freed.filter((d) => d.strategy === 'escalation');
	if (starters.length === 0) return;
	const states = await store.tickets.get([...new Set(starters.map((d) => ticketKey(d.event)))]);
	const stateOf = new Map(states.map((state) => [state.ticket_key, state]));
	const waiting = starters.filter(({ event }) => {
		const state = stateOf.get(ticketKey(event));
		if (!state) return true;
		const moved = state.status !== null && state.status !== event.content.status;
		return state.open && !state.acknowledged_by && !(moved && PROGRESS.has(state.status as string));
	});
	const going = waiting.map(
		(d): Delivery => ({ ...d, decision: { action: 'send', reason: 'send_now' } }),
	);
	await startChains(store, going, policy, policyId, now);
}

function newChain(
	key: string,
	list: readonly Delivery[],
	policy: Policy,
	policyId: string | null,
	now: number,
): ChainState {
	const first = list.find((d) => d.recipient.role === 'assignee') ?? list[0];
	const rules = policy.escalation;
	const ms = (text: string | null, field: string): number | null =>
		text === null ? null : parseDuration(text, `escalation.${field}`);
	const data: ChainData = {
		chain_id: `${first.event.event_id}@${now}`,
		event: first.event,
		from: first.recipient.user_id,
		role: first.recipient.role ?? null,
		steps: rules.steps.map((s, i) => ({
			at: now + parseDuration(s.after, `escalation.steps.${i}.after`),
			to: s.to,
			fired: false,
		})),
		start_status: first.event.content.status ?? null,
		remind_after: ms(rules.remind_after, 'remind_after'),
		resume_after: ms(rules.resume_after, 'resume_after'),
		policy_id: policyId,
	};
	const chain: ChainState = {
		ticket_key: key,
		status: 'running',
		due_at: null,
		data: {},
		test: false,
		started_at: iso(now),
		updated_at: iso(now),
	};
	return withChainData(chain, data, 'running', now);
}

/** Progress in the ITSM stops a chain (RE1); reassigning the ticket does so too (RE3). Called under the tickets' locks. */
export async function stopOnProgress(
	store: Store,
	events: readonly NotificationEvent[],
	now: number,
): Promise<void> {
	const chains = (await store.chains.get([...new Set(events.map(ticketKey))])).filter(
		// A finished one too: a step of it may still wait for somebody's quiet hours.
		(c) => c.status !== 'stopped',
	);
	const stopped: ChainState[] = [];
	for (const chain of chains) {
		const data = chainData(chain);
		const reason = events
			.filter((e) => ticketKey(e) === chain.ticket_key)
			.map((e) => stopReason(e, data))
			.find((r) => r !== undefined);
		if (reason)
			stopped.push(withChainData(chain, { ...data, stopped: { reason, at: now } }, 'stopped', now));
	}
	if (stopped.length > 0) await store.chains.put(stopped);
}

function stopReason(event: NotificationEvent, data: ChainData): string | undefined {
	if (event.event_id === data.event.event_id) return undefined;
	if (event.event_type === 'ticket_resolved' || event.event_type === 'ticket_closed')
		return 'progress';
	const { status } = event.content;
	if (status && PROGRESS.has(status) && status !== data.start_status) return 'progress';
	return isReassigned(event, data.event.content.assignee) ? 'reassigned' : undefined;
}

/** Whether the ticket is in other hands. Who says "assigned" is believed; of other events only what can be compared. */
function isReassigned(event: NotificationEvent, before: PersonRef | null | undefined): boolean {
	const { assignee } = event.content;
	if (!assignee) return false;
	if (event.event_type === 'ticket_assigned')
		return JSON.stringify(assignee) !== JSON.stringify(before ?? null);
	const [is, was] = [partsOf(assignee), partsOf(before)];
	const common = ID_PARTS.filter((part) => is[part] && was[part]);
	return common.length > 0 && common.every((part) => is[part] !== was[part]);
}

/** What tells people apart; a name may be written in many ways. */
const ID_PARTS = ['text', 'id', 'login', 'email'] as const;

function partsOf(person: PersonRef | null | undefined): Record<string, string | undefined> {
	if (!person) return {};
	const parts: Record<string, string | null | undefined> =
		typeof person === 'string' ? { text: person } : { ...person };
	return Object.fromEntries(
		Object.entries(parts).map(([name, value]) => [name, value?.trim().toLowerCase()]),
	);
}

/**
 * Acknowledged from any place: no further step fires; the reminder's time begins, after the last step too (RE6).
 * Acknowledged again after the reminder, it is answered. True where there was a chain.
 */
export async function acknowledge(
	store: Store,
	ticket: string,
	userId: string,
	now: number,
): Promise<boolean> {
	return store.exclusive([`ticket:${ticket}`], async (tx) => {
		const [state] = await tx.tickets.get([ticket]);
		if (state && !state.acknowledged_by)
			await tx.tickets.put([{ ...state, acknowledged_by: userId, acknowledged_at: iso(now) }]);
		const [chain] = await tx.chains.get([ticket]);
		if (!chain || chain.status === 'stopped') return false;
		const data = chainData(chain);
		const known = chain.status === 'acknowledged' ? data.acknowledged : undefined;
		// Before the reminder the first one counts: it is theirs.
		if (known && known.reminded_at === undefined) return false;
		const acknowledged = known ? { ...known, answered_at: now } : { by: userId, at: now };
		await tx.chains.put([withChainData(chain, { ...data, acknowledged }, 'acknowledged', now)]);
		return true;
	});
}
