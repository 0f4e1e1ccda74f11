import type { NotificationEvent } from '../events/model';
import { matchesAll, textAt } from '../preferences/matchers';
import type { EffectivePreference } from '../preferences/merge';
import type { Presence } from '../store/types';
import { openAt } from '../time/schedule';
import type { Block, GateView } from './types';

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * An administrator's silence: nothing passes it. Else a ticket that this person has muted (a silence that names its
 * recipient): what is mandatory passes it, as it passes their other states (RS6). The latest end of those that match counts.
 */
export function bySilence(
	view: GateView,
	event: NotificationEvent,
	person: Pick<EffectivePreference, 'user_id'>,
	mandatory: boolean,
): Block | undefined {
	const found: { administrator?: Block; person?: Block } = {};
	for (const { silence, matchers } of view.silences) {
		const isPersonal = matchers.some((m) => m.path === 'recipient.user_id');
		const by = isPersonal ? 'person' : 'administrator';
		const until = Date.parse(silence.ends_at);
		if ((isPersonal && mandatory) || until <= (found[by]?.until ?? -Infinity)) continue;
		const subject = isPersonal ? { ...event, recipient: { user_id: person.user_id } } : event;
		if (!matchesAll(matchers, subject)) continue;
		found[by] = {
			kind: 'silence',
			reason: isPersonal ? 'muted_by_person' : 'silenced_by_administrator',
			until,
			facts: {
				silence_id: silence.id,
				author: silence.author,
				comment: silence.comment,
				ends_at: silence.ends_at,
			},
		};
	}
	return found.administrator ?? found.person;
}

/** A child of an open parent ticket waits for it; as in Alertmanager, two that match both sides do not hold each other. */
export function byInhibition(
	view: GateView,
	event: NotificationEvent,
	ticketKey: string,
): Block | undefined {
	for (const rule of view.inhibitors) {
		if (!matchesAll(rule.target, event)) continue;
		const parents = rule.parents.get(equalKey(rule.equal, event));
		if (!parents) continue;
		const matchesSource = matchesAll(rule.source, event);
		const parent = parents.find(
			(p) => p.ticket_key !== ticketKey && !(matchesSource && p.matchesTarget),
		);
		if (parent)
			return {
				kind: 'inhibited',
				reason: 'inhibited_by_parent',
				until: null,
				facts: { parent: parent.ticket_key },
			};
	}
	return undefined;
}

/** Values of the equal fields; a missing field equals a missing field. */
export const equalKey = (paths: readonly string[], event: unknown): string =>
	JSON.stringify(paths.map((path) => textAt(event, path).sort()));

/** The person's own states in the seed's order: do-not-disturb, meeting, focus, hours. */
export function byState(
	now: number,
	person: EffectivePreference,
	presence: Presence | undefined,
	urgent: boolean,
	urgentPasses: readonly string[],
): Block | undefined {
	const passes = (state: string): boolean => urgent && urgentPasses.includes(state);
	const status =
		presence && (!presence.until || Date.parse(presence.until) > now)
			? presence.status
			: 'available';
	const until = presence?.until ? Date.parse(presence.until) : null;

	if (person.do_not_disturb && !passes('dnd')) {
		return { kind: 'state', reason: 'do_not_disturb', until: null, facts: { by: 'preference' } };
	}
	if (status === 'dnd' && !passes('dnd'))
		return { kind: 'state', reason: 'do_not_disturb', until, facts: { by: 'presence' } };
	if (status === 'in_meeting' && !passes('in_meeting'))
		return { kind: 'state', reason: 'in_meeting', until, facts: {} };
	if (status === 'focused' && !passes('focused'))
		return { kind: 'state', reason: 'focused', until, facts: {} };
	if (passes('outside_hours')) return undefined;
	const hours = openAt(person.schedule, now, person.zone);
	if (hours.open) return undefined;
	return {
		kind: 'state',
		reason: hours.why,
		until: hours.until,
		facts: {
			timezone: person.zone,
			...(hours.until === null ? {} : { opens_at: iso(hours.until) }),
		},
	};
}

/** The first thing that stops this event for this person now, in the order of docs/gate.md. */
export function blockedBy(
	view: GateView,
	event: NotificationEvent,
	ticketKey: string,
	person: EffectivePreference,
	flags: { urgent: boolean; mandatory: boolean },
): Block | undefined {
	return (
		bySilence(view, event, person, flags.mandatory) ??
		byInhibition(view, event, ticketKey) ??
		(flags.mandatory
			? undefined
			: byState(
					view.now,
					person,
					view.presenceOf(person.user_id),
					flags.urgent,
					view.policy.silence.urgent_passes,
				))
	);
}
