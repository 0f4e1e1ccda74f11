import { ItsmNotifyError } from '../../errors';
import { cut } from '../cut';
import { clean, oneLine, textIn, type Json } from '../text';
import { escapeWithLinks, htmlToText } from './escape';
import { page, row } from './html';
import { EMAIL } from './limits';

/**
 * A template's own mail: `{subject, body}` (plain text, as the seed has it), `{subject, html}` or both with `text`.
 * Throws ItsmNotifyError `empty_message` where subject or content is missing.
 */
export function raw(document: Json): Json {
	const subject = oneLine(textIn(document, 'subject', 'title') ?? '');
	const html = textIn(document, 'html');
	const plain = clean(textIn(document, 'text', 'body') ?? '');
	if (!subject) empty('subject');
	if (!html && !plain) empty('body');
	const high = document.priority === 'high' || document.importance === 'high';
	return {
		subject: cut(subject, EMAIL.subject),
		text: plain || htmlToText(clean(html ?? '')),
		html: html
			? clean(html)
			: page({ title: subject, language: textIn(document, 'language') ?? 'und' }, [
					row(escapeWithLinks(plain), 'padding-top:22px;padding-bottom:22px'),
				]),
		...(high ? { priority: 'high' } : {}),
	};
}

function empty(field: string): never {
	throw new ItsmNotifyError('empty_message', `The mail has no ${field}.`, { field });
}
