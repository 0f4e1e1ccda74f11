import type { Json } from '../text';
import { escape } from './escape';
import { markerLine } from './quote';

/** The mail with the line above which one answers, in the reader's language, at the top of both parts. */
export function withMarker(payload: Json, language: string | null | undefined): Json {
	const line = markerLine(language);
	const { text, html } = payload;
	return {
		...payload,
		...(typeof text === 'string' ? { text: `${line}\n\n${text}` } : {}),
		...(typeof html === 'string' ? { html: intoBody(html, escape(line)) } : {}),
	};
}

function intoBody(html: string, line: string): string {
	const mark = `<div style="color:#8a9099;font-size:12px;padding:8px;text-align:center">${line}</div>`;
	const body = /<body\b[^>]*>/i.exec(html);
	const at = body ? body.index + body[0].length : 0;
	return `${html.slice(0, at)}\n${mark}${html.slice(at)}`;
}
