/** Every reason code of a decision: what it means and what a user may do. docs/reason-codes.md holds them all. */
export const GATE_CODES = {
	send_now: 'Nothing stood against it.',
	urgent: 'Urgent by priority or type: it does not wait.',
	mandatory: 'A mandatory type: preferences, hours and states do not count.',
	strategy_immediate: 'Its score is high enough to skip aggregation.',
	escalation_step: 'A step of an escalation chain.',
	window_full: 'The window reached its maximum of items and closed early.',
	aggregation_settings_invalid:
		'The window settings cannot be read, so it goes at once. Mend the settings.',
	batch_scheduled: 'Waits for the next batch time of this person and channel.',
	aggregated: 'Waits for its group, to go out as one message.',
	do_not_disturb: 'The person has switched on do-not-disturb.',
	in_meeting: 'The person is in a meeting.',
	focused: 'The person is focused.',
	outside_working_hours: 'Outside the working hours of this person.',
	holiday: 'A holiday of this person.',
	quiet_hours: 'Inside the quiet hours of this person.',
	muted_by_person: 'The person has muted this ticket.',
	silenced_by_administrator: 'An administrator has silenced such events.',
	inhibited_by_parent: 'A parent ticket is open; its children wait until it is resolved or closed.',
	duplicate_event: 'This delivery was made already; newer content is shown by the next message.',
	resolved_before_first_message: 'Created and resolved before the first message: nothing to tell.',
	resolved_while_held: 'Resolved while it was held, and the policy drops such tickets.',
	inactive: 'The person is not active.',
	acknowledged_before_send:
		'The ticket was acknowledged, in work or in other hands before this step was sent, or a new escalation of it has begun.',
	channel_off:
		'The person has switched this channel off since it was decided; the next one tells it, where it has not been told there.',
	superseded: 'A later message about the same ticket accounts for it.',
	in_digest: 'It is an entry of a digest.',
} as const;
export type GateCode = keyof typeof GATE_CODES;

/** An administrator's silence or an open parent keeps a ticket from escalating; a person's quiet hours do not (RE4). */
export const KEEPS_FROM_ESCALATING: ReadonlySet<string | undefined> = new Set([
	'silenced_by_administrator',
	'inhibited_by_parent',
]);

/** What is a matter of the person: dropped for it, a message still escalates. */
export const STATES_OF_A_PERSON: ReadonlySet<string | undefined> = new Set([
	'do_not_disturb',
	'in_meeting',
	'focused',
	'outside_working_hours',
	'holiday',
	'quiet_hours',
	'muted_by_person',
]);
