import { plainCopy } from '../plain';
import {
	actionVerdict,
	backInQueue,
	compareText,
	DEFAULT_LIMIT,
	heldAction,
	newAction,
} from '../rules';
import type { ActionClaim, ActionRepository, ActionRow } from '../types';
import type { MemoryContext } from './context';

export class MemoryActions implements ActionRepository {
	constructor(private readonly context: MemoryContext) {}

	async claim(
		row: Pick<ActionRow, 'id' | 'ticket_key' | 'item'>,
		owner: string,
		now: string,
		leaseUntil: string,
	): Promise<ActionClaim> {
		const { actions } = this.context.state;
		return this.context.step(() => {
			const known = actions.get(row.id) ?? newAction(plainCopy(row), now);
			const verdict = actionVerdict(known, now);
			if (verdict === 'ended' || verdict === 'held')
				return { claimed: false, row: plainCopy(known) };
			const running = heldAction(known, 'running', { owner, now, until: leaseUntil });
			actions.set(running);
			return { claimed: true, row: plainCopy(running) };
		});
	}

	async settle(
		id: string,
		owner: string,
		change: Partial<ActionRow>,
		now: string,
	): Promise<boolean> {
		const { actions } = this.context.state;
		return this.context.step(() => {
			const known = actions.get(id);
			if (known?.status !== 'running' || known.lease_owner !== owner) return false;
			actions.set({
				...known,
				lease_owner: null,
				lease_until: null,
				...plainCopy(change),
				updated_at: now,
			});
			return true;
		});
	}

	async get(ids: readonly string[]): Promise<ActionRow[]> {
		const { actions } = this.context.state;
		return this.context.step(() => plainCopy(actions.pick(ids)));
	}

	async leaseDue(
		now: string,
		limit: number,
		owner: string,
		leaseUntil: string,
	): Promise<ActionRow[]> {
		const { actions } = this.context.state;
		return this.context.step(() =>
			[...actions.due('due', now, limit), ...actions.due('lease', now, limit)]
				.slice(0, limit)
				.map((row) => {
					const leased = heldAction(row, 'emitted', { owner, now, until: leaseUntil });
					actions.set(leased);
					return plainCopy(leased);
				}),
		);
	}

	async takeBack(owner: string, now: string): Promise<number> {
		const { actions } = this.context.state;
		return this.context.step(() => {
			const left = [...actions.values()].filter(
				(row) => row.status === 'emitted' && row.lease_owner === owner,
			);
			for (const row of left) actions.set({ ...row, ...backInQueue(now) });
			return left.length;
		});
	}

	async nextDue(): Promise<string | undefined> {
		const { actions } = this.context.state;
		return this.context.step(
			() =>
				[actions.firstDue('due'), actions.firstDue('lease')]
					.filter((at) => at !== undefined)
					.sort()[0],
		);
	}

	async list(filter: {
		ticket_key?: string;
		status?: ActionRow['status'];
		limit?: number;
		offset?: number;
	}): Promise<ActionRow[]> {
		const { actions } = this.context.state;
		const { ticket_key, status, limit = DEFAULT_LIMIT, offset = 0 } = filter;
		return this.context.step(() => {
			const rows =
				ticket_key === undefined ? [...actions.values()] : actions.by('ticket', ticket_key);
			const found = rows
				.filter((row) => status === undefined || row.status === status)
				.sort((a, b) => compareText(b.created_at, a.created_at) || compareText(b.id, a.id));
			return plainCopy(found.slice(offset, offset + limit));
		});
	}

	async purge(before: string): Promise<number> {
		const { actions } = this.context.state;
		return this.context.step(
			() =>
				[...actions.values()].filter(
					(row) =>
						actionVerdict(row, before) === 'ended' &&
						row.updated_at < before &&
						actions.delete(row.id),
				).length,
		);
	}
}
