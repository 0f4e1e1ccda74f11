import { z } from 'zod';

import { BUTTON_ACTIONS } from '../actions/actions';
import { DEFAULT_PERMISSIONS } from '../actions/permissions';
import { TICKET_STATUSES, type TicketStatus } from '../events/model';
import { parseWith } from '../events/validate';
import { TIME_TABLE } from '../strategy/tables';
import { durationMs } from '../time/duration';
import { refusedZone } from '../time/zone';
import { batchProblems, preferenceLevelSchema } from './document';
import { matcherListSchema } from './matchers';
import { isRoleWord, ROLES, type Role } from './roles';

const duration = z
	.string()
	.refine((text) => durationMs(text) !== undefined, 'must be a duration such as 30s, 5m, 2h or 1d');

const zone = z.string().superRefine((name, context) => {
	const refused = refusedZone(name);
	if (refused) context.addIssue({ code: 'custom', message: refused });
});

const priorityTable = z.record(z.string(), z.number().nonnegative());

const permissionOf = (action: (typeof BUTTON_ACTIONS)[number]) => {
	const { roles, statuses } = DEFAULT_PERMISSIONS[action];
	return z
		.strictObject({
			/** `assignee`, `manager`, `requester`, `approver`, `watcher`, `group`, `target`; `*` = everybody who is known. */
			roles: z.array(z.enum(['*', ...ROLES])).default([...roles] as Role[]),
			/** `new` … `closed`; `*` = every one. */
			statuses: z.array(z.enum(['*', ...TICKET_STATUSES])).default([...statuses] as TicketStatus[]),
		})
		.prefault({});
};

/** The policy of a store (docs/policy.md): every field has a default that works. */
export const policySchema = z.strictObject({
	aggregation: z
		.strictObject({
			types: z.array(z.string()).default(['ticket_comment', 'status_update']),
			recent_limit: z.number().int().nonnegative().default(5),
			recent_window: duration.default('10m'),
			group_by: z.array(z.string().min(1)).default(['recipient', 'channel', 'ticket']),
			group_wait: duration.default('30s'),
			group_interval: duration.default('5m'),
			repeat_interval: duration.nullable().default(null),
			max_items: z.number().int().min(1).default(100),
			sliding: z.boolean().default(false),
			max_wait: duration.default('5m'),
		})
		.prefault({}),
	silence: z
		.strictObject({
			action: z.enum(['defer', 'drop']).default('defer'),
			urgent: z
				.strictObject({
					priorities: z.array(z.string()).default(['Critical', 'High']),
					types: z.array(z.string()).default(['system_failure', 'security_alert', 'sla_breaching']),
				})
				.prefault({}),
			urgent_passes: z
				.array(z.enum(['focused', 'outside_hours', 'in_meeting', 'dnd']))
				.default(['focused', 'outside_hours']),
			resolved_while_held: z.enum(['show', 'drop']).default('show'),
			inhibition: z
				.array(
					z.strictObject({
						source: matcherListSchema,
						target: matcherListSchema,
						equal: z.array(z.string()).default([]),
					}),
				)
				.default([]),
		})
		.prefault({}),
	priority: z
		.strictObject({
			base: priorityTable.default({}),
			impact: z
				.strictObject({
					per_ci: z.number().nonnegative().default(0.1),
					per_service: z.number().nonnegative().default(0.2),
					max: z.number().min(1).default(2),
				})
				.prefault({}),
			/** The largest `more_than` that the time to the SLA deadline exceeds; null = any, also passed. */
			time: z
				.array(z.strictObject({ more_than: duration.nullable(), factor: z.number().nonnegative() }))
				.refine(
					(lines) => lines.filter((line) => line.more_than === null).length === 1,
					'needs exactly one line with more_than null, for what is left',
				)
				.default([...TIME_TABLE]),
			role: priorityTable.default({}),
			thresholds: z
				.strictObject({
					escalation: z.number().default(14),
					immediate: z.number().default(7),
					standard: z.number().default(2),
				})
				.prefault({}),
		})
		.prefault({}),
	escalation: z
		.strictObject({
			steps: z
				.array(
					z.strictObject({
						after: duration,
						to: z
							.string()
							.regex(
								/^(manager|fallback|user:.+)$/,
								'must be "manager", "fallback" or "user:<id>"',
							),
					}),
				)
				.default([]),
			remind_after: duration.nullable().default(null),
			resume_after: duration.nullable().default(null),
		})
		.prefault({}),
	routing: z
		.strictObject({
			/** Below every team and person: any preference fields. */
			defaults: preferenceLevelSchema.default({}),
			teams: z.record(z.string(), preferenceLevelSchema).default({}),
			mandatory_types: z.array(z.string()).default(['security_alert', 'approval_requested']),
			notify_actor: z.boolean().default(false),
			unknown_person: z.enum(['email', 'no_route']).default('email'),
			/** Event type → roles; what is given here replaces the default line of that type (docs/policy.md). */
			recipients: z
				.record(
					z.string(),
					z.array(
						z
							.string()
							.refine(
								isRoleWord,
								'is no role (assignee, manager, requester, approvers, watchers, group, operators, user:<id>, group:<name>)',
							),
					),
				)
				.default({}),
			/** Who is told of failing credentials, poison events and stuck escalations (user ids). */
			operators: z.array(z.string()).default([]),
			language: z.string().nullable().default(null),
			timezone: zone.nullable().default(null),
		})
		.superRefine((routing, context) => {
			for (const [path, message] of batchProblems(routing.defaults))
				context.addIssue({ code: 'custom', message, path: ['defaults', ...path] });
			for (const [id, team] of Object.entries(routing.teams)) {
				for (const [path, message] of batchProblems(team, routing.defaults))
					context.addIssue({ code: 'custom', message, path: ['teams', id, ...path] });
			}
		})
		.prefault({}),
	interaction: z
		.strictObject({
			/** Who may press what, in which status of the ticket. */
			permissions: z
				.strictObject({
					acknowledge: permissionOf('acknowledge'),
					resolve: permissionOf('resolve'),
					escalate: permissionOf('escalate'),
					comment: permissionOf('comment'),
				})
				.prefault({}),
		})
		.prefault({}),
	retry: z
		.strictObject({
			first: duration.default('30s'),
			factor: z.number().min(1).default(2),
			max: duration.default('1h'),
			give_up_after: duration.default('24h'),
		})
		.prefault({}),
});
export type Policy = z.output<typeof policySchema>;

/** A whole policy from a partial one; throws `invalid_policy` naming the field. */
export const parsePolicy = (value: unknown): Policy =>
	parseWith(policySchema, value ?? {}, 'Policy', 'invalid_policy');
