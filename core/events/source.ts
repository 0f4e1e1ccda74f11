import { ItsmNotifyError } from '../errors';
import type { Fact } from './facts';
import type { GroupRef, PersonRef, TicketStatus } from './model';
import type { Headers } from './read/headers';
import type { PriorityReading } from './priority';
import type { SourceId } from './source-ids';

/** A request as a source reads it: parsed body, raw bytes, and what the user set. */
export interface SourceInput {
	body: unknown;
	headers: Headers;
	query: Record<string, string | undefined>;
	now: Date;
	/** `https://host[/context]` of the system, for those that send no link; without a trailing slash. */
	baseUrl?: string;
	/** Event field → dotted path in the body; only `generic` reads it. */
	fieldMap?: object;
}

export interface DraftContent extends Partial<PriorityReading> {
	ticket_title?: string;
	description?: string;
	number?: string;
	status?: TicketStatus;
	previous_status?: TicketStatus;
	url?: string;
	assignee?: PersonRef;
	requester?: PersonRef;
	watchers?: PersonRef[];
	approvers?: PersonRef[];
	group?: GroupRef;
	comment?: { author?: PersonRef; text: string; public?: boolean };
	[extra: string]: unknown;
}

/** What a source found in a body; `build.ts` turns it into an event document. */
export interface Draft {
	/** The sender's delivery id. Absent: the event id is the hash of source and body. */
	eventId?: string;
	/** More bytes for that hash, where retries repeat them and other events do not. */
	salt?: string;
	/** The same news may come twice under different delivery ids (a Jira comment): what makes it the same. */
	dedupeKey?: string;
	facts: Fact[];
	/** Overrides what the facts say; only the generic source, whose senders name the type themselves. */
	eventType?: string;
	at?: unknown;
	ticketId: string;
	content: DraftContent;
	context?: {
		actor?: PersonRef;
		sla_deadline?: string;
		related_cis?: Array<string | undefined>;
		impacted_services?: Array<string | undefined>;
		category?: string;
		[extra: string]: unknown;
	};
	/** Members of the event document itself (`source`, `target_users`, …). */
	document?: Record<string, unknown>;
}

/** One ITSM source. `toDrafts` returns [] for what is a message of this system but no news. */
export interface Source {
	id: SourceId;
	/** Certain by header or shape; asked in the order of `sources/index.ts` when the user picked "auto". */
	detect(input: SourceInput): boolean;
	/** Throws `not_an_event` (400) naming the paths tried. */
	toDrafts(input: SourceInput): Draft[];
}

/** The error for a body that is no event of a source. */
export function notAnEvent(source: SourceId, tried: string[], what = 'ticket id'): ItsmNotifyError {
	return new ItsmNotifyError(
		'not_an_event',
		`The body is no ${source} event: no ${what} at ${tried.map((path) => `"${path}"`).join(', ')}`,
		{
			field: tried[0],
			fix: `Send the ${what} at one of these paths, or choose another source.`,
			status: 400,
			details: { source, tried },
		},
	);
}

/** A link, or undefined for what is none; `host/path` without a scheme gets https. */
export function link(value: string | undefined): string | undefined {
	if (value === undefined || value.length > 2_000) return undefined;
	if (/^https?:\/\/[^\s]+$/i.test(value)) return value;
	return /^[a-z0-9.-]+\.[a-z]{2,}(:\d+)?\/[^\s]*$/i.test(value) ? `https://${value}` : undefined;
}
