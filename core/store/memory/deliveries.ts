import { plainCopy } from '../plain';
import {
	byCreation,
	byRank,
	claimVerdict,
	compareText,
	DEFAULT_LIMIT,
	IN_LINE,
	isReached,
	ticketIdOf,
} from '../rules';
import type { ClaimResult, DeliveryFilter, DeliveryRepository, LedgerRow, LineRow } from '../types';
import type { MemoryContext } from './context';
import { pairOf } from './state';

export class MemoryDeliveries implements DeliveryRepository {
	constructor(private readonly context: MemoryContext) {}

	async insert(
		rows: readonly LedgerRow[],
		options: { overwrite?: boolean } = {},
	): Promise<string[]> {
		const { deliveries } = this.context.state;
		return this.context.step(() => {
			const fresh: string[] = [];
			for (const row of rows) {
				const known = deliveries.get(row.delivery_id);
				if (!known) fresh.push(row.delivery_id);
				if (known && !options.overwrite) continue;
				// The row began when it began: recent counts are by the first decision.
				const created_at = known?.created_at ?? row.created_at;
				deliveries.set(this.own({ ...row, created_at }));
			}
			return fresh;
		});
	}

	async get(ids: readonly string[]): Promise<LedgerRow[]> {
		const { deliveries } = this.context.state;
		return this.context.step(() => plainCopy(deliveries.pick(ids)));
	}

	async update(
		rows: ReadonlyArray<Partial<LedgerRow> & { delivery_id: string }>,
		still: (now: LedgerRow) => boolean = () => true,
	): Promise<string[]> {
		const { deliveries } = this.context.state;
		return this.context.step(() => {
			const changed = new Set<string>();
			for (const row of rows) {
				const known = deliveries.get(row.delivery_id);
				if (!known || !(changed.has(row.delivery_id) || still(known))) continue;
				deliveries.set({ ...known, ...this.own(row) });
				changed.add(row.delivery_id);
			}
			return [...changed];
		});
	}

	async claim(
		rows: readonly LedgerRow[],
		owner: string,
		now: string,
		leaseUntil: string,
	): Promise<ClaimResult[]> {
		const { deliveries } = this.context.state;
		const lease = { lease_owner: owner, lease_until: leaseUntil, updated_at: now };
		return this.context.step(() =>
			rows.map((row): ClaimResult => {
				const known = deliveries.get(row.delivery_id);
				const { delivery_id } = row;
				const verdict = known ? claimVerdict(known, now) : 'take';
				if (known && (verdict === 'already_sent' || verdict === 'claimed_elsewhere')) {
					return { delivery_id, claimed: false, why: verdict, row: plainCopy(known) };
				}
				const base = known ?? this.own({ ...row, attempts: 0, possibly_duplicate: false });
				const attempts = base.attempts + (verdict === 'take_over' ? 1 : 0);
				const possibly_duplicate = base.possibly_duplicate || verdict === 'take_over';
				deliveries.set({
					...base,
					...lease,
					stage: 'sending',
					status: 'pending',
					attempts,
					possibly_duplicate,
				});
				return { delivery_id, claimed: true, attempts, possibly_duplicate };
			}),
		);
	}

	async leaseDue(
		now: string,
		limit: number,
		owner: string,
		leaseUntil: string,
	): Promise<LedgerRow[]> {
		const { deliveries } = this.context.state;
		return this.context.step(() =>
			[...deliveries.due('due', now), ...deliveries.due('lease', now)]
				.sort(byRank)
				.slice(0, limit)
				.map((row) => {
					const leased: LedgerRow = {
						...row,
						stage: 'emitted',
						lease_owner: owner,
						lease_until: leaseUntil,
						updated_at: now,
					};
					deliveries.set(leased);
					return plainCopy(leased);
				}),
		);
	}

	async takeBack(owner: string, now: string): Promise<number> {
		const { deliveries } = this.context.state;
		return this.context.step(() => {
			const left = [...deliveries.values()].filter(
				(row) => row.stage === 'emitted' && row.lease_owner === owner && !row.test,
			);
			left.forEach((row) =>
				deliveries.set({
					...row,
					stage: 'due',
					lease_owner: null,
					lease_until: null,
					updated_at: now,
				}),
			);
			return left.length;
		});
	}

	async recentCounts(
		pairs: ReadonlyArray<{ user_id: string; channel: string }>,
		since: string,
	): Promise<Map<string, number>> {
		const { deliveries } = this.context.state;
		return this.context.step(() => {
			const counts = new Map<string, number>();
			for (const { user_id, channel } of pairs) {
				const key = pairOf(user_id, channel);
				const rows = deliveries.by('counted', key);
				const count = rows.filter((row) => row.created_at >= since).length;
				if (count > 0) counts.set(key, count);
			}
			return counts;
		});
	}

	async told(pairs: ReadonlyArray<{ ticket_key: string; user_id: string }>): Promise<Set<string>> {
		const { deliveries } = this.context.state;
		const isTold = (row: LedgerRow): boolean =>
			!row.test && (isReached(row) || deliveries.has('carried', pairOf(row.event_id, row.user_id)));
		return this.context.step(() => {
			const keys = pairs.map((pair) => pairOf(pair.ticket_key, pair.user_id));
			return new Set(keys.filter((key) => deliveries.by('told', key).some(isTold)));
		});
	}

	async carried(
		pairs: ReadonlyArray<{ event_id: string; user_id: string }>,
	): Promise<Map<string, string[]>> {
		const { deliveries } = this.context.state;
		return this.context.step(() => {
			const channels = new Map<string, string[]>();
			for (const { event_id, user_id } of pairs) {
				const key = pairOf(event_id, user_id);
				const found = new Set(deliveries.by('carried', key).map((row) => row.channel));
				if (found.size > 0) channels.set(key, [...found].sort());
			}
			return channels;
		});
	}

	async editable(ticketKeys: readonly string[]): Promise<LedgerRow[]> {
		const { deliveries } = this.context.state;
		return this.context.step(() =>
			plainCopy(
				[...new Set(ticketKeys)]
					.flatMap((key) => deliveries.by('editable', key))
					.sort((a, b) => -newestFirst(a, b)),
			),
		);
	}

	async line(
		keys: ReadonlyArray<{ ticket_key: string; user_id: string; channel: string }>,
	): Promise<LineRow[]> {
		const { deliveries } = this.context.state;
		return this.context.step(() => {
			const channels = channelsOf(keys);
			return [...channels]
				.flatMap(([pair, wanted]) =>
					deliveries
						.by('told', pair)
						.filter((row) => !row.test && wanted.has(row.channel) && isInLine(row)),
				)
				.sort(byCreation)
				.map((row) => plainCopy({ ...row, item: undefined }));
		});
	}

	async stuck(before: string, limit: number): Promise<LedgerRow[]> {
		const { deliveries } = this.context.state;
		return this.context.step(() =>
			plainCopy(
				deliveries.due('in_flight', before, limit).filter((row) => row.updated_at < before),
			),
		);
	}

	async abandoned(now: string, limit: number): Promise<LedgerRow[]> {
		const { deliveries } = this.context.state;
		const isOver = (row: LedgerRow): boolean =>
			row.stage !== 'decided' && row.lease_until !== null && row.lease_until <= now;
		const order = (a: LedgerRow, b: LedgerRow): number =>
			compareText(a.lease_until ?? '', b.lease_until ?? '') ||
			compareText(a.delivery_id, b.delivery_id);
		return this.context.step(() =>
			plainCopy(deliveries.due('in_flight', now).filter(isOver).sort(order).slice(0, limit)),
		);
	}

	async nextDue(): Promise<string | undefined> {
		const { deliveries } = this.context.state;
		return this.context.step(() => deliveries.firstDue('due'));
	}

	async list(filter: DeliveryFilter): Promise<LedgerRow[]> {
		const { deliveries } = this.context.state;
		const { limit = DEFAULT_LIMIT, offset = 0 } = filter;
		return this.context.step(() => {
			const rows =
				filter.delivery_id !== undefined
					? deliveries.pick([filter.delivery_id])
					: filter.user_id !== undefined
						? deliveries.by('user', filter.user_id)
						: [...deliveries.values()];
			const found = rows.filter((row) => matches(row, filter)).sort(newestFirst);
			return plainCopy(found.slice(offset, offset + limit));
		});
	}

	/** The store's own copy of what a caller gave. */
	private own<R extends Partial<LedgerRow>>(row: R): R {
		if (!row.item) return plainCopy(row);
		const { item, ...rest } = row;
		return { ...plainCopy(rest), item: this.context.state.documents.item(item) } as R;
	}
}

const isInLine = (row: LedgerRow): boolean => IN_LINE.some((stage) => stage === row.stage);

/** Channels by `ticket_key|user_id`. */
function channelsOf(
	keys: ReadonlyArray<{ ticket_key: string; user_id: string; channel: string }>,
): Map<string, Set<string>> {
	const channels = new Map<string, Set<string>>();
	for (const { ticket_key, user_id, channel } of keys) {
		const pair = pairOf(ticket_key, user_id);
		channels.set(pair, (channels.get(pair) ?? new Set()).add(channel));
	}
	return channels;
}

const EXACT = [
	'user_id',
	'channel',
	'status',
	'ticket_key',
	'event_id',
	'delivery_id',
	'provider_message_id',
] as const;

const matches = (row: LedgerRow, filter: DeliveryFilter): boolean =>
	EXACT.every((name) => filter[name] === undefined || row[name] === filter[name]) &&
	(filter.ticket_id === undefined || ticketIdOf(row) === filter.ticket_id) &&
	(filter.since === undefined || row.created_at >= filter.since) &&
	(filter.until === undefined || row.created_at < filter.until) &&
	(filter.include_test === true || !row.test);

const newestFirst = (a: LedgerRow, b: LedgerRow): number =>
	compareText(b.created_at, a.created_at) || compareText(b.delivery_id, a.delivery_id);
