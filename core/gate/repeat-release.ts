import type { Decision, Delivery } from '../events/delivery';
import { ticketKey } from '../events/ids';
import type { GroupState, HeldEntry, LedgerRow, Store, TicketState } from '../store/types';
import { afterRepeat, repeatOf } from './repeat';
import { WAITED } from './retry';
import { heldEntry, kindOf, ledgerRow } from './rows';
import type { Block, GateView } from './types';

/** What a repeat writes: rows of the ledger, entries that wait, and the decisions to tell of. */
export interface RepeatRelease {
	rows: LedgerRow[];
	held: HeldEntry[];
	decided: Array<{ delivery: Delivery; decision: Decision }>;
}

/** repeat_interval: the same message again while its tickets are open; what may not be said now waits like the rest. */
export async function releaseRepeat(
	store: Store,
	group: GroupState,
	view: GateView,
): Promise<RepeatRelease> {
	const { next, send, stopped } = repeatOf(group, view);
	if (next) await store.groups.put([next]);
	else await store.groups.remove([group.group_key]);
	const out: RepeatRelease = { rows: [], held: [], decided: [] };
	if (send && !(await isOnItsWay(store, group, send))) {
		const decision: Decision = { action: 'send', reason: 'send_now', facts: { repeat: true } };
		const nowIso = new Date(view.now).toISOString();
		const due = { stage: 'due' as const, due_at: nowIso, rank: 2 };
		out.rows.push(ledgerRow({ ...send, decision }, nowIso, due));
	}
	for (const { delivery, block } of stopped) stop(out, delivery, block, group, view);
	return out;
}

/** Its channel has not taken the last one yet, or news of the ticket: that will tell, and no burst of the same follows it. */
async function isOnItsWay(store: Store, group: GroupState, send: Delivery): Promise<boolean> {
	const { user_id, channel } = group;
	const own = ticketKey(send.event);
	const keys = [...new Set([own, ...group.open_tickets])];
	const line = await store.deliveries.line(
		keys.map((ticket_key) => ({ ticket_key, user_id, channel })),
	);
	return line.some(
		(row) =>
			row.purpose.startsWith('repeat:') ||
			(row.ticket_key === own && WAITED.has(row.reason ?? '') && kindOf(row) === 'news'),
	);
}

function stop(
	out: RepeatRelease,
	delivery: Delivery,
	block: Block,
	group: GroupState,
	view: GateView,
): void {
	const drop = block.kind !== 'inhibited' && view.policy.silence.action === 'drop';
	const until = block.until === null ? null : new Date(block.until).toISOString();
	const decision: Decision = {
		action: drop ? 'silence' : 'hold',
		reason: block.reason,
		...(drop ? {} : { until }),
		facts: { ...block.facts, repeat: true },
	};
	const item = { ...delivery, decision };
	const nowIso = new Date(view.now).toISOString();
	out.decided.push({ delivery: item, decision });
	if (drop) {
		out.rows.push(ledgerRow(item, nowIso, { stage: 'done', status: 'silenced' }));
		return;
	}
	const more = { reason: block.reason, policyId: group.policy_id, now: view.now };
	out.held.push(heldEntry(item, block.kind, block.until, more));
	out.rows.push(ledgerRow(item, nowIso, { stage: 'held' }));
}

/** The next repeat of a group counts from the one that had waited and went out now. */
export async function countRepeats(
	store: Store,
	out: readonly HeldEntry[],
	ticketOf: (key: string) => TicketState | undefined,
	now: number,
): Promise<void> {
	const keys = out.flatMap(({ item }) => (item.repeat_of === undefined ? [] : [item.repeat_of]));
	if (keys.length === 0) return;
	const groups = await store.groups.get([...new Set(keys)]);
	const next = groups.map((group) => afterRepeat(group, ticketOf, now));
	await store.groups.put(next.filter((group) => group !== undefined));
}
