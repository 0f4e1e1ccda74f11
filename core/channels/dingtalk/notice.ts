import { bytes } from '../cut';
import type { Json } from '../text';
import { DINGTALK } from './limits';

export interface Button {
	title: string;
	url: string;
}

/** Room for the line that makes a notice its delivery's own. */
const OWN_LINE = 48;
/** Less text than this, and buttons give way. */
const MIN_TEXT = 500;

const sizeOf = (msg: Json): number => bytes(JSON.stringify(msg));

/** `msg` of a work notice: markdown, or an action_card where it has buttons. */
function form(title: string, text: string, buttons: readonly Button[], orientation: string): Json {
	if (buttons.length === 0) return { msgtype: 'markdown', markdown: { title, text } };
	const [first] = buttons;
	return {
		msgtype: 'action_card',
		action_card:
			buttons.length === 1
				? { title, markdown: text, single_title: first.title, single_url: first.url }
				: {
						title,
						markdown: text,
						btn_orientation: orientation,
						btn_json_list: buttons.map((one) => ({ title: one.title, action_url: one.url })),
					},
	};
}

/**
 * A work notice within its 2,048 bytes of JSON. `render` gives the text for a number of bytes. Signed links are long:
 * the last buttons are left out where they would leave no room for words.
 */
export function fitNotice(
	title: string,
	render: (max: number) => string,
	buttons: readonly Button[],
	orientation = '0',
): Json {
	const max = DINGTALK.notice - OWN_LINE;
	for (let count = Math.min(buttons.length, DINGTALK.buttons); ; count -= 1) {
		const kept = buttons.slice(0, count);
		let room = max - sizeOf(form(title, '', kept, orientation));
		if (room < MIN_TEXT && count > 0) continue;
		for (;;) {
			const msg = form(title, render(room), kept, orientation);
			const over = sizeOf(msg) - max;
			// JSON writes a line break or a quotation mark as two bytes.
			if (over <= 0 || room <= 0) return msg;
			room -= Math.max(over, 8);
		}
	}
}

const TEXTS: Record<string, string> = {
	text: 'content',
	markdown: 'text',
	action_card: 'markdown',
	link: 'text',
};

/** The notice with a last line of its own: DingTalk drops an equal message to a person for a day, in silence. */
export function asOwn(msg: Json, line: string): Json {
	const type = String(msg.msgtype);
	const part = msg[type] as Json | undefined;
	const name = Object.hasOwn(TEXTS, type) ? TEXTS[type] : undefined;
	if (part && name && typeof part[name] === 'string') {
		const gap = type === 'text' || type === 'link' ? '\n' : '\n\n';
		return { ...msg, [type]: { ...part, [name]: `${part[name]}${gap}${line}` } };
	}
	if (type === 'oa' && part && typeof part.body === 'object' && part.body !== null)
		return { ...msg, oa: { ...part, body: { author: line, ...part.body } } };
	return msg;
}
