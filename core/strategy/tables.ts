/** The visible default tables (docs/policy.md, Priority). A policy replaces single lines of them. */
export const BASE_SCORES: Readonly<Record<string, number>> = Object.freeze({
	security_alert: 10,
	system_failure: 10,
	sla_breached: 9,
	sla_breaching: 8,
	ticket_escalated: 7,
	ticket_assigned: 5,
	approval_requested: 5,
	ticket_reopened: 5,
	ticket_created: 4,
	ticket_resolved: 3,
	change_scheduled: 3,
	ticket_closed: 2,
	status_update: 2,
	ticket_comment: 2,
	ticket_updated: 1,
});

export const ROLE_FACTORS: Readonly<Record<string, number>> = Object.freeze({
	manager: 1.3,
	assignee: 1.2,
	approver: 1,
	requester: 1,
	target: 1,
	group: 1,
	watcher: 0.8,
});

/** One line of the time table: more remaining time than this gives this factor; null = any, also passed. */
export interface TimeLine {
	more_than: string | null;
	factor: number;
}

export const TIME_TABLE: readonly TimeLine[] = Object.freeze([
	{ more_than: '8h', factor: 1 },
	{ more_than: '2h', factor: 1.2 },
	{ more_than: '30m', factor: 1.5 },
	{ more_than: null, factor: 2 },
]);

/** The part of a policy that scores: satisfied by `Policy`, written out so that strategy needs nothing of preferences. */
export interface PriorityRules {
	priority: {
		base: Readonly<Record<string, number>>;
		impact: { per_ci: number; per_service: number; max: number };
		time: readonly TimeLine[];
		role: Readonly<Record<string, number>>;
		thresholds: { escalation: number; immediate: number; standard: number };
	};
}

export interface UrgencyRules {
	silence: { urgent: { priorities: readonly string[]; types: readonly string[] } };
}
