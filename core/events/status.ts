import type { TicketStatus } from './model';
import { str } from './read/paths';
import { lookupWords, wordTable } from './read/words';

/** The nearest of our six for words that no source's own table knows. Longest run of words wins. */
const NEAREST = wordTable<TicketStatus>([
	[
		'new',
		'new open opened submitted triggered created to_do todo backlog draft reopened registered logged',
	],
	['new', 'unassigned firing not_started waiting_for_support queued received 新建 待处理 未分配'],
	['assigned', 'assigned planned dispatched accepted 已分配 已指派'],
	[
		'in_progress',
		'in_progress progress inprogress processing working work_in_progress active acknowledged',
	],
	[
		'in_progress',
		'investigating implement implementing implementation started under_review in_review review',
	],
	['in_progress', 'escalated approved assess analysis fix_in_progress 处理中 进行中'],
	[
		'pending',
		'pending waiting on_hold hold suspended stalled postponed paused deferred blocked authorize scheduled',
	],
	['pending', 'awaiting snoozed 挂起 等待 待定 暂停'],
	[
		'resolved',
		'resolved solved done fixed complete completed recovered ok closed_successful 已解决 已完成',
	],
	[
		'closed',
		'closed canceled cancelled rejected deleted merged removed declined withdrawn closed_unsuccessful',
	],
	[
		'closed',
		'closed_complete closed_incomplete closed_skipped abandoned archived spam 已关闭 已取消',
	],
]);

/** Our status for free text, or undefined: an unknown word is left out, not guessed. */
export function nearestStatus(value: unknown): TicketStatus | undefined {
	const label = str(value)?.slice(0, 200);
	if (label === undefined) return undefined;
	const words = label.replace(/([a-z])([A-Z])/g, '$1 $2');
	return lookupWords(NEAREST, words);
}

/** A source's own table first (keys lower case), then the nearest word. */
export function statusFrom(
	table: ReadonlyMap<string, TicketStatus>,
	value: unknown,
): TicketStatus | undefined {
	const label = str(value)?.toLowerCase();
	return label === undefined ? undefined : (table.get(label) ?? nearestStatus(value));
}

export const isDone = (status: string | null | undefined): boolean =>
	status === 'resolved' || status === 'closed';
