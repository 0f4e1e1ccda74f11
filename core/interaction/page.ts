import { createHash } from 'node:crypto';

import { fill, wordsFor, type ButtonAction } from '../actions';
import type { LinkView } from './link';

export interface LinkPage {
	status: number;
	headers: Record<string, string>;
	html: string;
}

const STYLE =
	'body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1f2328;background:#f6f8fa}' +
	'main{max-width:32rem;margin:10vh auto;padding:1.5rem;background:#fff;border:1px solid #d0d7de;border-radius:8px}' +
	'h1{font-size:1.25rem;margin:0 0 .25rem}p{margin:.5rem 0}.muted{color:#59636e}' +
	'label{display:block;margin:1rem 0 .25rem}' +
	'textarea{box-sizing:border-box;width:100%;min-height:6rem;font:inherit;color:inherit;background:inherit;border:1px solid #d0d7de;border-radius:6px;padding:.5rem}' +
	'button{margin-top:1rem;font:inherit;padding:.5rem 1.25rem;color:#fff;background:#0969da;border:0;border-radius:6px;cursor:pointer}' +
	'a{color:#0969da}' +
	'@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}main{background:#151b23;border-color:#3d444d}' +
	'.muted{color:#9198a1}textarea{border-color:#3d444d}button{background:#1f6feb}a{color:#4493f8}}';

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** No script, nothing from elsewhere, no frame around it, and the form leads nowhere but back. */
const HEADERS: Record<string, string> = {
	'Content-Type': 'text/html; charset=utf-8',
	'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
	'Cache-Control': 'no-store',
	'Referrer-Policy': 'no-referrer',
	'X-Content-Type-Options': 'nosniff',
	'X-Robots-Tag': 'noindex',
};

const STATUS: Record<LinkView['state'], number> = {
	ready: 200,
	needs_text: 422,
	done: 200,
	used: 410,
	expired: 410,
	wrong: 400,
};

const escape = (text: string): string =>
	text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const MAX_COMMENT = 4000;

/** The page of a signed link in its reader's language: the question with one button, or what became of it. */
export function linkPage(view: LinkView, token: string, accepts?: string): LinkPage {
	const language = view.language ?? accepts ?? 'en';
	const words = wordsFor(language);
	const { page } = words;
	const title = view.number ? fill(page.title, { n: view.number }) : 'ITSM Notify';
	const status = view.status ? (words.statuses[view.status] ?? view.status) : undefined;
	const about = [view.title, status].filter(Boolean).join(' · ');
	const isOpen = view.state === 'ready' || view.state === 'needs_text';
	const body = [
		`<h1>${escape(title)}</h1>`,
		about ? `<p class="muted">${escape(about)}</p>` : '',
		isOpen ? form(view, token, words) : `<p role="status">${escape(page[view.state])}</p>`,
		view.url && /^https?:\/\//i.test(view.url)
			? `<p><a href="${escape(view.url)}" rel="noopener noreferrer">${escape(page.open)}</a></p>`
			: '',
	].join('');
	const html = `<!doctype html><html lang="${/^zh/i.test(language) ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
	return { status: STATUS[view.state], headers: HEADERS, html };
}

function form(view: LinkView, token: string, words: ReturnType<typeof wordsFor>): string {
	const { page } = words;
	const isComment = view.action === 'comment';
	const label = words.buttons[view.action as ButtonAction] ?? page.confirm;
	return [
		'<form method="post">',
		`<input type="hidden" name="t" value="${escape(token)}">`,
		isComment
			? `<label for="comment">${escape(words.comment_label)}</label><textarea id="comment" name="comment" maxlength="${MAX_COMMENT}" required></textarea>`
			: '',
		view.state === 'needs_text' ? `<p role="alert">${escape(page.needs_text)}</p>` : '',
		`<button type="submit">${escape(label)}</button>`,
		`<p class="muted">${escape(page.cancel)}</p></form>`,
	].join('');
}
