import { fill } from '../actions/words';

/** What stands on the ticket about who acted, and from where: the account that writes is our own. */
const NOTES: Record<'en' | 'zh', Record<string, string>> = {
	en: {
		acknowledge: '{who} acknowledged this ticket ({where}).',
		assign: '{who} assigned this ticket ({where}).',
		resolve: '{who} resolved this ticket ({where}).',
		escalate: '{who} escalated this ticket ({where}).',
		said: '{who} ({where}): {text}',
	},
	zh: {
		acknowledge: '{who} 已确认接收此工单（{where}）。',
		assign: '{who} 已分配此工单（{where}）。',
		resolve: '{who} 已解决此工单（{where}）。',
		escalate: '{who} 已升级此工单（{where}）。',
		said: '{who}（{where}）：{text}',
	},
};

export interface NoteInput {
	action: string;
	/** Absent: a workflow did it, and its words stand alone. */
	who?: string;
	where: string;
	text?: string;
	language?: string | null;
}

/** The person's words with their name, or a sentence that says what they did; empty where there is nothing to say. */
export function noteOf({ action, who, where, text, language }: NoteInput): string {
	const said = text?.trim() ?? '';
	if (!who) return said;
	const words = NOTES[/^zh\b/i.test(language ?? '') ? 'zh' : 'en'];
	return said
		? fill(words.said, { who, where, text: said })
		: fill(words[action] ?? '', { who, where });
}
