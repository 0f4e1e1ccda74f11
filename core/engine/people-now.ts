import { caught } from '../errors';
import { CHANNEL_IDS, type Decision, type Delivery } from '../events/delivery';
import { kindOf, ledgerRow } from '../gate/rows';
import { effective, type EffectivePreference } from '../preferences/merge';
import type { Policy } from '../preferences/policy';
import { furtherChannels, takes } from '../preferences/takes';
import { isAsSeen } from '../store/rules';
import type { LedgerRow, Store } from '../store/types';
import type { Delivered } from './deliver-types';
import { turn } from './turn';

export interface PeopleNowOptions {
	now: number;
	policy(): Promise<Policy>;
	onDecision?(delivery: Delivery, decision: Decision): void;
}

interface Unwanted {
	row: LedgerRow;
	/** With the person's further channels of now; none where nobody is to be told. */
	item: Delivery;
	reason: 'inactive' | 'channel_off';
}

/**
 * Due rows for their people as they are now: address, language and zone of their documents. What waited for somebody who
 * is not active any more ends; what waited for a channel that was switched off meanwhile goes to the next one (RP3).
 */
export async function forPeopleOfNow(
	store: Store,
	rows: readonly LedgerRow[],
	options: PeopleNowOptions,
): Promise<LedgerRow[]> {
	const ids = [...new Set(rows.filter(isNews).map((row) => row.user_id))];
	if (ids.length === 0) return [...rows];
	const documents = await store.preferences.get(ids);
	const documentOf = new Map(documents.map((row) => [row.user_id, row.document]));
	const policy = await options.policy();
	const unwanted: Unwanted[] = [];
	const out: LedgerRow[] = [];
	for (const row of rows) {
		const document = isNews(row) ? documentOf.get(row.user_id) : undefined;
		// A document that has been broken meanwhile must not stop what was decided by the sound one.
		const read = document && caught(() => effective(document, policy));
		if (!read?.ok) {
			out.push(row);
			continue;
		}
		const item = asKnownNow(row.item as Delivery, read.value);
		if (!read.value.active) unwanted.push({ row, item, reason: 'inactive' });
		else if (isOff(item, read.value)) unwanted.push({ row, item, reason: 'channel_off' });
		else out.push({ ...row, item });
	}
	if (unwanted.length > 0) await leave(store, unwanted, options);
	return out;
}

/** News for a person whose document the store knows; edits, answers and what was written in a sender stay as they are. */
const isNews = ({ item, test, purpose }: LedgerRow): boolean =>
	item !== null &&
	!test &&
	kindOf({ purpose }) === 'news' &&
	item.preference === undefined &&
	item.standalone !== true;

function isOff({ channel, purpose, tried }: Delivery, person: EffectivePreference): boolean {
	const isFallback = (tried ?? []).length > 0 || purpose.startsWith('escalation:');
	return !takes(person, channel, isFallback);
}

function asKnownNow(item: Delivery, person: EffectivePreference): Delivery {
	const further = furtherChannels(person, item.event).filter(
		({ id }) => id !== item.channel && CHANNEL_IDS.some((channel) => channel === id),
	);
	const known = item.fallback.map((f) => f.channel);
	const own = person.channels.find(({ id }) => id === item.channel);
	return {
		...item,
		address: own?.usable ? { ...own.address } : item.address,
		recipient: {
			...item.recipient,
			username: person.username ?? item.recipient.username,
			language: person.language ?? item.recipient.language,
			timezone: person.zone,
		},
		fallback: [
			...further.filter(({ id }) => known.includes(id)),
			...further.filter(({ id, listed }) => listed && !known.includes(id)),
		].map(({ id, address }) => ({ channel: id, address: { ...address } })),
	};
}

/** Ends them with the reason, and puts what is for another channel there; what a sender has taken meanwhile stays with it. */
async function leave(
	store: Store,
	unwanted: readonly Unwanted[],
	{ now, onDecision }: PeopleNowOptions,
): Promise<void> {
	const nowIso = new Date(now).toISOString();
	const seen = new Map(unwanted.map(({ row }) => [row.delivery_id, row]));
	await store.exclusive([], async (tx) => {
		const ours = new Set(
			await tx.deliveries.update(
				unwanted.map(({ row, reason }) => ({
					delivery_id: row.delivery_id,
					stage: 'done' as const,
					status: 'silenced' as const,
					reason,
					due_at: null,
					lease_owner: null,
					lease_until: null,
					updated_at: nowIso,
				})),
				(row) => isAsSeen(row, seen.get(row.delivery_id)),
			),
		);
		const left = unwanted.filter(({ row }) => ours.has(row.delivery_id));
		const results = left
			// A repeat is no news: what it repeats has been told.
			.filter(({ reason, item }) => reason === 'channel_off' && !item.purpose.startsWith('repeat:'))
			.map(({ item, reason }): Delivered['results'][number] => {
				const status = { status: 'failed' as const, timestamp: nowIso, reason };
				return { delivery: { ...item, status }, ok: false };
			});
		await turn(tx, results);
		const turned = results.flatMap((result) => (result.turned ? [result.turned] : []));
		const due = { stage: 'due' as const, due_at: nowIso };
		await tx.deliveries.insert(
			turned.map((item) => ledgerRow(item, nowIso, due)),
			{ overwrite: true },
		);
		for (const { item, reason } of left) onDecision?.(item, { action: 'silence', reason });
	});
}
