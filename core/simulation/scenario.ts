import { z } from 'zod';

import { orElse } from '../events/nullable';
import { parseWith } from '../events/validate';
import { durationMs } from '../time/duration';
import { instantMs } from '../time/instant';

const instant = z
	.string()
	.refine((text) => instantMs(text) !== undefined, 'must be an ISO 8601 instant')
	.transform((text) => new Date(instantMs(text) ?? NaN).toISOString());
const duration = z
	.string()
	.refine((text) => durationMs(text) !== undefined, 'must be a duration such as 30s, 5m, 2h or 1d');
const document = z.record(z.string(), z.unknown());
const id = z.union([z.string(), z.number()]).transform(String);

const presence = z.looseObject({
	user_id: id,
	status: z.enum(['available', 'focused', 'in_meeting', 'dnd']),
	until: instant.nullish(),
});

const silence = z.looseObject({
	id,
	matchers: z.array(z.string()),
	starts_at: instant.nullish(),
	ends_at: instant,
	author: orElse(z.string(), ''),
	comment: orElse(z.string(), ''),
	confirmed: orElse(z.boolean(), false),
});

/** What the timeline may bring; the body is validated when it is applied, so that a broken one is a warning. */
export const ENTRY_KINDS = [
	'event',
	'presence',
	'silence',
	'end_silence',
	'acknowledge',
	'preferences',
	'policy',
	'outage',
	'restart',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

const given = (value: unknown): boolean => value !== undefined && value !== null;

const entry = z.looseObject({ at: instant }).refine(
	// Two in one entry have no order among themselves.
	(value) => ENTRY_KINDS.filter((kind) => given(value[kind])).length === 1,
	`must hold exactly one of ${ENTRY_KINDS.join(', ')}`,
);

export const scenarioSchema = z
	.looseObject({
		start: instant,
		end: instant,
		preferences: orElse(z.array(document), []),
		policy: orElse(document, {}),
		timeline: orElse(z.array(entry), []),
	})
	.refine(({ start, end }) => Date.parse(end) >= Date.parse(start), {
		path: ['end'],
		message: 'must not be before start',
	});
export type Scenario = z.output<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;

export const parseScenario = (value: unknown): Scenario => {
	const scenario = parseWith(scenarioSchema, value, 'Scenario', 'invalid_scenario');
	return scenario;
};

export const parsePresence = (value: unknown): z.output<typeof presence> =>
	parseWith(presence, value, 'Presence', 'invalid_presence');
export const parseSilence = (value: unknown): z.output<typeof silence> =>
	parseWith(silence, value, 'Silence', 'invalid_silence');
export const parseAcknowledge = (value: unknown): { ticket_id: string; user_id: string } =>
	parseWith(
		z.looseObject({ ticket_id: id, user_id: id }),
		value,
		'Acknowledge',
		'invalid_acknowledge',
	);
export const parseOutage = (value: unknown): { channel: string; until: string } =>
	parseWith(
		z.looseObject({ channel: z.string(), until: instant }),
		value,
		'Outage',
		'invalid_outage',
	);
export const parseRestart = (value: unknown): { down_for: string } =>
	parseWith(z.looseObject({ down_for: duration }), value, 'Restart', 'invalid_restart');
