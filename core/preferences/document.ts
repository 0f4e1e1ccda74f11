import { z } from 'zod';

import { CHANNEL_IDS } from '../events/delivery';
import { parseWith } from '../events/validate';
import { scheduleProblem, type Schedule, type WeekHours } from '../time/schedule';
import { readBatchTimes } from '../time/daily';
import { refusedZone } from '../time/zone';

/** Keys of `notification_preferences` that are no channel: `channels`, and settings for all channels of this person. */
export const RESERVED_KEYS = [
	'channels',
	'frequency',
	'batch_time',
	'categories',
	'enabled',
	'muted_categories',
] as const;

const id = z.union([z.string(), z.number(), z.bigint()], 'must be a text').transform(String);
const words = z.array(id, 'must be a list of words, such as ["assigned"] or ["all"]');

const batchTime = z
	.union(
		[z.string(), z.array(z.string())],
		'must be a text such as "09:00,14:00" or a list of times',
	)
	.superRefine((value, context) => {
		const result = readBatchTimes(value);
		if (typeof result === 'string') context.addIssue({ code: 'custom', message: result });
	});

/** Settings that may stand on a channel, on the person, on a team and on the default (RP1). */
const settings = {
	frequency: z.enum(['immediate', 'batch'], 'must be "immediate" or "batch"').nullish(),
	batch_time: batchTime.nullish(),
	categories: words.nullish(),
	muted_categories: words.nullish(),
	enabled: z.boolean('must be true or false').nullish(),
};

const channelSchema = z.looseObject(settings, 'must be an object');
export type ChannelDocument = z.output<typeof channelSchema>;

const notificationPreferences = z
	.looseObject({
		channels: z.array(z.string(), 'must be a list of channel ids').nullish(),
		...settings,
	})
	.superRefine((part, context) => {
		const listed = new Set<string>([...(part.channels ?? []), ...CHANNEL_IDS]);
		for (const [key, value] of Object.entries(part)) {
			if (
				(RESERVED_KEYS as readonly string[]).includes(key) ||
				value === null ||
				value === undefined
			)
				continue;
			if (typeof value !== 'object' && !listed.has(key)) continue;
			for (const issue of channelSchema.safeParse(value).error?.issues ?? []) {
				context.addIssue({ code: 'custom', message: issue.message, path: [key, ...issue.path] });
			}
		}
	});

const zone = z.string('must be a text').superRefine((name, context) => {
	const refused = refusedZone(name);
	if (refused) context.addIssue({ code: 'custom', message: refused });
});

const hours = z
	.custom<WeekHours>(
		(value) => typeof value === 'object' && !Array.isArray(value),
		'must be an object with weekdays: {"monday": [["09:00","18:00"]]}',
	)
	.nullish();
const dates = z.array(z.string(), 'must be a list of dates such as ["2027-01-01"]').nullish();
const flag = z.boolean('must be true or false').nullish();

const fields = {
	username: id.nullish(),
	display_name: z.string().nullish(),
	notification_preferences: notificationPreferences.nullish(),
	timezone: zone.nullish(),
	language: z.string().nullish(),
	team: id.nullish(),
	active: flag,
	working_hours: hours,
	quiet_hours: hours,
	holidays: dates,
	extra_working_days: dates,
	enable_aggregation: flag,
	do_not_disturb: flag,
	manager: id.nullish(),
	role: z.string().nullish(),
	groups: z.array(id).nullish(),
	identities: z.record(z.string(), id.nullish()).nullish(),
	onboarding_completed: z.array(z.string()).nullish(),
	...settings,
};

const soundSchedule = (document: object, context: z.core.$RefinementCtx): void => {
	const problem = scheduleProblem(document as Schedule);
	if (problem) context.addIssue({ code: 'custom', message: problem.message, path: problem.path });
};

/** What a team or the default of a policy may say: any preference field (docs/policy.md). */
export const preferenceLevelSchema = z.looseObject(fields).superRefine(soundSchedule);
export type PreferenceLevel = z.output<typeof preferenceLevelSchema>;

const documentSchema = z
	.looseObject({ ...fields, user_id: id.pipe(z.string().trim().min(1, 'must not be empty')) })
	.superRefine(soundSchedule)
	.superRefine((document, context) => {
		for (const [path, message] of batchProblems(document))
			context.addIssue({ code: 'custom', message, path });
	});

/** The seed's preference document (snake_case, to the letter) with the additions of docs/preferences.md; unknown keys are kept. */
export type PreferenceDocument = z.output<typeof documentSchema>;

/**
 * Reads a preference document as it is saved. Throws `invalid_preferences` naming the field: no user_id, a zone that is
 * an abbreviation or an offset, batch without times, hours that can never open, a setting of the wrong kind.
 */
export const parsePreference = (value: unknown): PreferenceDocument =>
	parseWith(documentSchema, value, 'Preferences', 'invalid_preferences');

/** The channels of `notification_preferences`, in the order in which they stand there. */
export function channelEntries(
	part: Record<string, unknown> | null | undefined,
): Array<[id: string, document: ChannelDocument]> {
	return Object.entries(part ?? {}).filter(
		(entry): entry is [string, ChannelDocument] =>
			!(RESERVED_KEYS as readonly string[]).includes(entry[0]) &&
			typeof entry[1] === 'object' &&
			entry[1] !== null &&
			!Array.isArray(entry[1]),
	);
}

/** Where `frequency: "batch"` has no times to wait for; `below` is the level that may give them. */
export function batchProblems(
	document: PreferenceLevel,
	below: PreferenceLevel = {},
): Array<[path: string[], message: string]> {
	const part = document.notification_preferences ?? {};
	const lacks = (channel: ChannelDocument): boolean =>
		(channel.frequency ?? part.frequency ?? document.frequency) === 'batch' &&
		[channel, part, document, below.notification_preferences ?? {}, below].every(
			(level) => !level.batch_time,
		);
	const message = 'is missing: frequency "batch" needs times such as "09:00,14:00"';
	const problems = channelEntries(part)
		.filter(([, channel]) => lacks(channel))
		.map(([key]): [string[], string] => [['notification_preferences', key, 'batch_time'], message]);
	return lacks({}) ? [[['batch_time'], message], ...problems] : problems;
}
