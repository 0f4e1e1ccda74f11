import { readFileSync } from 'node:fs';

import { shell } from '../inbox/page.ts';
import { PRIORITIES, STATES } from './model.ts';

const own = (name: string): string =>
	readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');

const BODY = `
<header class="top"><h1><i><svg viewBox="0 0 20 20" width="17" height="17" fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M3 5h14v3a2 2 0 0 0 0 4v3H3v-3a2 2 0 0 0 0-4zM12 5v10"/></svg></i>ITSM simulator</h1><span id="live" class="live">connecting…</span><span class="space"></span>
<label>Acting as <select id="by" class="field"></select></label>
<a id="inbox" class="btn" target="_blank" rel="noopener" hidden>Message inbox ↗</a>
<button id="theme" class="btn" type="button" aria-label="Dark or light">◐</button></header>
<div class="layout"><main><section class="panel"><h2>Incidents <small id="count"></small></h2>
<table><thead><tr><th>Number</th><th>Short description</th><th>Priority</th><th>State</th><th class="hide">Assigned to</th><th class="hide">Updated</th></tr></thead>
<tbody id="rows"></tbody></table><div id="none" class="empty">No tickets yet: create the first one.</div></section>
<section class="panel"><h2>Webhooks sent <small id="target"></small></h2><ul id="log" class="log"></ul></section></main>
<div><section id="detail" class="panel" hidden></section>
<section class="panel"><h2>New incident</h2><form id="new" class="form">
<input id="title" class="field" name="short_description" placeholder="Short description" required maxlength="160">
<textarea id="description" class="field" name="description" placeholder="Description" rows="3"></textarea>
<div class="row"><label>Impact<select class="field" name="impact"><option value="1">1 - High</option><option value="2" selected>2 - Medium</option><option value="3">3 - Low</option></select></label>
<label>Urgency<select class="field" name="urgency"><option value="1" selected>1 - High</option><option value="2">2 - Medium</option><option value="3">3 - Low</option></select></label></div>
<div class="row"><label>Caller<select id="caller" class="field" name="caller_id"></select></label><label>Group<select id="group" class="field" name="assignment_group"></select></label></div>
<label>Assigned to<select id="assignee" class="field" name="assigned_to"></select></label>
<button class="btn main" type="submit">Create and send webhook</button></form></section></div></div>`;

export function itsmPage(nonce: string): string {
	const data = { states: STATES, priorities: PRIORITIES };
	return shell({
		title: 'ITSM simulator',
		css: own('itsm.css'),
		body: BODY,
		script: own('itsm.js'),
		data,
		nonce,
	});
}
