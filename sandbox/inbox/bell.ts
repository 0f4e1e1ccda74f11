import type { Answer } from '../simulators/http.ts';
import { esc } from './html.ts';

/** In-app inboxes, as a portal shows them behind its bell. */
export interface Bell {
	users: { id: string; name: string }[];
	/** The HTML that n8n draws. */
	page(user: string): Promise<string>;
}

/** What n8n drew may style itself and link, and nothing else. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'";

const html = (status: number, body: string): Answer => ({
	status,
	headers: {
		'content-type': 'text/html; charset=utf-8',
		'content-security-policy': POLICY,
		'cache-control': 'no-store',
	},
	body,
});

const list = ({ users }: Bell): string =>
	`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>In-app inboxes</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:40em;margin:3em auto;padding:0 1em;color-scheme:light dark}</style></head>
<body><h1>In-app inboxes</h1><ul>${users
		.map(
			({ id, name }) => `<li><a href="/bell?user=${encodeURIComponent(id)}">${esc(name)}</a></li>`,
		)
		.join('')}</ul></body></html>`;

/** `/bell`: who has an inbox; `/bell?user=`: theirs. */
export async function bellAnswer(bell: Bell, query: URLSearchParams): Promise<Answer> {
	const user = query.get('user');
	if (user === null) return html(200, list(bell));
	if (!bell.users.some(({ id }) => id === user)) return html(404, 'No such person.');
	try {
		return html(200, await bell.page(user));
	} catch (error) {
		return html(502, esc(`n8n did not give the inbox: ${(error as Error).message}`));
	}
}
