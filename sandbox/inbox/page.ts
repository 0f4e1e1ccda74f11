import { readFileSync } from 'node:fs';

import { DRAWERS } from './draw/index.ts';
import { esc } from './html.ts';

export const asset = (name: string): string =>
	readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');

/** JSON inside a script element: a `<` could end it. */
export const inlineJson = (value: unknown): string =>
	JSON.stringify(value).replaceAll('<', '\\u003c');

/** A whole page without any file beside it; the script runs by its nonce only. */
export function shell(parts: {
	title: string;
	css: string;
	body: string;
	script: string;
	data: unknown;
	nonce: string;
}): string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${esc(parts.title)}</title>
<link rel="icon" href="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><rect width='16' height='16' rx='4' fill='%234f46e5'/><path d='M3 9h3l1 2h2l1-2h3' fill='none' stroke='white' stroke-width='1.5'/></svg>">
<style>${asset('theme.css')}${parts.css}</style></head><body>${parts.body}
<script id="setup" type="application/json">${inlineJson(parts.data)}</script>
<script nonce="${parts.nonce}">${asset('base.js')}${parts.script}</script></body></html>`;
}

/** No foreign source of anything, no script but ours. */
export const contentPolicy = (nonce: string): string =>
	[
		"default-src 'none'",
		`script-src 'nonce-${nonce}'`,
		"style-src 'unsafe-inline'",
		'img-src data:',
		"connect-src 'self'",
		"frame-src 'self'",
		"base-uri 'self'",
		"form-action 'none'",
	].join('; ');

export interface InboxPageData {
	people: { name: string; addresses: string[] }[];
	/** How a channel can be told to misbehave. */
	faults: Record<string, readonly string[]>;
	/** Channels on which people act: whether their buttons send something, whether one can write, who does. */
	actors: Record<string, { press: boolean; say: boolean; people: readonly string[] }>;
	/** Pages beside this one. */
	links: { label: string; url: string }[];
}

const BODY = `
<header class="top"><h1><i><svg viewBox="0 0 20 20" width="17" height="17" fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M3 11h4l1.5 2.5h3L13 11h4M3 11l2.5-7h9L17 11v5H3z"/></svg></i>Message inbox</h1><span id="live" class="live">connecting…</span><span class="space"></span>
<input id="search" class="field" type="search" placeholder="Search" aria-label="Search messages">
<span id="links" class="links"></span>
<button id="clear" class="btn" type="button">Clear</button>
<button id="theme" class="btn" type="button" aria-label="Dark or light">◐</button></header>
<div class="layout"><aside><h2>Channels</h2><div id="channels"></div><h2>People</h2><div id="people"></div>
<h2 id="write-title">Write</h2><form id="write" class="write"></form>
<h2 id="faults-title">Misbehave</h2><div id="faults" class="faults"></div></aside>
<main id="feed" aria-live="polite"></main></div>`;

export function inboxPage(data: InboxPageData, nonce: string): string {
	const channels = Object.fromEntries(
		Object.entries(DRAWERS).map(([id, { name, icon, color }]) => [id, { name, icon, color }]),
	);
	const css =
		asset('inbox.css') +
		Object.values(DRAWERS)
			.map((drawer) => drawer.css)
			.join('\n');
	return shell({
		title: 'Message inbox',
		css,
		body: BODY,
		script: asset('answers.js') + asset('item.js') + asset('inbox.js') + asset('controls.js'),
		data: { ...data, channels },
		nonce,
	});
}
