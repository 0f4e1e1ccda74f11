import { createHash } from 'node:crypto';

import type { Decision, Delivery } from '../events/delivery';
import type { Policy } from '../preferences/policy';
import type { GroupState, HeldEntry, Store } from '../store/types';
import type { OnFault } from './apart';
import { collapse } from './collapse';
import { KEEPS_FROM_ESCALATING } from './codes';
import { isCollected, isResolved, isUntold, isUrgentNow } from './decide';
import { inOrder } from './held-index';
import type { LoadedView } from './load';
import { releaseViews } from './release-views';
import { ReleaseWrites } from './release-writes';
import { countRepeats, releaseRepeat } from './repeat-release';
import { review } from './review';
import { rankOf } from './rows';
import { lateSteps } from './steps';
import { afterFlush, quiet } from './window';

export interface ReleaseOptions {
	/** With it, a person whose release fails does not keep the others waiting. */
	onFault?: OnFault;
	now: number;
	/** The policy by which an entry was held; null = the store's current one. */
	policyOf(policyId: string | null): Promise<Policy>;
	/** Called with every decision that changed what was known of a delivery. */
	onDecision?(delivery: Delivery, decision: Decision): void;
	/** Called with what no administrator's silence and no parent holds any more: only then does it escalate. */
	onFreed?(delivery: Delivery, policyId: string | null): void;
}

/** A group whose window closed more than this ago is overdue: what is overdue goes as one digest, not as a burst (RA12). */
const OVERDUE_MS = 15_000;

/** One release for one person and channel: everything of theirs that is due at one instant. */
export class PairRelease {
	private readonly nowIso: string;
	private readonly writes: ReleaseWrites;
	private views = new Map<string | null, LoadedView>();
	/** Everything that is held for the pair. */
	private all: readonly HeldEntry[] = [];

	constructor(
		private readonly store: Store,
		private readonly userId: string,
		private readonly channel: string,
		private readonly options: ReleaseOptions,
	) {
		this.nowIso = new Date(options.now).toISOString();
		this.writes = new ReleaseWrites(this.nowIso, options.onDecision);
	}

	async run(groups: readonly GroupState[]): Promise<number> {
		const all = (
			await this.store.held.of([{ user_id: this.userId, channel: this.channel }])
		).filter((e) => !e.test);
		const byGroup = new Map(
			groups.map((g) => [
				g.group_key,
				inOrder(all.filter((e) => e.group_key === g.group_key && e.kind === 'group')),
			]),
		);
		this.all = all;
		const single = await this.dropLate(
			inOrder(
				all.filter(
					(e) =>
						e.due_at !== null &&
						e.due_at <= this.nowIso &&
						!(e.kind === 'group' && byGroup.has(e.group_key as string)),
				),
			),
		);
		const entries = [...single, ...[...byGroup.values()].flat()];
		this.views = await releaseViews(this.store, entries, groups, this.options);

		const isOverdue = (due: string | null): boolean =>
			due !== null && Date.parse(due) < this.options.now - OVERDUE_MS;
		const overdue = groups.filter(
			(g) => byGroup.get(g.group_key)?.length && isOverdue(g.closes_at),
		);
		const isBurst = overdue.length > 1 || single.some((e) => isOverdue(e.due_at));
		const together = isBurst ? overdue : [];
		for (const group of groups) {
			if (!together.includes(group))
				await this.closeGroup(group, byGroup.get(group.group_key) ?? []);
		}
		const burst: HeldEntry[] = [];
		for (const group of together)
			burst.push(...(await this.settleGroup(group, byGroup.get(group.group_key) ?? [])));
		const released = this.dropUntold(this.pass(single));
		const out = inOrder([...burst, ...this.dropResolved(released)]);
		if (out.length > 0) this.emit(out);
		await this.writes.write(this.store);
		if (out.length > 0)
			await countRepeats(this.store, out, this.viewOf(out[0]).ticketOf, this.options.now);
		return this.writes.count;
	}

	/** Entries that may go now; those that may not are held on, with the new reason. */
	private pass(entries: readonly HeldEntry[], closing = false): HeldEntry[] {
		return entries.filter((entry) => {
			const found = review(entry, this.viewOf(entry), closing);
			const reason = found.then === 'hold' ? found.reason : undefined;
			const wasKept = KEEPS_FROM_ESCALATING.has(entry.reason) && !entry.item.waited_for_channel;
			if (wasKept && !KEEPS_FROM_ESCALATING.has(reason))
				this.options.onFreed?.(entry.item, entry.policy_id);
			if (found.then === 'stay') this.writes.stay(entry);
			if (found.then === 'hold')
				this.writes.holdOn(entry, found.kind, found.until, found.reason, found.facts);
			return found.then === 'go';
		});
	}

	/** RE1: what an escalation wanted to say, and has no reason to say any more. */
	private async dropLate(entries: HeldEntry[]): Promise<HeldEntry[]> {
		const late = await lateSteps(
			this.store,
			entries.map((e) => e.item),
		);
		for (const entry of entries)
			if (late.has(entry.delivery_id))
				this.writes.drop(entry, 'superseded', 'acknowledged_before_send');
		return entries.filter((e) => !late.has(e.delivery_id));
	}

	/** RA2: born and closed before this person was told anything, whoever heard of the end of it. */
	private dropUntold(entries: HeldEntry[]): HeldEntry[] {
		const untold = new Set(
			entries.filter((e) => isUntold(e, this.all, this.viewOf(e))).map((e) => e.ticket_key),
		);
		if (untold.size === 0) return entries;
		for (const entry of this.all) {
			const { ticket_key: ticket } = entry;
			if (untold.has(ticket) && isCollected(entry))
				this.writes.drop(entry, 'silenced', 'resolved_before_first_message', { ticket });
		}
		return entries.filter((e) => !(untold.has(e.ticket_key) && isCollected(e)));
	}

	/** RS2: what was resolved while a state or silence held it is shown as resolved once, or dropped (setting). */
	private dropResolved(entries: HeldEntry[]): HeldEntry[] {
		return entries.filter((entry) => {
			const view = this.viewOf(entry);
			// A repeat is no news of its own: it never tells of a ticket that is closed.
			const dropped =
				entry.item.purpose.startsWith('repeat:') ||
				(view.policy.silence.resolved_while_held === 'drop' && entry.kind !== 'batch');
			if (!dropped) return true;
			const ticket = view.ticketOf(entry.ticket_key);
			if (ticket ? ticket.open : !isResolved(entry.item.event)) return true;
			this.writes.drop(entry, 'silenced', 'resolved_while_held', { ticket: entry.ticket_key });
			return false;
		});
	}

	private async closeGroup(group: GroupState, entries: HeldEntry[]): Promise<void> {
		const repeats = group.opened_at === null && group.last_items !== null;
		if (repeats) return this.repeat(group);
		const out = await this.settleGroup(group, entries);
		if (out.length > 0) this.emit(out);
	}

	/** Closes the window and returns what may go; the group goes on while one of its tickets is open. */
	private async settleGroup(group: GroupState, entries: HeldEntry[]): Promise<HeldEntry[]> {
		const out = this.dropUntold(this.pass(entries, true));
		const view = this.views.values().next().value;
		const tickets = [...new Set([...group.open_tickets, ...out.map((e) => e.ticket_key)])];
		const open = tickets.filter(
			(key) =>
				view?.ticketOf(key)?.open ??
				!out.some((e) => e.ticket_key === key && isResolved(e.item.event)),
		);
		const flushed =
			out.length > 0
				? afterFlush(
						group,
						out.map((e) => e.item),
						open,
						this.options.now,
					)
				: quiet(group, this.options.now);
		if (flushed) await this.store.groups.put([flushed]);
		else await this.store.groups.remove([group.group_key]);
		return out;
	}

	private async repeat(group: GroupState): Promise<void> {
		const view = this.views.get(group.policy_id) as LoadedView;
		const { rows, held, decided } = await releaseRepeat(this.store, group, view);
		this.writes.add(rows, held);
		for (const { delivery, decision } of decided) this.options.onDecision?.(delivery, decision);
	}

	private emit(entries: readonly HeldEntry[]): void {
		const view = this.viewOf(entries[0]);
		const seed = createHash('sha256')
			.update(`${this.userId}|${this.channel}|${this.nowIso}`)
			.digest('hex');
		const { delivery, absorbed } = collapse(
			entries.map((e) => e.item),
			view.ticketOf,
			seed,
		);
		const urgent = entries.some((e) =>
			isUrgentNow(this.viewOf(e).policy, e.item.event, this.viewOf(e).ticketOf(e.ticket_key)),
		);
		const last = entries[entries.length - 1];
		const decision: Decision = {
			action: 'send',
			reason: last.reason,
			facts: { held_since: entries[0].created_at, entries: entries.length },
		};
		const ids = entries.map((e) => e.delivery_id);
		this.writes.send(delivery, decision, rankOf(delivery, urgent), ids);
		this.writes.absorb(absorbed, delivery.delivery_id);
	}

	private viewOf(entry: HeldEntry): LoadedView {
		return this.views.get(entry.policy_id) as LoadedView;
	}
}
