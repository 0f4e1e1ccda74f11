import { preferenceKeys } from '../store/keys';
import { referenceOf } from '../preferences/people';
import type { NotificationEvent } from '../events/model';
import type { Store } from '../store/types';

export interface Answerer {
	user_id: string;
	username: string | null;
	language: string | null;
	timezone: string | null;
	document: Record<string, unknown>;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value ? value : null);

/** The person behind ids of a channel, or a user id of ours; undefined where nobody is known by them. */
export async function answererOf(
	store: Store,
	ids: { channelUserIds?: readonly string[]; userId?: string },
): Promise<Answerer | undefined> {
	const keys = [
		...(ids.userId ? [`user:${ids.userId.toLowerCase()}`] : []),
		...(ids.channelUserIds ?? []).map((id) => `address:${id.trim().toLowerCase()}`),
	];
	const rows = await store.preferences.find(keys);
	const row = keys.map((key) => rows.find((one) => one.key === key)).find(Boolean);
	if (!row) return undefined;
	const { document } = row;
	return {
		user_id: row.user_id,
		username: text(document.username),
		language: text(document.language),
		timezone: text(document.timezone),
		document,
	};
}

/** Every role that a person has on a ticket: as the event names people, and as messages were sent to them. */
export async function rolesOf(
	store: Store,
	person: Answerer,
	ticketKey: string,
	event: NotificationEvent | undefined,
): Promise<string[]> {
	const roles = new Set<string>();
	const own = new Set(preferenceKeys(person.document));
	const isMine = (ref: Parameters<typeof referenceOf>[0]): boolean =>
		referenceOf(ref, event?.source ?? '')?.keys.some((key) => own.has(key)) ?? false;
	if (event) {
		const { assignee, requester, watchers, approvers, group } = event.content;
		if (isMine(assignee)) roles.add('assignee');
		if (isMine(requester)) roles.add('requester');
		if ((watchers ?? []).some(isMine)) roles.add('watcher');
		if ((approvers ?? []).some(isMine)) roles.add('approver');
		const names = typeof group === 'string' ? [group] : [group?.name, group?.id];
		if (names.some((name) => name && own.has(`group:${name.trim().toLowerCase()}`)))
			roles.add('group');
	}
	const told = await store.deliveries.list({
		user_id: person.user_id,
		ticket_key: ticketKey,
		limit: 50,
	});
	for (const row of told) if (row.item?.recipient.role) roles.add(row.item.recipient.role);
	return [...roles];
}
