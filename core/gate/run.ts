import { ticketKey } from '../events/ids';
import type { Decision, Delivery } from '../events/delivery';
import type { Policy } from '../preferences/policy';
import type { GroupState, HeldEntry, LedgerRow, Store } from '../store/types';
import { isUrgent } from '../strategy/priority';
import { collapse } from './collapse';
import { decide, isResolved } from './decide';
import { loadView, type LoadedView } from './load';
import { heldAgain, heldEntry, ledgerRow, rankOf } from './rows';
import type { GateResult } from './types';
import { afterFlush } from './window';

export interface GateRunOptions {
	policy: Policy;
	/** Id of a policy that differs from the store's current one and travels with what is held. */
	policyId: string | null;
	now: number;
	testId?: string;
	aggregationInvalid?: string;
}

/**
 * Decides deliveries in their order and writes what follows, as one step that no other process interleaves with for
 * these people. A re-run gives the recorded result: nothing is held twice, nothing that went goes again.
 */
export async function runGate(
	store: Store,
	deliveries: readonly Delivery[],
	options: GateRunOptions,
): Promise<GateResult> {
	if (deliveries.length === 0) return { send: [], held: [], silenced: [], unsaid: [] };
	const locks = [...new Set(deliveries.map((d) => `user:${d.recipient.user_id}`))];
	return store.exclusive(locks, async (tx) =>
		new GateRun(tx, await loadView(tx, deliveries, options), options).run(deliveries),
	);
}

class GateRun {
	private readonly result: GateResult = { send: [], held: [], silenced: [], unsaid: [] };
	private readonly rows = new Map<string, LedgerRow>();
	private readonly updates: Array<Partial<LedgerRow> & { delivery_id: string }> = [];
	private readonly entries = new Map<string, HeldEntry>();
	private readonly removed = new Set<string>();
	private readonly groups = new Map<string, GroupState | undefined>();
	private readonly nowIso: string;

	constructor(
		private readonly store: Store,
		private readonly view: LoadedView,
		private readonly options: GateRunOptions,
	) {
		this.nowIso = new Date(options.now).toISOString();
	}

	async run(deliveries: readonly Delivery[]): Promise<GateResult> {
		const known = new Map(
			(await this.store.deliveries.get(deliveries.map((d) => d.delivery_id))).map((row) => [
				row.delivery_id,
				row,
			]),
		);
		for (const delivery of deliveries) this.one(delivery, known.get(delivery.delivery_id));
		await this.write();
		return this.result;
	}

	private one(delivery: Delivery, row: LedgerRow | undefined): void {
		if (row?.stage === 'decided' && row.item) {
			// A re-run before the send: what was decided then holds, with all that it absorbed.
			this.result.send.push({ ...row.item, message: delivery.message });
			return;
		}
		if (
			this.rows.has(delivery.delivery_id) ||
			(row && row.stage !== 'held' && row.status !== 'failed')
		) {
			this.silence(
				delivery,
				{
					action: 'silence',
					reason: 'duplicate_event',
					facts: { status: row?.status ?? 'pending', stage: row?.stage },
				},
				row !== undefined,
			);
			return;
		}
		const before = this.view.heldById(delivery.delivery_id);
		if (before) return this.again(delivery, before);

		const verdict = decide(this.view, delivery, this.options);
		if (verdict.action === 'send') {
			this.send(delivery, verdict.decision, verdict.absorbs, verdict.flush);
		} else if (verdict.action === 'hold') {
			this.hold(delivery, verdict.kind, verdict.due, verdict.decision, verdict.group);
		} else {
			if (verdict.decision.reason === 'resolved_before_first_message')
				this.unsay(delivery, verdict.removes);
			this.silence(delivery, verdict.decision, false);
		}
	}

	/** RA2: what was held of a ticket here goes without a word, and so does the event on the person's other channels. */
	private unsay(by: Delivery, entries: readonly HeldEntry[]): void {
		const reason = 'resolved_before_first_message';
		this.settle(entries, 'silenced', reason, by.delivery_id);
		const decision: Decision = { action: 'silence', reason, facts: { by: by.delivery_id } };
		for (const { item } of entries) this.result.unsaid.push({ ...item, decision });
		this.view.noteSilent(by.event.event_id, by.recipient.user_id);
	}

	/** RA3: the same event again while it is held: newer content, no extra message. */
	private again(delivery: Delivery, before: HeldEntry): void {
		const held = heldAgain(delivery, before);
		const entry = { ...before, item: held };
		this.entries.set(entry.delivery_id, entry);
		this.view.setHeld(entry);
		this.updates.push({ delivery_id: delivery.delivery_id, item: held, updated_at: this.nowIso });
		this.result.held.push(held);
	}

	private send(
		delivery: Delivery,
		decision: Decision,
		absorbs: readonly HeldEntry[],
		flush?: GroupState,
	): void {
		let out: Delivery = { ...delivery, decision };
		if (absorbs.length > 0) {
			const collapsed = collapse(
				[...absorbs.map((e) => e.item), delivery],
				this.view.ticketOf,
				this.nowIso,
			);
			out = { ...collapsed.delivery, decision };
			this.settle(absorbs, 'superseded', flush ? 'in_digest' : 'superseded', out.delivery_id);
			if (out.delivery_id !== delivery.delivery_id) {
				const inside = {
					...delivery,
					decision: { ...decision, reason: 'in_digest', facts: { by: out.delivery_id } },
				};
				this.rows.set(
					delivery.delivery_id,
					ledgerRow(inside, this.nowIso, { stage: 'done', status: 'superseded' }),
				);
			}
		}
		if (flush) this.flushed(flush, [...absorbs.map((e) => e.item), delivery]);
		this.rows.set(
			out.delivery_id,
			ledgerRow(out, this.nowIso, {
				stage: 'decided',
				rank: rankOf(out, isUrgent(out.event, this.options.policy)),
			}),
		);
		this.view.noteRecent(out.recipient.user_id, out.channel);
		this.result.send.push(out);
	}

	private flushed(group: GroupState, items: readonly Delivery[]): void {
		const tickets = [...new Set([...group.open_tickets, ...items.map((d) => ticketKey(d.event))])];
		const open = tickets.filter(
			(key) =>
				this.view.ticketOf(key)?.open ??
				!items.some((d) => ticketKey(d.event) === key && isResolved(d.event)),
		);
		const next = afterFlush(group, [...items], open, this.options.now);
		this.groups.set(group.group_key, next);
		if (next) this.view.setGroup(next);
	}

	private hold(
		delivery: Delivery,
		kind: HeldEntry['kind'],
		due: number | null,
		decision: Decision,
		group?: GroupState,
	): void {
		const held: Delivery = { ...delivery, decision };
		const entry = heldEntry(held, kind, due, {
			reason: decision.reason,
			policyId: this.options.policyId,
			groupKey: group?.group_key,
			now: this.options.now,
		});
		this.entries.set(entry.delivery_id, entry);
		this.view.setHeld(entry);
		if (group) {
			this.groups.set(group.group_key, group);
			this.view.setGroup(group);
		}
		this.rows.set(held.delivery_id, ledgerRow(held, this.nowIso, { stage: 'held' }));
		this.view.noteRecent(held.recipient.user_id, held.channel);
		this.result.held.push(held);
	}

	private silence(delivery: Delivery, decision: Decision, recorded: boolean): void {
		const silenced: Delivery = { ...delivery, decision };
		if (!recorded && !this.rows.has(delivery.delivery_id)) {
			this.rows.set(
				delivery.delivery_id,
				ledgerRow(silenced, this.nowIso, { stage: 'done', status: 'silenced' }),
			);
		}
		this.result.silenced.push(silenced);
	}

	/** Held entries that will never go by themselves: recorded, then let go of. */
	private settle(
		entries: readonly HeldEntry[],
		status: 'superseded' | 'silenced',
		reason: string,
		by: string,
	): void {
		for (const entry of entries) {
			this.removed.add(entry.delivery_id);
			this.entries.delete(entry.delivery_id);
			const settled = {
				stage: 'done' as const,
				status,
				reason,
				facts: { by },
				updated_at: this.nowIso,
			};
			const fresh = this.rows.get(entry.delivery_id);
			if (fresh) this.rows.set(entry.delivery_id, { ...fresh, ...settled });
			else this.updates.push({ delivery_id: entry.delivery_id, ...settled });
		}
		this.view.dropHeld(entries.map((e) => e.delivery_id));
	}

	private async write(): Promise<void> {
		const { deliveries, held, groups } = this.store;
		if (this.rows.size > 0) await deliveries.insert([...this.rows.values()], { overwrite: true });
		if (this.updates.length > 0) await deliveries.update(this.updates);
		if (this.removed.size > 0) await held.remove([...this.removed]);
		if (this.entries.size > 0) await held.put([...this.entries.values()]);
		const kept = [...this.groups.values()].filter((g) => g !== undefined);
		const ended = [...this.groups].filter(([, g]) => g === undefined).map(([key]) => key);
		if (kept.length > 0) await groups.put(kept);
		if (ended.length > 0) await groups.remove(ended);
	}
}
