import { bytes, cutMarkup } from '../cut';
import { isObject, type Json } from '../text';
import { WECOM } from './limits';

const BITS = 12;
/** A zero-width character takes three bytes. */
const TAG_BYTES = BITS * 3;

/** Where the text of each message type stands, and its limit in bytes. */
const TEXTS: Record<string, { name: string; max: number }> = {
	markdown: { name: 'content', max: WECOM.appText },
	text: { name: 'content', max: WECOM.robotPlain },
	textcard: { name: 'description', max: WECOM.textcardDescription },
};

/** An unseen mark made of an id. */
function tag(id: string): string {
	let hash = 0;
	for (let at = 0; at < id.length; at++) hash = (hash * 31 + id.charCodeAt(at)) >>> 0;
	const bits = (hash ^ (hash >>> BITS) ^ (hash >>> (2 * BITS))) & ((1 << BITS) - 1);
	return bits.toString(2).padStart(BITS, '0').replace(/0/g, '\u200b').replace(/1/g, '\u200c');
}

/**
 * The app's message made this delivery's own: WeCom drops an equal message within its interval in silence, and two
 * reminders may well say the same. A retry stays equal, which is what the check is for. Cards get a `task_id`.
 */
export function asOwn(message: Json, id: string): Json {
	const type = String(message.msgtype);
	const part = message[type];
	if (!isObject(part)) return message;
	if (type === 'template_card') return { ...message, [type]: { task_id: id, ...part } };
	const place = Object.hasOwn(TEXTS, type) ? TEXTS[type] : undefined;
	const text = place && part[place.name];
	if (!place || typeof text !== 'string') return message;
	const fitted = cutMarkup(text, place.max - TAG_BYTES, bytes) + tag(id);
	return { ...message, [type]: { ...part, [place.name]: fitted } };
}
