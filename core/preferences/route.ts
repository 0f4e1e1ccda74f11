import type { Fallback } from '../events/delivery';
import type { NotificationEvent } from '../events/model';
import { wants } from './categories';
import type { EffectivePreference } from './merge';

export type SkipReason = 'no_address' | 'disabled' | 'category_off';
export type ChannelReason = 'no_channel' | 'category_off' | 'no_address' | 'unsupported_channel';

export interface ChosenChannel {
	channel: string;
	address: Record<string, unknown>;
	because: string;
	fallback: Fallback[];
}

export interface Route {
	chosen: ChosenChannel[];
	/** Listed and wanted, but no such channel is there (RN2). */
	unsupported: ChosenChannel[];
	/** Listed channels that carry nothing, for the record. */
	skipped: Array<{ channel: string; reason: SkipReason }>;
	/** Set where nothing was chosen. */
	reason?: ChannelReason;
}

/**
 * The channels that carry an event to one person (RP3): each listed one that wants its category; else the first
 * remaining address; else the reason why there is none.
 */
export function route(
	person: EffectivePreference,
	event: NotificationEvent,
	mandatory: boolean,
	known: ReadonlySet<string>,
): Route {
	const { channels } = person;
	const verdicts = channels.map((channel) => wants(channel, event, mandatory));
	const ready = channels.map((channel) => channel.usable && known.has(channel.id));
	const result: Route = { chosen: [], unsupported: [], skipped: [] };
	const take = (index: number, because: string): ChosenChannel => ({
		channel: channels[index].id,
		address: { ...channels[index].address },
		because,
		// A channel that is muted by name for this category is no way around the others.
		fallback: channels.flatMap((channel, i) =>
			i > index && ready[i] && !verdicts[i].muted
				? [{ channel: channel.id, address: { ...channel.address } }]
				: [],
		),
	});
	let wanted = false;
	channels.forEach((channel, index) => {
		if (!channel.listed) return;
		const verdict = verdicts[index];
		if (!verdict.wanted)
			return void result.skipped.push({ channel: channel.id, reason: 'category_off' });
		wanted = true;
		if (ready[index]) result.chosen.push(take(index, verdict.because));
		else if (!channel.enabled) result.skipped.push({ channel: channel.id, reason: 'disabled' });
		else if (!known.has(channel.id)) result.unsupported.push(take(index, verdict.because));
		else result.skipped.push({ channel: channel.id, reason: 'no_address' });
	});
	if (result.chosen.length > 0) return result;
	const lastResort = wanted || mandatory || !person.lists_channels;
	const rest = (index: number): boolean =>
		ready[index] && (wanted || mandatory ? !verdicts[index].muted : verdicts[index].wanted);
	const index = lastResort ? channels.findIndex((_, i) => rest(i)) : -1;
	if (index >= 0) {
		result.chosen.push(
			take(
				index,
				person.lists_channels
					? 'no listed channel can be used; the first remaining address'
					: 'no channels are listed; the first address',
			),
		);
		return result;
	}
	result.reason = reasonOf(person, result, ready, wanted);
	return result;
}

function reasonOf(
	{ channels, lists_channels }: EffectivePreference,
	result: Route,
	ready: readonly boolean[],
	wanted: boolean,
): ChannelReason {
	if (result.unsupported.length > 0) return 'unsupported_channel';
	if (wanted) return 'no_address';
	if (channels.some((channel) => channel.listed)) return 'category_off';
	if (lists_channels || channels.length === 0) return 'no_channel';
	return ready.includes(true) ? 'category_off' : 'no_address';
}
