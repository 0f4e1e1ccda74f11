import { PRIORITIES, type Priority } from './model';
import type { SourceId } from './source-ids';
import { str } from './read/paths';
import { lookupWords, wordTable } from './read/words';

interface Scale {
	/** What leading digits mean; index = number. */
	numbers?: ReadonlyArray<Priority | undefined>;
	words: ReadonlyMap<string, Priority>;
	/** RT: a number is a threshold, not a name. */
	threshold?: (value: number) => Priority;
}

const C = 'Critical';
const H = 'High';
const M = 'Medium';
const L = 'Low';

const COMMON = wordTable<Priority>([
	[
		C,
		'critical urgent highest emergency blocker disaster p1 sev1 sev_1 s1 very_high major_incident 紧急 严重 危急',
	],
	[H, 'high major p2 sev2 sev_2 s2 高'],
	[M, 'medium normal moderate average standard p3 sev3 sev_3 s3 中 普通 一般'],
	[
		L,
		'low lowest minor trivial planning very_low information p4 p5 sev4 sev5 sev_4 sev_5 s4 s5 低',
	],
]);
const own = (...rows: Array<[Priority, string]>) => wordTable<Priority>(rows);
const falling = [undefined, C, H, M, L, L] as const;
const rising = [undefined, L, M, H, C] as const;

const SEVERITY: Scale = {
	words: own(
		[C, 'critical page fatal emergency'],
		[H, 'high error major'],
		[M, 'warning medium minor'],
		[L, 'info low none debug'],
	),
};

/** One row per source, as its own scale has it (docs/sources.md); falling and rising numbers differ by system. */
const SCALES: Record<SourceId, Scale> = {
	generic: { numbers: falling, words: COMMON },
	serviceNow: { numbers: falling, words: COMMON },
	jira: {
		words: own(
			[C, 'highest blocker critical p1'],
			[H, 'high major p2'],
			[M, 'medium normal p3'],
			[L, 'low lowest minor trivial p4 p5'],
		),
	},
	zendesk: { words: own([C, 'urgent'], [H, 'high'], [M, 'normal'], [L, 'low']) },
	freshservice: {
		numbers: rising,
		words: own([C, 'urgent'], [H, 'high'], [M, 'medium'], [L, 'low']),
	},
	manageEngine: {
		words: own([C, 'urgent critical'], [H, 'high'], [M, 'medium normal'], [L, 'low']),
	},
	bmcHelix: {
		numbers: [C, H, M, L],
		words: own([C, 'critical'], [H, 'high'], [M, 'medium'], [L, 'low']),
	},
	glpi: {
		numbers: [undefined, L, L, M, H, C, C],
		words: own([C, 'major very_high'], [H, 'high'], [M, 'medium'], [L, 'low very_low']),
	},
	zammad: {
		numbers: rising,
		words: own([C, 'disaster critical urgent'], [H, 'high'], [M, 'normal medium'], [L, 'low']),
	},
	itop: { numbers: falling.slice(0, 5), words: COMMON },
	requestTracker: {
		words: own([C, 'critical urgent on_fire'], [H, 'high'], [M, 'medium'], [L, 'low']),
		threshold: (value) => (value >= 100 ? H : value >= 50 ? M : L),
	},
	znuny: {
		numbers: [undefined, L, L, M, H, C],
		words: own([C, 'very_high'], [H, 'high'], [M, 'normal'], [L, 'low very_low']),
	},
	pagerDuty: {
		// PagerDuty's own severity scheme is written with a hyphen: SEV-1.
		words: own(
			[C, 'p1 sev1 sev_1'],
			[H, 'p2 sev2 sev_2 high'],
			[M, 'p3 sev3 sev_3'],
			[L, 'p4 p5 sev4 sev5 sev_4 sev_5 low'],
		),
	},
	opsgenie: { numbers: falling, words: own([C, 'p1'], [H, 'p2'], [M, 'p3'], [L, 'p4 p5']) },
	alertmanager: SEVERITY,
	zabbix: {
		numbers: [L, L, L, M, H, C],
		words: own(
			[C, 'disaster'],
			[H, 'high'],
			[M, 'average'],
			[L, 'warning information not_classified'],
		),
	},
	grafana: SEVERITY,
};

/** Our priority for a source's own value (name, number, numeric text, `1 - Critical`), or undefined if unknown. */
export function knownPriority(source: SourceId, value: unknown): Priority | undefined {
	const label = str(value);
	if (label === undefined) return undefined;
	const scale = SCALES[source];
	const whole = scale.words.get(label.toLowerCase());
	if (whole) return whole;
	const digits = /^(\d{1,9})(?![\p{L}\p{N}.])/u.exec(label)?.[1];
	if (digits !== undefined) {
		if (scale.threshold && digits === label) return scale.threshold(Number(digits));
		const byNumber = scale.numbers?.[Number(digits)];
		if (byNumber) return byNumber;
	}
	return lookupWords(scale.words, label);
}

export interface PriorityReading {
	priority: Priority;
	/** True where the payload did not say: Medium is then an assumption, never a guess from the title. */
	priority_inferred?: true;
}

/** The priority of the first value that the source's scale knows, else Medium, marked as inferred. */
export function readPriority(source: SourceId, ...values: unknown[]): PriorityReading {
	for (const value of values) {
		const priority = knownPriority(source, value);
		if (priority) return { priority };
	}
	return { priority: 'Medium', priority_inferred: true };
}

/** Whether a change goes up; false where either end is unknown. */
export function isRaised(source: SourceId, from: unknown, to: unknown): boolean {
	const [before, after] = [knownPriority(source, from), knownPriority(source, to)];
	// Numbers on RT's scale may rise inside one of our four steps.
	if (source === 'requestTracker' && str(from) && str(to)) {
		const [low, high] = [Number(from), Number(to)];
		if (!Number.isNaN(low) && !Number.isNaN(high)) return high > low;
	}
	return (
		before !== undefined &&
		after !== undefined &&
		PRIORITIES.indexOf(after) < PRIORITIES.indexOf(before)
	);
}
