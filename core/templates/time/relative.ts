import type { ReaderClock } from '../engine/state';
import { toInstant } from './instant';

const MINUTE = 60_000;

interface Span {
	days: number;
	hours: number;
	minutes: number;
}

/** Rounded down: "25 minutes left" is never more than there is. */
function spanOf(ms: number): Span {
	const total = Math.floor(Math.abs(ms) / MINUTE);
	return {
		days: Math.floor(total / 1440),
		hours: Math.floor(total / 60) % 24,
		minutes: total % 60,
	};
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function words({ days, hours, minutes }: Span, chinese: boolean): string {
	const parts: Array<[number, string, string]> =
		days > 0
			? [
					[days, 'day', '天'],
					[hours, 'hour', '小时'],
				]
			: [
					[hours, 'hour', '小时'],
					[minutes, 'minute', '分钟'],
				];
	const shown = parts.filter(([count]) => count > 0);
	if (shown.length === 0) return chinese ? '不到 1 分钟' : 'less than a minute';
	return shown.map(([count, en, zh]) => (chinese ? `${count} ${zh}` : plural(count, en))).join(' ');
}

/** "in 25 minutes", "2 hours 5 minutes ago", "25 分钟后", "1 天前"; other languages through Intl. */
export function formatRelative(value: unknown, clock: ReaderClock): string | null | undefined {
	if (value === null || value === undefined || value === '') return null;
	const instant = toInstant(value);
	if (!instant) return undefined;
	const ms = instant.ms - clock.now;
	if (/^zh\b/i.test(clock.language)) return `${words(spanOf(ms), true)}${ms < 0 ? '前' : '后'}`;
	const other = /^en\b/i.test(clock.language) ? undefined : viaIntl(ms, clock.language);
	if (other) return other;
	const span = words(spanOf(ms), false);
	return ms < 0 ? `${span} ago` : `in ${span}`;
}

/** The length of time between now and the value, without a direction: "25 minutes", "25 分钟". */
export function formatDuration(value: unknown, clock: ReaderClock): string | null | undefined {
	if (value === null || value === undefined || value === '') return null;
	const instant = toInstant(value);
	return instant && words(spanOf(instant.ms - clock.now), /^zh\b/i.test(clock.language));
}

function viaIntl(ms: number, language: string): string | undefined {
	const { days, hours, minutes } = spanOf(ms);
	const sign = ms < 0 ? -1 : 1;
	try {
		const format = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
		if (days > 0) return format.format(sign * days, 'day');
		if (hours > 0) return format.format(sign * hours, 'hour');
		return format.format(sign * minutes, 'minute');
	} catch {
		return undefined;
	}
}
