import type { NotificationEvent } from '../events/model';
import { wants } from './categories';
import type { EffectiveChannel, EffectivePreference } from './merge';

/**
 * Whether somebody takes messages on a channel now: it can be written to, and it is listed where a listed one can.
 * `alsoUnlisted`: as a fallback it need not be listed (RP3).
 */
export function takes(person: EffectivePreference, id: string, alsoUnlisted = false): boolean {
	const channel = person.channels.find((c) => c.id === id);
	if (!channel?.usable) return false;
	return alsoUnlisted || channel.listed || !person.channels.some((c) => c.listed && c.usable);
}

/**
 * The channels that may carry an event, in the person's order: those that can be written to and are not muted for it. What is
 * `mandatory` asks nobody's preferences.
 */
export const channelsFor = (
	person: EffectivePreference,
	event: NotificationEvent,
	mandatory: boolean,
): EffectiveChannel[] =>
	person.channels.filter((c) => c.usable && !wants(c, event, mandatory).muted);
