import { caught } from '../errors';
import { CHANNEL_IDS, type Decision, type Delivery } from '../events/delivery';
import { addressMark } from '../events/ids';
import { isMandatory, nextBatch } from '../gate/decide';
import { partsOf, type PartRow } from '../gate/parts';
import { heldEntry, kindOf, ledgerRow } from '../gate/rows';
import { effective, type EffectivePreference } from '../preferences/merge';
import type { Policy } from '../preferences/policy';
import { furtherChannels, takes } from '../preferences/takes';
import { isUrgent } from '../strategy/priority';
import { isAsSeen } from '../store/rules';
import type { HeldEntry, LedgerRow, Store } from '../store/types';
import type { Delivered } from './deliver-types';
import { entryOn, turn } from './turn';

export interface PeopleNowOptions {
	now: number;
	policy(): Promise<Policy>;
	onDecision?(delivery: Delivery, decision: Decision): void;
}

interface Unwanted {
	row: LedgerRow;
	/** With the person's further channels of now; none where nobody is to be told. */
	item: Delivery;
	person: EffectivePreference;
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
		const person = read.value;
		const was = row.item as Delivery;
		const isOwn = was.why?.address === addressMark(was.address);
		// A workflow that writes to another address than the document's means it.
		const item = isOwn ? asKnownNow(was, person, policy) : was;
		if (!person.active) unwanted.push({ row, item, person, reason: 'inactive' });
		else if (!isOwn) out.push(row);
		else if (isOff(item, person)) unwanted.push({ row, item, person, reason: 'channel_off' });
		else out.push({ ...row, item });
	}
	if (unwanted.length > 0) await leave(store, unwanted, options, policy);
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

/** For them by name, whatever the categories. */
const isByName = ({ purpose }: Delivery): boolean =>
	purpose.startsWith('escalation:') || purpose.startsWith('reminder:');

function asKnownNow(item: Delivery, person: EffectivePreference, policy: Policy): Delivery {
	const mandatory = isByName(item) || isMandatory(policy, item.event);
	const further = furtherChannels(person, item.event, mandatory).filter(
		({ id }) => id !== item.channel && CHANNEL_IDS.some((channel) => channel === id),
	);
	const known = item.fallback.map((f) => f.channel);
	const own = person.channels.find(({ id }) => id === item.channel);
	const address = own?.usable ? { ...own.address } : item.address;
	return {
		...item,
		address,
		why: { ...item.why, address: addressMark(address) },
		recipient: {
			...item.recipient,
			username: person.username ?? item.recipient.username,
			language: person.language ?? item.recipient.language,
			timezone: person.zone,
		},
		fallback: [
			...further.filter(({ id }) => known.includes(id)),
			...further.filter(({ id }) => takes(person, id) && !known.includes(id)),
		].map(({ id, address }) => ({ channel: id, address: { ...address } })),
	};
}

/** Ends them with the reason, and puts what is for another channel there; what a sender has taken meanwhile stays with it. */
async function leave(
	store: Store,
	unwanted: readonly Unwanted[],
	{ now, onDecision }: PeopleNowOptions,
	policy: Policy,
): Promise<void> {
	await store.exclusive([], async (tx) => {
		const left = await endAll(tx, unwanted, now);
		const digests = await partsOf(
			tx,
			left.map(({ item }) => item),
		);
		for (const { item, reason } of left)
			for (const part of digests(item)?.map((row) => row.item) ?? [item])
				onDecision?.(part, { action: 'silence', reason });
		const moved = left
			.filter((one) => isMoved(one, digests(one.item)))
			.map((one) => ({ ...one, result: failed(one, now) }));
		const again = await turn(
			tx,
			moved.map(({ result }) => result),
			iso(now),
		);
		const there = moved.flatMap(({ result: { turned }, item, person, row }) =>
			turned && !again.has(turned.delivery_id)
				? placed(turned, digests(item) ?? [], row, { person, policy, now })
				: [],
		);
		await tx.deliveries.insert(
			there.map(({ row }) => row),
			{ overwrite: true },
		);
		await tx.held.put(there.flatMap(({ held }) => held ?? []));
		for (const { item } of there) onDecision?.(item, item.decision);
	});
}

/** Returns those that nobody has taken since they were read. */
async function endAll(
	store: Store,
	unwanted: readonly Unwanted[],
	now: number,
): Promise<Unwanted[]> {
	const seen = new Map(unwanted.map(({ row }) => [row.delivery_id, row]));
	const ended = {
		stage: 'done' as const,
		status: 'silenced' as const,
		due_at: null,
		lease_owner: null,
		lease_until: null,
		updated_at: iso(now),
	};
	const ours = new Set(
		await store.deliveries.update(
			unwanted.map(({ row, reason }) => ({ delivery_id: row.delivery_id, reason, ...ended })),
			(row) => isAsSeen(row, seen.get(row.delivery_id)),
		),
	);
	return unwanted.filter(({ row }) => ours.has(row.delivery_id));
}

/** A repeat is no news: what it repeats has been told. */
const isMoved = (
	{ reason, row }: Unwanted,
	parts: ReadonlyArray<Pick<LedgerRow, 'purpose'>> = [row],
): boolean =>
	reason === 'channel_off' &&
	!row.purpose.startsWith('repeat:') &&
	!parts.every(({ purpose }) => purpose.startsWith('repeat:'));

const failed = ({ item, reason }: Unwanted, now: number): Delivered['results'][number] => ({
	delivery: { ...item, status: { status: 'failed', timestamp: iso(now), reason } },
	ok: false,
});

interface Placed {
	item: Delivery & { decision: Decision };
	row: LedgerRow;
	held?: HeldEntry;
}

/** On its next channel: at once, in its place among the others, or where that is read in batches at the next batch time. */
function placed(
	turned: Delivery,
	parts: readonly PartRow[],
	{ rank, created_at, due_at }: LedgerRow,
	{ person, policy, now }: { person: EffectivePreference; policy: Policy; now: number },
): Placed[] {
	// A digest waits in its parts, as they would have there.
	const told = turned.purpose.startsWith('digest:')
		? parts
				.filter(({ delivery_id: id }) => turned.digest?.parts?.includes(id))
				.map((part) => entryOn(turned, part.item))
		: [];
	const items = told.length > 0 ? told : [turned];
	const waits = items.every(
		({ purpose, event }) =>
			purpose === 'first' && !isUrgent(event, policy) && !isMandatory(policy, event),
	);
	const until = waits ? nextBatch(turned, person, now) : undefined;
	if (until === undefined) {
		const reason = turned.decision?.reason ?? 'send_now';
		const item = { ...turned, decision: { action: 'send' as const, reason } };
		return [{ item, row: ledgerRow(item, iso(now), { stage: 'due', rank, created_at, due_at }) }];
	}
	const reason = 'batch_scheduled';
	const decision = { action: 'hold' as const, reason, until: iso(until) };
	return items.map((one) => {
		const item = { ...one, recipient: turned.recipient, message: undefined, decision };
		return {
			item,
			row: ledgerRow(item, iso(now), { stage: 'held', created_at }),
			held: heldEntry(item, 'batch', until, { reason, policyId: null, now }),
		};
	});
}

const iso = (ms: number): string => new Date(ms).toISOString();
