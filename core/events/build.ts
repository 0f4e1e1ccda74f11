import { changesOf, leadingType } from './facts';
import { contentEventId } from './ids';
import type { NotificationEvent } from './model';
import { isRecord, str, text } from './read/paths';
import { cap } from './read/text';
import { iso } from './read/time';
import type { Draft } from './source';
import type { SourceId } from './source-ids';
import { parseEvent } from './validate';

const present = (fields: Record<string, unknown>): Record<string, unknown> =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** A changed value as short text; null stays (it means "emptied"). */
function shown(value: unknown): unknown {
	if (value === null || value === undefined) return value;
	const label = isRecord(value) ? text(value, 'display_value', 'name', 'value', 'id') : str(value);
	return label === undefined ? null : cap(label, 1_000);
}

const names = (values: Array<string | undefined> = []): string[] => [
	...new Set(values.filter((value) => value !== undefined).map((value) => cap(value, 255))),
];

/** The event id of the `index`-th of `total` drafts of one body: a delivery id holds one event only if alone. */
function eventIdOf(draft: Draft, hash: (salt?: string) => string, index: number, total: number) {
	if (draft.eventId) return cap(draft.eventId, 500);
	const id = hash(draft.salt);
	return total > 1 ? `${id}.${index}` : id;
}

/** Drafts of one body as event documents that satisfy the contract. */
export function buildEvents(
	source: SourceId,
	drafts: Draft[],
	request: { bytes: () => Uint8Array | string; now: Date },
): NotificationEvent[] {
	const hash = (salt?: string) => {
		const id = contentEventId(source, withSalt(request.bytes(), salt));
		// With the sender's own stamp in it, it names one delivery for ever, not content of some minutes.
		return salt === undefined ? id : id.replace(/^e_/, `${source}:`);
	};
	return drafts.map((draft, index) => {
		const eventType = draft.eventType ?? leadingType(draft.facts);
		const changes = changesOf(draft.facts, leadingType(draft.facts)).map((change) =>
			present({ ...change, from: shown(change.from), to: shown(change.to) }),
		);
		const { related_cis, impacted_services, ...context } = draft.context ?? {};
		return parseEvent({
			event_id: eventIdOf(draft, hash, index, drafts.length),
			event_type: eventType,
			timestamp: iso(draft.at) ?? iso(request.now.getTime()),
			source,
			content: { ...present(draft.content), ticket_id: cap(draft.ticketId, 255) },
			context: {
				...present(context),
				related_cis: names(related_cis),
				impacted_services: names(impacted_services),
			},
			...(changes.length ? { changes } : {}),
			...(draft.dedupeKey ? { dedupe_key: draft.dedupeKey } : {}),
			...present(draft.document ?? {}),
		});
	});
}

const withSalt = (bytes: Uint8Array | string, salt?: string): Uint8Array | string =>
	salt === undefined
		? bytes
		: Buffer.concat([Buffer.from(bytes as string), Buffer.from(`\n${salt}`)]);
