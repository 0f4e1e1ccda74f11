import type { NotificationEvent } from '../events/model';
import { matchesAll, parseMatchers, textAt } from '../preferences/matchers';
import type { Policy } from '../preferences/policy';
import type { ParentMark, TicketState } from '../store/types';
import { equalKey } from './blocked';

type Rule = Policy['silence']['inhibition'][number];

const ruleId = ({ source, target, equal }: Rule): string => JSON.stringify([source, target, equal]);

function mark(rule: Rule, event: NotificationEvent): ParentMark | undefined {
	if (!matchesAll(parseMatchers(rule.source), event)) return undefined;
	return {
		rule: ruleId(rule),
		equal: equalKey(rule.equal, event),
		matches_target: matchesAll(parseMatchers(rule.target), event),
	};
}

/**
 * The rules by which a ticket is a parent after this event (RS7). Once it is one it stays so until it is closed, whatever
 * is said of it; an event that leaves out an equal field does not change its value.
 */
export function parentMarks(
	event: NotificationEvent,
	before: readonly ParentMark[],
	policy: Policy,
): ParentMark[] {
	return policy.silence.inhibition.flatMap((rule) => {
		const known = before.find((old) => old.rule === ruleId(rule));
		const found = mark(rule, event);
		if (!found || (known && rule.equal.some((path) => isMissing(event, path))))
			return known ? [known] : [];
		return [found];
	});
}

const isMissing = (event: NotificationEvent, path: string): boolean =>
	textAt(event, path).every((text) => text === '');

/** How an open ticket is a parent by this rule; undefined where it is none. */
export const parentBy = (rule: Rule, ticket: TicketState): ParentMark | undefined =>
	ticket.parent_of?.find((known) => known.rule === ruleId(rule)) ?? mark(rule, ticket.event);
