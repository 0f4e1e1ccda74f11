import { sha256, ticketKey } from '../events/ids';
import type { Delivery } from '../events/delivery';
import type { Policy } from '../preferences/policy';
import { textAt } from '../preferences/matchers';
import type { GroupState } from '../store/types';
import { parseDuration } from '../time/duration';
import type { WindowSettings } from './types';

/** The policy's aggregation section in milliseconds. */
export function windowSettings(aggregation: Policy['aggregation']): WindowSettings {
	const ms = (field: 'group_wait' | 'group_interval' | 'max_wait'): number =>
		parseDuration(aggregation[field], `aggregation.${field}`);
	return {
		group_wait: ms('group_wait'),
		group_interval: ms('group_interval'),
		// 0s is off too: a repeat without a pause would never end.
		repeat_interval:
			aggregation.repeat_interval === null
				? null
				: parseDuration(aggregation.repeat_interval, 'aggregation.repeat_interval') || null,
		max_items: aggregation.max_items,
		sliding: aggregation.sliding,
		max_wait: ms('max_wait'),
	};
}

/**
 * The group of a delivery: recipient and channel always, then what group_by names. A missing value gives the event
 * its own group (RA8); numbers and their texts are one value.
 */
export function groupKey(delivery: Delivery, groupBy: readonly string[], prefix = ''): string {
	const parts = groupBy
		.filter((name) => name !== 'recipient' && name !== 'channel')
		.map((name) => [name, groupValue(delivery, name) || `event:${delivery.event.event_id}`]);
	const text = JSON.stringify([prefix, delivery.recipient.user_id, delivery.channel, parts]);
	return `g_${sha256(text).slice(0, 32)}`;
}

function groupValue(delivery: Delivery, name: string): string {
	if (name === 'ticket') return ticketKey(delivery.event);
	if (name === 'service') return [...delivery.event.context.impacted_services].sort().join('\n');
	return textAt(delivery.event, name).sort().join('\n');
}

/** The end of a window that opens (or, sliding, is prolonged) at `now`. */
export function closesAt(
	group: Pick<GroupState, 'anchor_at' | 'last_flush_at'>,
	settings: WindowSettings,
	openedAt: number,
	now: number,
): number {
	if (group.anchor_at === null) {
		return settings.sliding
			? Math.min(now + settings.group_wait, openedAt + settings.max_wait)
			: openedAt + settings.group_wait;
	}
	const tick = nextTick(
		Date.parse(group.anchor_at),
		Date.parse(group.last_flush_at ?? group.anchor_at),
		settings.group_interval,
		openedAt,
	);
	return settings.sliding
		? Math.max(tick, Math.min(now + settings.group_wait, openedAt + settings.max_wait))
		: tick;
}

/** The first instant of the grid of `interval` from `anchor` that is not before `from` and after the last flush. */
export function nextTick(
	anchor: number,
	lastFlush: number,
	interval: number,
	from: number,
): number {
	if (interval <= 0) return Math.max(from, lastFlush);
	const steps = Math.max(
		Math.ceil((from - anchor) / interval),
		Math.floor((lastFlush - anchor) / interval) + 1,
	);
	return anchor + steps * interval;
}

/** A group with nothing in it yet. */
export function newGroup(
	key: string,
	delivery: Delivery,
	policyId: string | null,
	now: number,
	test: boolean,
): GroupState {
	return {
		group_key: key,
		user_id: delivery.recipient.user_id,
		channel: delivery.channel,
		opened_at: null,
		closes_at: null,
		count: 0,
		anchor_at: null,
		last_flush_at: null,
		settings: {},
		open_tickets: [],
		last_items: null,
		policy_id: policyId,
		test,
		updated_at: new Date(now).toISOString(),
	};
}

/** The group after one more entry. An open window keeps its settings; its end moves only where it slides. */
export function joinWindow(group: GroupState, settings: WindowSettings, now: number): GroupState {
	const nowIso = new Date(now).toISOString();
	if (group.opened_at !== null) {
		const frozen = group.settings as unknown as WindowSettings;
		const closes = frozen.sliding
			? new Date(closesAt(group, frozen, Date.parse(group.opened_at), now)).toISOString()
			: group.closes_at;
		return { ...group, count: group.count + 1, closes_at: closes, updated_at: nowIso };
	}
	return {
		...group,
		opened_at: nowIso,
		closes_at: new Date(closesAt(group, settings, now, now)).toISOString(),
		count: 1,
		settings: { ...settings },
		updated_at: nowIso,
	};
}

/** The group after its message went out at `now` with these tickets still open; undefined where it has ended. */
export function afterFlush(
	group: GroupState,
	items: Delivery[],
	openTickets: string[],
	now: number,
): GroupState | undefined {
	if (openTickets.length === 0) return undefined;
	const nowIso = new Date(now).toISOString();
	const settings = group.settings as unknown as WindowSettings;
	// A flush on the grid keeps the grid; an early one (full window) starts a new one.
	const anchor =
		group.anchor_at !== null && onGrid(Date.parse(group.anchor_at), settings.group_interval, now)
			? group.anchor_at
			: nowIso;
	const flushed = { ...group, anchor_at: anchor, last_flush_at: nowIso };
	return {
		...flushed,
		opened_at: null,
		closes_at: nextRepeat(flushed, now),
		count: 0,
		open_tickets: openTickets,
		last_items: settings.repeat_interval === null ? null : told(group, items, openTickets),
		updated_at: nowIso,
	};
}

/** What a repeat tells of: the latest of each ticket that is still open, in this message or told before it. */
function told(group: GroupState, items: readonly Delivery[], openTickets: string[]): Delivery[] {
	const open = new Set(openTickets);
	const now = new Set(items.map((d) => ticketKey(d.event)));
	const before = (group.last_items ?? []).filter((d) => !now.has(ticketKey(d.event)));
	return [...before, ...items].filter((d) => open.has(ticketKey(d.event)));
}

/** When a group whose window is closed says again what it has told; null = never. */
function nextRepeat(group: GroupState, now: number): string | null {
	const settings = group.settings as unknown as WindowSettings;
	if (settings.repeat_interval === null) return null;
	const last = Date.parse(group.last_flush_at as string);
	const due = Math.max(now, last + settings.repeat_interval);
	return new Date(
		nextTick(Date.parse(group.anchor_at as string), last, settings.group_interval, due),
	).toISOString();
}

const onGrid = (anchor: number, interval: number, now: number): boolean =>
	interval > 0 && (now - anchor) % interval === 0;

/** A window that closed with nothing to say: what was told before is repeated in its time. */
export function quiet(group: GroupState, now: number): GroupState | undefined {
	if (group.anchor_at === null || group.open_tickets.length === 0) return undefined;
	return {
		...group,
		opened_at: null,
		closes_at: group.last_items === null ? null : nextRepeat(group, now),
		count: 0,
		updated_at: new Date(now).toISOString(),
	};
}
