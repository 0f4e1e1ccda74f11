import { intakeOrder } from '../intake-order';
import { plainCopy } from '../plain';
import { AGAIN } from '../rules';
import type { IntakeRepository, IntakeRow } from '../types';
import type { MemoryContext } from './context';
import { nodeOf } from './state';

type Node = { workflow_id: string; node_id: string };

const FREE = { lease_owner: null, lease_until: null } as const;

/** The durable intake's rules without its durability: for tests. */
export class MemoryIntake implements IntakeRepository {
	constructor(private readonly context: MemoryContext) {}

	async put(rows: readonly IntakeRow[]): Promise<string[]> {
		const { state } = this.context;
		return this.context.step(() => {
			const fresh = rows.filter((row) => {
				if (state.intake.get(row.id)) return false;
				state.intake.set(plainCopy({ ...row, seq: state.nextSeq() }));
				return true;
			});
			return fresh.map((row) => row.id);
		});
	}

	async lease(
		node: Node,
		owner: string,
		now: string,
		leaseUntil: string,
		limit: number,
		urgentOnly = false,
	): Promise<IntakeRow[]> {
		const { intake } = this.context.state;
		return this.context.step(() => {
			const held = new Set<string>();
			for (const row of intake.by('node', `leased\n${nodeOf(node)}`)) {
				if (row.lease_until !== null && row.lease_until > now) held.add(row.ticket_key);
				else intake.set({ ...row, ...FREE, status: 'queued' });
			}
			const queued = intake
				.by('node', `queued\n${nodeOf(node)}`)
				.filter((row) => !held.has(row.ticket_key));
			const lease = { lease_owner: owner, lease_until: leaseUntil, updated_at: now };
			return intakeOrder(queued, limit, urgentOnly).map((row) => {
				const leased: IntakeRow = { ...row, ...lease, status: 'leased' };
				intake.set(leased);
				return plainCopy(leased);
			});
		});
	}

	async renew(ids: readonly string[], owner: string, leaseUntil: string): Promise<void> {
		return this.change(ids, (row) =>
			row.status === 'leased' && row.lease_owner === owner
				? { ...row, lease_until: leaseUntil }
				: undefined,
		);
	}

	async giveBack(ids: readonly string[], owner: string): Promise<void> {
		return this.change(ids, (row) =>
			row.status === 'leased' && row.lease_owner === owner
				? { ...row, ...FREE, status: 'queued' }
				: undefined,
		);
	}

	async complete(ids: readonly string[], now: string): Promise<void> {
		return this.change(ids, (row) =>
			isWaiting(row) ? { ...row, ...FREE, status: 'done', updated_at: now } : undefined,
		);
	}

	async fail(
		ids: readonly string[],
		error: string,
		maxAttempts: number,
		now: string,
		owner?: string,
	): Promise<string[]> {
		const poison: string[] = [];
		await this.change(ids, (row) => {
			if (!isWaiting(row)) return undefined;
			const isForeign = row.status === 'leased' && row.lease_owner !== (owner ?? row.lease_owner);
			if (isForeign) return undefined;
			const attempts = row.attempts + 1;
			if (attempts >= maxAttempts) poison.push(row.id);
			const status = attempts >= maxAttempts ? 'poison' : 'queued';
			return { ...row, ...FREE, attempts, status, error, updated_at: now };
		});
		return poison;
	}

	async retry(ids: readonly string[], now: string): Promise<IntakeRow[]> {
		const rows: IntakeRow[] = [];
		await this.change(ids, (row) => {
			if (row.status !== 'poison') return undefined;
			rows.push({ ...row, ...FREE, ...AGAIN, updated_at: now });
			return rows[rows.length - 1];
		});
		return plainCopy(rows);
	}

	async release(filter: { owner?: string; expiredAt?: string }): Promise<number> {
		const { intake } = this.context.state;
		const { owner, expiredAt } = filter;
		return this.context.step(() => {
			const freed = intake
				.by('status', 'leased')
				.filter(
					(row) =>
						(owner !== undefined && row.lease_owner === owner) ||
						(expiredAt !== undefined && (row.lease_until === null || row.lease_until <= expiredAt)),
				);
			freed.forEach((row) => intake.set({ ...row, ...FREE, status: 'queued' }));
			return freed.length;
		});
	}

	async counts(node?: Node): Promise<{ queued: number; leased: number; poison: number }> {
		const { intake } = this.context.state;
		const count = (status: IntakeRow['status']): number =>
			node
				? intake.by('node', `${status}\n${nodeOf(node)}`).length
				: intake.by('status', status).length;
		return this.context.step(() => ({
			queued: count('queued'),
			leased: count('leased'),
			poison: count('poison'),
		}));
	}

	async list(options: {
		status?: IntakeRow['status'];
		limit: number;
		offset?: number;
	}): Promise<IntakeRow[]> {
		const { intake } = this.context.state;
		const { status, limit, offset = 0 } = options;
		return this.context.step(() => {
			const rows = status ? intake.by('status', status) : [...intake.values()];
			return plainCopy(rows.sort((a, b) => a.seq - b.seq).slice(offset, offset + limit));
		});
	}

	async purge(before: string): Promise<number> {
		const { intake } = this.context.state;
		return this.context.step(
			() =>
				intake
					.by('status', 'done')
					.filter((row) => row.updated_at < before && intake.delete(row.id)).length,
		);
	}

	private async change(
		ids: readonly string[],
		change: (row: IntakeRow) => IntakeRow | undefined,
	): Promise<void> {
		const { intake } = this.context.state;
		return this.context.step(() => {
			for (const row of intake.pick(ids)) {
				const next = change(row);
				if (next) intake.set(next);
			}
		});
	}
}

const isWaiting = (row: IntakeRow): boolean => row.status === 'leased' || row.status === 'queued';
