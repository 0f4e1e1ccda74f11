import { ItsmNotifyError } from '../../errors';
import { bytes } from '../cut';
import { oneLine, type Json } from '../text';
import type { Channel } from '../types';
import { draw } from './card';
import { escape } from './escape';
import { headerValue } from './headers';
import { EMAIL, limits } from './limits';
import { outcome } from './outcome';
import { raw } from './raw';
import { address, probe, request } from './request';
import { respond } from './respond';

const refuse = (field: string, why: string): never => {
	throw new ItsmNotifyError('invalid_payload', `The mail cannot be sent: ${field} ${why}.`, {
		field,
	});
};

function check(payload: Json): void {
	const { subject, text, html } = payload;
	if (typeof subject !== 'string' || !subject.trim()) return refuse('subject', 'is empty');
	headerValue('Subject', subject);
	for (const [name, value] of Object.entries({ text, html })) {
		if (value !== undefined && typeof value !== 'string') refuse(name, 'is no text');
	}
	if (!`${String(text ?? '')}${String(html ?? '')}`.trim()) refuse('text', 'and html are empty');
	if (bytes(`${String(text ?? '')}${String(html ?? '')}`) > EMAIL.payloadBytes)
		refuse('html', `is over ${EMAIL.payloadBytes} bytes`);
}

/** Mail by SMTP. */
export const email: Channel = {
	id: 'email',
	name: 'Email',
	limits,
	// The Message-ID is the same for every try.
	recognisesRepeats: () => true,
	escape,
	address,
	draw,
	raw,
	summary: (payload) => oneLine(String(payload.subject ?? '')),
	check,
	request,
	outcome: (response, sent) =>
		'accepted' in response
			? outcome(response, sent)
			: { ok: false, class: 'config', code: 'unexpected_answer', message: 'No SMTP answer' },
	probe,
	// A mail is no place for a press: links open a page.
	answers: () => 'link',
	respond,
};
