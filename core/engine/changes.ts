import { parsePolicy } from '../preferences/policy';
import { parsePreference } from '../preferences/document';
import { matchesEverything, parseMatchers } from '../preferences/matchers';
import { ItsmNotifyError } from '../errors';
import type { Presence, Store, StoredSilence } from '../store/types';
import { createHash } from 'node:crypto';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Saves preference documents (refusing broken ones before any is written); what is held for these people is decided anew (RS4). */
export async function savePreferences(
	store: Store,
	documents: readonly unknown[],
	now: number,
): Promise<string[]> {
	const rows = documents.map((document) => {
		const parsed = parsePreference(document);
		return {
			user_id: parsed.user_id,
			document: document as Record<string, unknown>,
			updated_at: iso(now),
		};
	});
	const ids = rows.map((r) => r.user_id);
	await store.preferences.put(rows);
	await store.held.touch({ user_ids: ids, kinds: ['state', 'batch'] }, iso(now));
	return ids;
}

/** Removes the documents of people; what these held is decided anew by the defaults. Returns how many there were. */
export async function deletePreferences(
	store: Store,
	userIds: readonly string[],
	now: number,
): Promise<number> {
	const count = await store.preferences.delete(userIds);
	await store.held.touch({ user_ids: userIds, kinds: ['state', 'batch'] }, iso(now));
	return count;
}

/** Saves presence; switching do-not-disturb off releases what it held, once. */
export async function savePresence(
	store: Store,
	presence: Omit<Presence, 'updated_at'>,
	now: number,
): Promise<void> {
	await store.presence.put([{ ...presence, updated_at: iso(now) }]);
	await store.held.touch({ user_ids: [presence.user_id], kinds: ['state'] }, iso(now));
}

/** Saves a silence; one that would match everything is refused unless confirmed, one that was ended always. */
export async function saveSilence(
	store: Store,
	silence: Omit<StoredSilence, 'updated_at'>,
	now: number,
): Promise<void> {
	const matchers = parseMatchers(silence.matchers);
	if (!silence.confirmed && matchesEverything(matchers)) {
		throw new ItsmNotifyError(
			'silence_matches_everything',
			`Silence ${silence.id} would match every event`,
			{
				field: 'matchers',
				fix: 'Name what it is for, or set confirmed to true.',
				status: 400,
			},
		);
	}
	if (!(Date.parse(silence.ends_at) > Date.parse(silence.starts_at))) {
		throw new ItsmNotifyError(
			'invalid_silence',
			`Silence ${silence.id}: ends_at must be after starts_at`,
			{
				field: 'ends_at',
				fix: 'Choose an end after the start; where no start is given, after now.',
				status: 400,
			},
		);
	}
	const before = await store.silences.get(silence.id);
	if (before?.ended_at) {
		throw new ItsmNotifyError(
			'silence_ended',
			`Silence ${silence.id} was ended; it never comes back`,
			{
				field: 'id',
				fix: 'Make a new silence with an id of its own.',
				status: 409,
			},
		);
	}
	await store.silences.put({ ...silence, updated_at: iso(now) });
	// Changed: what it holds waits until the new end, or is no longer meant.
	if (before) await store.held.touch({ kinds: ['silence'] }, iso(now));
}

/** Ends a silence early; it counts at the next decision and never comes back. */
export async function endSilence(store: Store, id: string, now: number): Promise<boolean> {
	const ended = await store.silences.end(id, iso(now));
	if (ended) await store.held.touch({ kinds: ['silence'] }, iso(now));
	return ended;
}

export const policyIdOf = (document: Record<string, unknown>): string =>
	`p_${createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 24)}`;

/** Saves the store's policy; throws `invalid_policy` and leaves the old one. */
export async function savePolicy(
	store: Store,
	document: Record<string, unknown>,
	now: number,
): Promise<string> {
	parsePolicy(document);
	const id = policyIdOf(document);
	await store.policies.put(id, document, iso(now));
	// Teams' hours and batch times stand in it too.
	await store.held.touch({ kinds: ['state', 'inhibited', 'batch'] }, iso(now));
	return id;
}
