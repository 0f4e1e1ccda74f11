import { perform, type Channel, type ChannelIo, type Credential, type FollowUp } from '../channels';
import { caughtAsync } from '../errors';
import type { LedgerRow, Store } from '../store/types';
import { applyStatus } from './later';

export interface FollowUpOptions {
	channel: Channel & { followUp: FollowUp };
	credential: Credential;
	io: ChannelIo;
	now: Date;
}

const TIMEOUT_MS = 10_000;
/** Calls of one look: what is more is asked at the next. */
const MOST = 50;

const iso = (ms: number): string => new Date(ms).toISOString();
const cursorKey = (channel: Channel): string => `follow_up:${channel.id}`;

/**
 * Asks the provider what became of messages that it accepted, where it tells only who asks. Each message is asked about at
 * the ages that the channel names, counted from its creation. Returns how many were asked about; throws where the
 * provider cannot be asked now: the same are asked about again.
 */
export async function followUps(store: Store, options: FollowUpOptions): Promise<number> {
	const { channel, now } = options;
	const key = cursorKey(channel);
	const known = (await store.shared.get([key])).get(key)?.at;
	const to = now.getTime();
	const from = typeof known === 'string' ? Date.parse(known) : to;
	const rows = await dueRows(store, channel, from, to);
	const asked = rows.slice(0, MOST);
	if (asked.length > 0) await ask(store, asked, options);
	// With more than one look can take, the next begins at the oldest that was left.
	const left = rows.slice(MOST).map(({ due }) => due);
	await store.shared.put(key, { at: iso(left.length > 0 ? Math.min(...left) : to) }, iso(to));
	return asked.length;
}

interface Due {
	row: LedgerRow;
	/** When it was to be asked about, epoch ms. */
	due: number;
}

/** In the order in which they fell due within `[from, to)`. */
async function dueRows(
	store: Store,
	channel: FollowUpOptions['channel'],
	from: number,
	to: number,
): Promise<Due[]> {
	const found: Due[] = [];
	for (const seconds of channel.followUp.afterSeconds) {
		const after = seconds * 1000;
		const rows = await store.deliveries.list({
			channel: channel.id,
			status: 'sent',
			since: iso(from - after),
			until: iso(to - after),
			limit: 500,
		});
		for (const row of rows)
			if (row.provider_ref) found.push({ row, due: Date.parse(row.created_at) + after });
	}
	return found.sort((a, b) => a.due - b.due);
}

async function ask(
	store: Store,
	rows: readonly Due[],
	{ channel, credential, io, now }: FollowUpOptions,
): Promise<void> {
	const prepared = (await channel.prepare?.(io, credential)) ?? {};
	for (const { row } of rows) {
		// A message of a kind that has no status is no reason to leave the others.
		const request = await caughtAsync(async () =>
			channel.followUp.request(row.provider_ref ?? {}, { credential, prepared }),
		);
		if (!request.ok) continue;
		const response = await perform(io, request.value, TIMEOUT_MS);
		const later = 'status' in response ? channel.followUp.read(response) : undefined;
		if (later) await applyStatus(store, [row], later, now);
	}
}
