import type { Delivery } from '../../events/delivery';
import type { ReaderClock } from '../engine/state';
import { labelOf, labelsFor } from '../labels';
import { toInstant } from '../time/instant';
import { zoneOf } from '../time/zone';
import { changesView } from './changes';
import { digestView } from './digest';
import { isReader, personView, readerName, withReaderName } from './person';
import { bag, optional, safeUrl, type Bag } from './safe';
import { ticketView } from './ticket';

/** The ITSM as messages name it. `url` is its address without a trailing path. */
export interface SystemInfo {
	name?: string | null;
	url?: string | null;
	support_email?: string | null;
}

export interface ContextOptions {
	now: Date;
	/** Language of labels and dates; default: the recipient's, else `en`. */
	language?: string;
	system?: SystemInfo;
	/** Zone of readers who have none (the team's or the instance's). */
	defaultTimezone?: string;
	/** Digest entries that the channel can show. */
	digestEntries?: number;
}

/** The names that a template may begin with. */
export const CONTEXT_NAMES = [
	'ticket',
	'assignee',
	'event',
	'recipient',
	'system',
	'digest',
	'changes',
	'escalation',
	'reminder',
] as const;

/** The reader's clock: their zone, else the default, else UTC (and then dates say so). */
export function readerClock(delivery: Delivery, options: ContextOptions): ReaderClock {
	const wanted = [delivery.recipient.timezone, options.defaultTimezone];
	const zone = wanted.find((id) => zoneOf(id));
	return {
		now: options.now.getTime(),
		zone: zone ?? 'UTC',
		zoneKnown: zone !== undefined,
		language: options.language ?? optional(delivery.recipient.language) ?? 'en',
	};
}

const originOf = (url: string | null): string | null =>
	/^https?:\/\/[^/?#]+/i.exec(url ?? '')?.[0] ?? null;

/** The part after the colon of a purpose such as `escalation:2`; null for another purpose. */
const stepOf = (purpose: string, kind: string): string | null =>
	purpose === kind || purpose.startsWith(`${kind}:`) ? purpose.slice(kind.length + 1) || '1' : null;

/**
 * What a template can name: `ticket`, `assignee`, `event`, `recipient`, `system`, `digest`,
 * `changes`, `escalation`, `reminder`. Own fields only, no prototypes; a known field without a value
 * is null, an unknown name undefined. Never throws for a parsed delivery.
 */
export function templateContext(delivery: Delivery, options: ContextOptions): Bag {
	const { event, recipient } = delivery;
	const clock = readerClock(delivery, options);
	const words = labelsFor(clock.language);
	const base = safeUrl(options.system?.url)?.replace(/\/+$/, '') ?? null;
	const ticket = ticketView(delivery, words, base, clock.now);
	const assigned = withReaderName(personView(event.content.assignee), recipient);
	const escalation = stepOf(delivery.purpose, 'escalation');
	const reminder = stepOf(delivery.purpose, 'reminder');
	const role = optional(recipient.role);
	return bag({
		ticket,
		assignee: assigned ?? bag({ name: words.unassigned, id: null, email: null, login: null }),
		event: bag({
			id: event.event_id,
			type: event.event_type,
			type_label: labelOf(words.event_types, event.event_type),
			timestamp: toInstant(event.timestamp) ?? event.timestamp,
			source: event.source,
			actor: withReaderName(personView(event.context.actor), recipient),
			category: optional(event.context.category),
		}),
		recipient: bag({
			user_id: recipient.user_id,
			username: recipient.username ?? recipient.user_id,
			name: readerName(recipient),
			language: clock.language,
			timezone: clock.zone,
			role,
			role_label: role && labelOf(words.roles, role),
			is_assignee: isReader(personView(event.content.assignee), recipient),
		}),
		system: bag({
			name: optional(options.system?.name) ?? 'ITSM',
			// Without a setting at least the host of the ticket's own address is known.
			url: base ?? originOf(safeUrl(event.content.url)) ?? undefined,
			support_email: optional(options.system?.support_email),
			current_time: toInstant(options.now),
		}),
		digest: digestView(delivery, words, base, options.digestEntries ?? 100),
		changes: changesView(event.changes, words),
		escalation: escalation && bag({ step: escalation }),
		reminder: reminder && bag({ count: reminder }),
	});
}
