import { caught } from '../errors';
import { CHANNEL_IDS, type Delivery } from '../events/delivery';
import { addressMark } from '../events/ids';
import { isMandatory } from '../gate/decide';
import { kindOf } from '../gate/rows';
import { effective, type EffectivePreference } from '../preferences/merge';
import type { Policy } from '../preferences/policy';
import { channelsFor, takes } from '../preferences/takes';
import type { LedgerRow, Store } from '../store/types';
import { letGo, type PeopleNowOptions, type Unwanted } from './let-go';

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
	if (unwanted.length > 0) await letGo(store, unwanted, options, policy);
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
	const further = channelsFor(person, item.event, mandatory).filter(
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
