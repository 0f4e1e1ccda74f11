import { ItsmNotifyError } from '../../errors';
import { bytes } from '../cut';
import { isObject, type Json } from '../text';
import { CARD_TYPE, TEAMS } from './limits';

export const refuse = (field: string, why: string): never => {
	throw new ItsmNotifyError('invalid_payload', `Teams would refuse the message: ${field} ${why}.`, {
		field,
	});
};

/** Throws ItsmNotifyError `invalid_payload` naming what Teams would refuse. */
export function check(payload: Json): void {
	const { type, text, attachments } = payload;
	if (type !== 'message') return refuse('type', 'is not "message"');
	const list = attachments ?? [];
	if (!Array.isArray(list)) return refuse('attachments', 'is no list');
	const hasText = typeof text === 'string' && text.trim() !== '';
	if (!hasText && list.length === 0) refuse('text', 'and attachments are empty');
	list.forEach((one: unknown, index) => attachment(one, `attachments[${index}]`));
	if (bytes(JSON.stringify(payload)) > TEAMS.message)
		refuse('the message', `is over ${TEAMS.message} bytes`);
}

function attachment(value: unknown, at: string): void {
	if (!isObject(value) || typeof value.contentType !== 'string')
		return refuse(`${at}.contentType`, 'is missing');
	if (value.contentType !== CARD_TYPE) return;
	const { content } = value;
	if (!isObject(content) || content.type !== 'AdaptiveCard')
		return refuse(`${at}.content.type`, 'is not "AdaptiveCard"');
	if (!/^1\.[0-5]$/.test(String(content.version)))
		refuse(`${at}.content.version`, 'is not 1.0 to 1.5');
	if (content.body !== undefined && !Array.isArray(content.body))
		refuse(`${at}.content.body`, 'is no list');
	visit(content, `${at}.content`);
}

function visit(value: unknown, at: string): void {
	if (Array.isArray(value)) return value.forEach((one, index) => visit(one, `${at}[${index}]`));
	if (!isObject(value)) return;
	const { type, url, text, id } = value;
	if (type === 'Action.OpenUrl' && !(typeof url === 'string' && URL.canParse(url)))
		refuse(`${at}.url`, 'is no URL');
	if (type === 'TextBlock' && typeof text !== 'string') refuse(`${at}.text`, 'is missing');
	if (typeof type === 'string' && type.startsWith('Input.') && !(typeof id === 'string' && id))
		refuse(`${at}.id`, 'is missing');
	for (const [key, entry] of Object.entries(value))
		if (key !== 'data') visit(entry, `${at}.${key}`);
}
