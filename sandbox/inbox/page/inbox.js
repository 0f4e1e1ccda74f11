/* global ui */
// Browser script of the inbox page: filters and arrival.
(() => {
	const { el, post, setup: data } = ui;
	const { draw, icon, face, ALL, REFUSED } = ui.item;
	const { nameOf } = ui.answers;
	const feed = document.getElementById('feed');
	const state = { records: [], channel: '', person: '', refusals: false, search: '' };
	/** The page keeps this many, newest first. */
	const KEPT = 500;

	function visible(record) {
		if (state.refusals && record.type !== 'refusal') return false;
		if (state.channel && record.channel !== state.channel) return false;
		if (state.person && !(record.to ?? []).some((address) => nameOf(address) === state.person))
			return false;
		return (
			!state.search ||
			JSON.stringify([record.rendered, record.said, record.why, record.to, record.code])
				.toLowerCase()
				.includes(state.search)
		);
	}
	function nav(label, count, pressed, lead, onclick, className = '') {
		const button = el(
			'button',
			{ className: `nav ${className}`, type: 'button', onclick },
			lead,
			el('span', { textContent: label }),
			el('em', { textContent: count || '' }),
		);
		button.setAttribute('aria-pressed', String(pressed));
		return button;
	}
	function sidebar() {
		const of = (test) => state.records.filter(test).length;
		const pick = (key, value) => () => {
			state[key] = state[key] === value ? (typeof value === 'boolean' ? false : '') : value;
			render();
		};
		document.getElementById('channels').replaceChildren(
			nav(
				'Everything',
				state.records.length,
				!state.channel && !state.person && !state.refusals,
				icon('', ALL),
				() => {
					Object.assign(state, { channel: '', person: '', refusals: false });
					render();
				},
			),
			...Object.entries(data.channels).map(([id, channel]) =>
				nav(
					channel.name,
					of((record) => record.channel === id),
					state.channel === id,
					icon(id),
					pick('channel', id),
				),
			),
			nav(
				'Refused',
				of((record) => record.type === 'refusal'),
				state.refusals,
				icon('', REFUSED),
				pick('refusals', true),
				'refusals',
			),
		);
		const people = new Set(data.people.map((person) => person.name));
		for (const record of state.records)
			for (const address of record.to ?? []) people.add(nameOf(address));
		document.getElementById('people').replaceChildren(
			...[...people].map((name) =>
				nav(
					name,
					of((record) => (record.to ?? []).some((address) => nameOf(address) === name)),
					state.person === name,
					face(name),
					pick('person', name),
				),
			),
		);
	}
	function empty() {
		const text =
			state.records.length === 0
				? 'Waiting for the first message…'
				: 'Nothing matches this filter.';
		return el('div', { className: 'empty' }, el('div', {}, icon('', ALL)), text);
	}
	/** Nodes stay where they are: an open raw view, a chosen tab and a loaded frame survive. */
	const nodes = new WeakMap();
	function nodeOf(record) {
		if (!nodes.has(record)) nodes.set(record, draw(record));
		return nodes.get(record);
	}
	function render() {
		sidebar();
		const shown = state.records.filter(visible).sort((a, b) => b.seq - a.seq);
		const wanted = shown.length > 0 ? shown.map(nodeOf) : [empty()];
		for (const node of [...feed.children]) if (!wanted.includes(node)) node.remove();
		let cursor = feed.firstChild;
		for (const node of wanted) {
			if (node === cursor) cursor = cursor.nextSibling;
			else feed.insertBefore(node, cursor);
		}
	}

	// ---- arrival --------------------------------------------------------------------------
	/** An update or a deletion changes the message that is there; it moves to the top. */
	function merge(record) {
		const changes = record.type === 'message' && ['update', 'delete'].includes(record.kind);
		const index = changes
			? state.records.findIndex((old) => old.channel === record.channel && old.ref === record.ref)
			: -1;
		if (index < 0) return void state.records.push(record);
		const [old] = state.records.splice(index, 1);
		const html = record.kind === 'delete' ? old.html : record.html;
		state.records.push({ ...record, html, edited: true });
	}
	let queued = false;
	function arrive(record) {
		merge(record);
		if (state.records.length > KEPT) state.records.shift();
		if (queued) return;
		queued = true;
		const last = Math.max(
			0,
			...[...feed.querySelectorAll('[data-seq]')].map((node) => Number(node.dataset.seq)),
		);
		requestAnimationFrame(() => {
			queued = false;
			render();
			for (const node of feed.querySelectorAll('[data-seq]'))
				if (Number(node.dataset.seq) > last) node.classList.add('fresh');
			document.title = `Inbox (${state.records.length})`;
		});
	}
	const reset = (records) => {
		state.records = [];
		for (const record of records) merge(record);
		render();
	};
	ui.events(document.getElementById('live'), {
		all: reset,
		record: arrive,
		clear: () => reset([]),
	});

	// ---- controls -------------------------------------------------------------------------
	document.getElementById('search').oninput = (event) => {
		state.search = event.target.value.trim().toLowerCase();
		render();
	};
	document.getElementById('clear').onclick = () => post('/api/clear', {});
	ui.themeButton(document.getElementById('theme'));
})();
