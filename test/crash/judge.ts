// Was anything lost, was anything doubled that was not in flight, and does the ledger own up to it?
import type { LedgerRow, Store } from '../../core/store/types';
import type { Load, Place } from './load';
import type { Received } from './providers';

export interface Verdict {
	faults: string[];
	/** Messages that arrived twice, as `ticket place`. */
	doubled: string[];
}

const ENDED = new Set(['sent', 'delivered', 'superseded', 'silenced', 'failed', 'no_route']);

/** `width`: how many messages could be between the provider and the record when the process died. */
export async function judge(
	load: Load,
	received: readonly Received[],
	store: Store,
	width: number,
): Promise<Verdict> {
	const rows = (await store.deliveries.list({ limit: 100_000 })).filter(
		(row) => row.event_id.startsWith(`e-${load.run}T`) || !row.event_id.startsWith('e-R'),
	);
	const faults = [...openEnds(rows), ...(await leftovers(store))];
	const doubled: string[] = [];
	const twice = new Set<string>();
	for (const [ticket, places] of load.expected) {
		const mine = rows.filter((row) => namesTicket(row, ticket));
		if (mine.length === 0) faults.push(`${ticket}: the store knows nothing of it`);
		for (const place of places) {
			const times = received.filter((r) => r.place === place && r.tickets.includes(ticket));
			if (times.length === 0) faults.push(`${ticket}: lost on its way to ${place}`);
			if (times.length <= 1) continue;
			doubled.push(`${ticket} ${place}`);
			// A digest that came twice is one message, however many tickets are in it.
			twice.add(`${place} ${times[0].tickets.sort().join(' ')}`);
			if (!mine.some((row) => row.possibly_duplicate && isAt(row, place)))
				faults.push(`${ticket}: came ${times.length} times to ${place}, not marked`);
			if (times.length > 2) faults.push(`${ticket}: came ${times.length} times to ${place}`);
		}
		const elsewhere = received.filter(
			(r) => r.tickets.includes(ticket) && !places.includes(r.place),
		);
		for (const { place } of elsewhere)
			faults.push(`${ticket}: came to ${place}, which is not meant`);
	}
	if (twice.size > width) faults.push(`${twice.size} messages came twice, ${width} were in flight`);
	const marked = rows.filter((row) => row.possibly_duplicate);
	if (marked.length > width) faults.push(`${marked.length} marked, ${width} were in flight`);
	return { faults, doubled };
}

const namesTicket = (row: LedgerRow, ticket: string): boolean =>
	row.ticket_key.endsWith(`:${ticket}`) || (row.item?.digest?.ticket_ids ?? []).includes(ticket);

const isAt = (row: LedgerRow, place: Place): boolean =>
	place === `${row.channel} ${String(row.item?.address.userid ?? row.item?.address.address)}`;

function openEnds(rows: readonly LedgerRow[]): string[] {
	return rows.flatMap((row) => {
		const name = `${row.ticket_key} ${row.user_id} ${row.channel} ${row.purpose}`;
		if (row.stage !== 'done' || !ENDED.has(row.status))
			return [`${name}: still ${row.stage} ${row.status}`];
		if (row.status === 'failed' && row.user_id !== 'gil') return [`${name}: failed ${row.reason}`];
		return [];
	});
}

async function leftovers(store: Store): Promise<string[]> {
	const { queued, leased, poison } = await store.intake.counts();
	const held = await store.held.count();
	const broken = await store.audit.verify();
	return [
		...(queued + leased + poison > 0
			? [`intake: ${queued} queued, ${leased} leased, ${poison} set aside`]
			: []),
		...(held > 0 ? [`${held} still held`] : []),
		...(broken === undefined ? [] : [`the audit chain is broken at ${broken}`]),
	];
}
