import { ItsmNotifyError } from '../errors';
import { readBatchTimes } from '../time/daily';
import { scheduleProblem, type Schedule } from '../time/schedule';
import { resolveZone, type ZoneWarning } from '../time/zone';
import { usableAddress } from './addresses';
import type { CategoryLevel } from './categories';
import {
	channelEntries,
	parsePreference,
	type ChannelDocument,
	type PreferenceDocument,
	type PreferenceLevel,
} from './document';
import type { Policy } from './policy';

/** One channel of a person with every level merged (RP1: user+channel over user over team over default). */
export interface EffectiveChannel {
	readonly id: string;
	/** In `channels`: what is on. Configured but unlisted is off, and only a last resort (RP3). */
	readonly listed: boolean;
	readonly enabled: boolean;
	readonly frequency: 'immediate' | 'batch';
	/** Local times `HH:MM`, sorted; may be given for an `immediate` channel too. */
	readonly batch_times: readonly string[];
	/** What each level says of categories, most specific first: read by wants(). */
	readonly levels: readonly CategoryLevel[];
	/** The channel's own part without settings: `{userid}`, `{address}`, … */
	readonly address: Readonly<Record<string, unknown>>;
	/** Enabled and with an address that can be written to. */
	readonly usable: boolean;
}

export interface EffectivePreference {
	readonly user_id: string;
	readonly username: string | null;
	readonly display_name: string | null;
	/** Listed channels in the user's order, then the configured ones in the document's order. */
	readonly channels: readonly EffectiveChannel[];
	/** False where no level names `channels`: then any address will do. */
	readonly lists_channels: boolean;
	/** An IANA id that this machine knows. */
	readonly zone: string;
	readonly zone_warning?: ZoneWarning;
	readonly language: string | null;
	readonly schedule: Schedule;
	readonly enable_aggregation: boolean;
	readonly do_not_disturb: boolean;
	readonly manager?: string;
	readonly active: boolean;
	readonly team: string | null;
	readonly role: string | null;
	readonly groups: readonly string[];
}

/** One level taken apart: what it says for all channels and for each. */
interface Level {
	readonly name: 'user' | 'team' | 'default';
	readonly document: PreferenceLevel;
	readonly general: ChannelDocument;
	readonly parts: ReadonlyMap<string, ChannelDocument>;
}

const cache = new WeakMap<Policy, WeakMap<object, EffectivePreference>>();
const HOURS = ['working_hours', 'quiet_hours', 'holidays', 'extra_working_days'] as const;
const SETTINGS = new Set([
	'frequency',
	'batch_time',
	'categories',
	'enabled',
	'muted_categories',
	'bound',
	'unbound',
]);

/**
 * What holds for a person: their document (raw or parsed) over their team's over the default. Frozen, and cached per
 * document and policy object: neither is to be changed afterwards. Throws `invalid_preferences` naming the field.
 */
export function effective(
	document: Record<string, unknown> | PreferenceDocument,
	policy: Policy,
): EffectivePreference {
	let known = cache.get(policy);
	if (!known) cache.set(policy, (known = new WeakMap()));
	let result = known.get(document);
	if (!result)
		known.set(document, (result = Object.freeze(merge(parsePreference(document), policy))));
	return result;
}

function merge(user: PreferenceDocument, policy: Policy): EffectivePreference {
	const { routing } = policy;
	const { defaults } = routing;
	const teamId = user.team ?? defaults.team ?? null;
	const team = teamId !== null && Object.hasOwn(routing.teams, teamId) ? routing.teams[teamId] : {};
	const levels = [
		levelOf('user', user as PreferenceLevel),
		levelOf('team', team),
		levelOf('default', defaults),
	];
	const pick = <K extends keyof PreferenceLevel>(
		key: K,
	): NonNullable<PreferenceLevel[K]> | undefined =>
		first(levels.map(({ document }) => document[key]));
	const zone = resolveZone([user.timezone, team.timezone, defaults.timezone, routing.timezone]);
	const schedule: Schedule = Object.freeze({
		working_hours: pick('working_hours'),
		quiet_hours: pick('quiet_hours'),
		holidays: pick('holidays'),
		extra_working_days: pick('extra_working_days'),
	});
	// A document by itself was checked when it was read; hours of several levels may leave nothing together.
	const mixed = HOURS.some((key) => schedule[key] !== undefined && schedule[key] !== user[key]);
	const problem = mixed ? scheduleProblem(schedule) : undefined;
	if (problem) throw invalid(problem.path.join('.'), problem.message);
	const listed = first(levels.map(({ document }) => document.notification_preferences?.channels));
	const configured = levels.flatMap(({ parts }) => [...parts.keys()]);
	const order = new Set([
		...(listed ?? []).map((id) => id.trim()).filter((id) => id !== ''),
		...configured,
	]);
	return {
		user_id: user.user_id,
		username: user.username ?? null,
		display_name: user.display_name ?? null,
		channels: Object.freeze(
			[...order].map((id) =>
				channel(id, levels, listed?.some((name) => name.trim() === id) ?? false),
			),
		),
		lists_channels: listed !== undefined,
		zone: zone.zone,
		...(zone.warning ? { zone_warning: zone.warning } : {}),
		language:
			nonEmpty(user.language) ??
			nonEmpty(team.language) ??
			nonEmpty(defaults.language) ??
			nonEmpty(routing.language) ??
			null,
		schedule,
		enable_aggregation: pick('enable_aggregation') ?? true,
		do_not_disturb: pick('do_not_disturb') ?? false,
		manager: nonEmpty(user.manager) ?? nonEmpty(team.manager) ?? nonEmpty(defaults.manager),
		active: pick('active') ?? true,
		team: teamId,
		role: pick('role') ?? null,
		groups: Object.freeze([...(user.groups ?? [])]),
	};
}

function channel(id: string, levels: readonly Level[], listed: boolean): EffectiveChannel {
	// A level's own part for this channel is more specific than what it says for all channels.
	const said = levels.flatMap(({ name, general, parts }) => {
		const own = parts.get(id);
		return [...(own ? [{ name: `${name}+channel`, part: own }] : []), { name, part: general }];
	});
	const pick = <K extends 'frequency' | 'batch_time' | 'enabled'>(
		key: K,
	): NonNullable<ChannelDocument[K]> | undefined => first(said.map(({ part }) => part[key]));
	const frequency = pick('frequency') ?? 'immediate';
	const times = pick('batch_time');
	const batch = times === undefined ? [] : readBatchTimes(times);
	if (typeof batch === 'string') throw invalid(`notification_preferences.${id}.batch_time`, batch);
	if (frequency === 'batch' && batch.length === 0)
		throw invalid(
			`notification_preferences.${id}.batch_time`,
			'is missing: frequency "batch" needs times',
		);
	const document = Object.assign(
		{},
		...levels.map(({ parts }) => parts.get(id) ?? {}).reverse(),
	) as Record<string, unknown>;
	const enabled = pick('enabled') ?? true;
	return Object.freeze({
		id,
		listed,
		enabled,
		frequency,
		batch_times: Object.freeze(batch),
		levels: categoryLevels(said),
		address: Object.freeze(
			Object.fromEntries(Object.entries(document).filter(([key]) => !SETTINGS.has(key))),
		),
		usable: enabled && usableAddress(id, document) !== undefined,
	});
}

const levelOf = (name: Level['name'], document: PreferenceLevel): Level => ({
	name,
	document,
	general: generalOf(document),
	parts: new Map(channelEntries(document.notification_preferences)),
});

/** What a level says for all channels: inside `notification_preferences` or beside it; muted words add up. */
function generalOf(level: PreferenceLevel): ChannelDocument {
	const inner = level.notification_preferences ?? {};
	return {
		frequency: inner.frequency ?? level.frequency,
		batch_time: inner.batch_time ?? level.batch_time,
		enabled: inner.enabled ?? level.enabled,
		categories: inner.categories ?? level.categories,
		muted_categories: [...(inner.muted_categories ?? []), ...(level.muted_categories ?? [])],
	};
}

function categoryLevels(
	said: ReadonlyArray<{ name: string; part: ChannelDocument }>,
): CategoryLevel[] {
	return said
		.filter(({ part }) => part.categories || part.muted_categories?.length)
		.map(({ name, part }) => ({
			level: name,
			on: part.categories ? lower(part.categories) : null,
			off: lower(part.muted_categories ?? []),
		}));
}

const lower = (words: readonly string[]): string[] =>
	words.map((word) => word.trim().toLowerCase());

function first<T>(values: ReadonlyArray<T>): NonNullable<T> | undefined {
	return (
		(values.find((value) => value !== null && value !== undefined) as NonNullable<T> | undefined) ??
		undefined
	);
}

const nonEmpty = (text: string | null | undefined): string | undefined => text?.trim() || undefined;

const invalid = (field: string, message: string): ItsmNotifyError =>
	new ItsmNotifyError('invalid_preferences', `Preferences: ${field}: ${message}`, {
		field,
		status: 400,
		fix: `Correct ${field} in the preferences, the team or the default.`,
	});
