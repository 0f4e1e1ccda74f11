import { DateTime } from 'luxon';

import type { Action } from './actions';

/** A text as a command (RI4). `problem` says what is missing where it was understood in part. */
export interface Command {
	action: Action;
	/** As written: `42`, `INC-42`; absent where none was named. */
	ticket?: string;
	/** The comment, or what was done. */
	text?: string;
	/** ISO instant until which nothing more is wanted. */
	until?: string;
	problem?: 'needs_text' | 'needs_until';
}

const WORDS: ReadonlyArray<[Action, readonly string[]]> = [
	['unmute', ['unmute', 'unsnooze', '取消静音', '解除静音', '恢复通知']],
	[
		'acknowledge',
		[
			'acknowledged',
			'acknowledge',
			'acked',
			'ack',
			'确认接收',
			'已确认',
			'确认',
			'接单',
			'认领',
			'收到',
			'確認',
		],
	],
	[
		'resolve',
		[
			'resolved',
			'resolve',
			'fixed',
			'fix',
			'done',
			'标记解决',
			'处理完成',
			'已解决',
			'解决',
			'完成',
			'已完成',
			'解決',
		],
	],
	['escalate', ['escalate', 'esc', '升级', '上报', '升級']],
	['comment', ['comment', 'note', 'reply', '添加评论', '评论', '备注', '回复', '評論']],
	['status', ['status', 'state', 'st', '状态', '查询', '进度', '狀態']],
	['mute', ['mute', 'snooze', 'silence', '静音', '免打扰', '勿扰', '靜音']],
	['help', ['help', '帮助', '幫助', '命令', '?']],
];

/** The longest word first, so that 确认接收 is not read as 确认. */
const BY_LENGTH = WORDS.flatMap(([action, words]) => words.map((word) => ({ action, word }))).sort(
	(a, b) => b.word.length - a.word.length,
);

const MAX_TEXT = 4000;
const TICKET = /^[#＃]?([\p{L}]{0,20}[-_]?\d[\p{L}\d_-]{0,40})(?=$|[\s:：,，;；、。.!！])/u;

/**
 * Reads what a person wrote. Spaces, case, full-width digits and letters, a leading slash or `/itsm`, and Chinese without
 * spaces are all the same to it. Anything else is `unknown`. `zone` and `now` are for `mute … until 18:00`.
 */
export function readCommand(input: string, options: { now: Date; zone?: string | null }): Command {
	const text = input
		.slice(0, MAX_TEXT)
		.normalize('NFKC')
		.replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
		.replace(/[^\S\n]+/g, ' ')
		.trim()
		.replace(/^\/itsm\b\s*/i, '')
		.replace(/^[/!]\s*/, '');
	const found = wordAt(text);
	if (!found) return { action: 'unknown' };
	const { action } = found;
	const rest = text.slice(found.length).replace(/^[\s:：,，]+/, '');
	const ticket = TICKET.exec(rest);
	const tail = ticket ? rest.slice(ticket[0].length).replace(/^[\s:：,，;；、]+/, '') : rest;
	const named = ticket ? { ticket: ticket[1] } : {};
	if (action === 'mute') return mute(named, rest, tail, options);
	if (action === 'comment')
		return tail ? { action, ...named, text: tail } : { action, ...named, problem: 'needs_text' };
	if (action === 'resolve' || action === 'escalate')
		return { action, ...named, ...(tail ? { text: tail } : {}) };
	// `ack because …` is talk, not a command for the one open ticket; `ack please` is.
	if (!ticket && tail.length > 20) return { action: 'unknown' };
	return { action, ...named };
}

function wordAt(text: string): { action: Action; length: number } | undefined {
	const lower = text.toLowerCase();
	for (const { action, word } of BY_LENGTH) {
		if (!lower.startsWith(word)) continue;
		const next = lower.charAt(word.length);
		// Latin words end at a letter's end; Chinese ones may be followed by anything.
		if (/[a-z]$/.test(word) && /[\p{Script=Latin}]/u.test(next)) continue;
		return { action, length: word.length };
	}
	return undefined;
}

function mute(
	named: { ticket?: string },
	rest: string,
	tail: string,
	options: { now: Date; zone?: string | null },
): Command {
	const until = readUntil(tail, options);
	if (until) return { action: 'mute', ...named, until };
	// `mute 18:00`, `静音 2小时`: what looked like a ticket was the time.
	const bare = named.ticket ? readUntil(rest, options) : undefined;
	return bare
		? { action: 'mute', until: bare }
		: { action: 'mute', ...named, problem: 'needs_until' };
}

const UNIT: ReadonlyArray<[RegExp, number]> = [
	[/^(?:m|min|mins|minutes?|分钟|分)$/, 60_000],
	[/^(?:h|hrs?|hours?|小时|个小时|时)$/, 3_600_000],
	[/^(?:d|days?|天|日)$/, 86_400_000],
];
const MAX_MS = 30 * 86_400_000;

/** `until 18:00`, `for 2h`, `2小时`, `至明天 9:00`, `tomorrow 9:00`, an ISO instant. In the reader's zone; always ahead of now. */
export function readUntil(
	input: string,
	{ now, zone }: { now: Date; zone?: string | null },
): string | undefined {
	const text = input
		.trim()
		.toLowerCase()
		.replace(/^(?:(?:until|till|til|to|for)\b|直到|至|到|为)\s*/, '')
		.replace(/(?:为止|前|之前)$/, '')
		.trim();
	const span = /^(\d{1,4})\s*([a-z]+|分钟|分|个小时|小时|时|天|日)$/.exec(text);
	if (span) {
		const unit = UNIT.find(([form]) => form.test(span[2]))?.[1];
		const ms = unit && Number(span[1]) * unit;
		return ms && ms <= MAX_MS ? new Date(now.getTime() + ms).toISOString() : undefined;
	}
	const local = DateTime.fromJSDate(now, { zone: zone ?? 'utc' });
	if (!local.isValid) return readUntil(input, { now, zone: 'utc' });
	const clock =
		/^(tomorrow|today|明天|今天|明日|今日)?\s*(?:at\s*)?(\d{1,2})[:：点](\d{2})?分?$/.exec(text);
	if (clock) {
		const [, day, hour, minute] = clock;
		if (Number(hour) > 23 || Number(minute ?? 0) > 59) return undefined;
		const at = local.set({
			hour: Number(hour),
			minute: Number(minute ?? 0),
			second: 0,
			millisecond: 0,
		});
		const isTomorrow = day === 'tomorrow' || day === '明天' || day === '明日';
		const then = isTomorrow || (!day && at <= local) ? at.plus({ days: 1 }) : at;
		return then > local ? (then.toUTC().toISO() ?? undefined) : undefined;
	}
	if (/^(tomorrow|明天|明日)$/.test(text))
		return local.plus({ days: 1 }).startOf('day').set({ hour: 9 }).toUTC().toISO() ?? undefined;
	const iso = /^\d{4}-\d{2}-\d{2}/.test(text)
		? DateTime.fromISO(text.toUpperCase().replace(' ', 'T'), { zone: zone ?? 'utc' })
		: undefined;
	const ahead = iso?.isValid && iso > local && iso.toMillis() - now.getTime() <= 365 * 86_400_000;
	return ahead ? (iso.toUTC().toISO() ?? undefined) : undefined;
}
