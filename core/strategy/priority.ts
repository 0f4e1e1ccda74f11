import type { Strategy } from '../events/delivery';
import { isOfType, typesOf, type NotificationEvent } from '../events/model';
import { durationMs } from '../time/duration';
import { instantMs } from '../time/instant';
import { BASE_SCORES, ROLE_FACTORS, type PriorityRules, type UrgencyRules } from './tables';

export interface Factor {
	name: 'base' | 'impact' | 'time' | 'role';
	value: number;
	because: string;
}

/** What the delivery item carries as `priority`: every factor, so that a person can see why. */
export interface Score {
	score: number;
	level: Strategy;
	factors: Factor[];
}

/**
 * `base[type] × impact × time × role` and the strategy that the thresholds give it (the first that the score reaches:
 * escalation, immediate, standard, else batch). `now` is an instant; source: the seed's PriorityNotificationManager.
 */
export function score(
	event: NotificationEvent,
	role: string,
	policy: PriorityRules,
	now: Date,
): Score {
	const rules = policy.priority;
	const factors = [
		base(event, rules),
		impact(event, rules),
		time(event, rules, now),
		roleFactor(role, rules),
	];
	// 5 × 1.3 × 1.2 must reach a threshold of 7.8: binary noise is cut off.
	const value = round(factors.reduce((product, factor) => product * factor.value, 1));
	return { score: value, level: levelOf(value, rules), factors };
}

/** Urgent by the ticket's priority or the event's type, never by the score (the seed's rule). */
export function isUrgent(event: NotificationEvent, policy: UrgencyRules): boolean {
	const { priorities, types } = policy.silence.urgent;
	if (isOfType(event, types)) return true;
	const priority = event.content.priority.trim().toLowerCase();
	return priorities.some((urgent) => urgent.trim().toLowerCase() === priority);
}

const round = (value: number): number => Math.round(value * 1e6) / 1e6;

function levelOf(value: number, { thresholds }: PriorityRules['priority']): Strategy {
	if (value >= thresholds.escalation) return 'escalation';
	if (value >= thresholds.immediate) return 'immediate';
	return value >= thresholds.standard ? 'standard' : 'batch';
}

function base(event: NotificationEvent, rules: PriorityRules['priority']): Factor {
	const line = lookUp(typesOf(event), rules.base, BASE_SCORES);
	return { name: 'base', value: line.value, because: because('type', event.event_type, line) };
}

function impact(event: NotificationEvent, { impact: rules }: PriorityRules['priority']): Factor {
	const cis = event.context.related_cis.length;
	const services = event.context.impacted_services.length;
	const value = round(Math.min(rules.max, 1 + rules.per_ci * cis + rules.per_service * services));
	return { name: 'impact', value, because: `${cis} configuration item(s), ${services} service(s)` };
}

function time(
	event: NotificationEvent,
	{ time: table }: PriorityRules['priority'],
	now: Date,
): Factor {
	const deadline = event.context.sla_deadline;
	if (!deadline) return { name: 'time', value: 1, because: 'no SLA deadline' };
	// Not Date.parse: it reads other spellings in the server's own zone (RT4).
	const at = instantMs(deadline);
	if (at === undefined)
		return { name: 'time', value: 1, because: `SLA deadline "${deadline}" cannot be read` };
	const left = at - now.getTime();
	const lines = table
		.map((line) => ({
			...line,
			ms: line.more_than === null ? -Infinity : (durationMs(line.more_than) ?? Infinity),
		}))
		.sort((a, b) => b.ms - a.ms);
	const line = lines.find(({ ms }) => left > ms);
	if (left <= 0)
		return { name: 'time', value: line?.factor ?? 1, because: 'SLA deadline has passed' };
	return {
		name: 'time',
		value: line?.factor ?? 1,
		because: `${Math.round(left / 60_000)} min to the SLA deadline`,
	};
}

function roleFactor(role: string, rules: PriorityRules['priority']): Factor {
	const line = lookUp([role], rules.role, ROLE_FACTORS);
	return { name: 'role', value: line.value, because: because('role', role, line) };
}

/** The user's line of the first key that has one, else the user's `default`, else the built-in one, else 1; and which. */
function lookUp(
	keys: readonly string[],
	own: Readonly<Record<string, number>>,
	builtIn: Readonly<Record<string, number>>,
): { value: number; line: string } {
	const lineOf = (table: Readonly<Record<string, number>>) =>
		keys.find((key) => Object.hasOwn(table, key));
	const mine = lineOf(own);
	if (mine !== undefined) return { value: own[mine], line: mine };
	if (Object.hasOwn(own, 'default')) return { value: own.default, line: 'default' };
	const shipped = lineOf(builtIn);
	return shipped === undefined
		? { value: 1, line: 'default' }
		: { value: builtIn[shipped], line: shipped };
}

/** In words; the line is named where it is not the key's own. */
const because = (what: string, key: string, { line }: { line: string }): string =>
	line === key ? `${what} ${key}` : `${what} ${key} (${line})`;
