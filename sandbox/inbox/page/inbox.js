// Browser script of the inbox page. Messages come drawn from the server: only `html` is put in as HTML.
(() => {
	const data = JSON.parse(document.getElementById('setup').textContent);
	const feed = document.getElementById('feed');
	const state = { records: [], channel: '', person: '', refusals: false, search: '' };

	const el = (tag, props = {}, ...children) => {
		const node = Object.assign(document.createElement(tag), props);
		node.append(...children.filter((child) => child !== undefined && child !== null));
		return node;
	};
	const icon = (channel) => {
		const holder = el('i', { innerHTML: data.channels[channel]?.icon ?? '✉' });
		holder.style.display = 'contents';
		return holder;
	};
	const personOf = (address) => data.people.find((person) => person.addresses.includes(address));
	const nameOf = (address) => personOf(address)?.name ?? address;
	const hue = (text) => [...text].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 360, 7);
	const face = (name) => {
		const node = el('b', { className: 'face', textContent: [...name][0] ?? '?' });
		node.style.background = `hsl(${hue(name)} 55% 45%)`;
		return node;
	};
	const time = (iso) => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });

	async function call(path, body) {
		const response = await fetch(path, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		return response.json();
	}
	let toastTimer;
	function toast(text) {
		document.querySelector('.toast')?.remove();
		document.body.append(el('div', { className: 'toast', role: 'status', textContent: text }));
		clearTimeout(toastTimer);
		toastTimer = setTimeout(() => document.querySelector('.toast')?.remove(), 4000);
	}

	// ---- one item of the feed -------------------------------------------------------------
	function frames(root) {
		for (const frame of root.querySelectorAll('iframe')) {
			const fit = () => {
				const height = frame.contentDocument?.documentElement?.scrollHeight;
				if (height) frame.style.height = `${Math.min(height + 2, 900)}px`;
			};
			frame.addEventListener('load', fit);
		}
	}
	function tabs(root) {
		for (const tab of root.querySelectorAll('.tab')) {
			tab.onclick = () => {
				for (const other of root.querySelectorAll('.tab')) other.setAttribute('aria-selected', other === tab);
				for (const panel of root.querySelectorAll('[data-panel]')) panel.hidden = panel.dataset.panel !== tab.dataset.tab;
			};
		}
	}
	function presses(root, record) {
		for (const button of root.querySelectorAll('.press')) {
			button.disabled = !data.canPress;
			if (!data.canPress) button.title = 'Answers are not connected in this sandbox yet';
			button.onclick = async () => {
				button.disabled = true;
				const { action, value } = button.dataset;
				const answer = await call('/api/press', { seq: record.seq, action, value, label: button.textContent });
				toast(answer.message ?? (answer.ok ? 'Sent to n8n' : 'Failed'));
				button.disabled = false;
			};
		}
	}
	function rawToggle(node, record) {
		const button = el('button', { className: 'link', type: 'button', textContent: '{ } raw' });
		button.setAttribute('aria-pressed', 'false');
		button.onclick = () => {
			const open = node.querySelector('.raw');
			button.setAttribute('aria-pressed', String(!open));
			if (open) return open.remove();
			const raw = typeof record.raw === 'string' ? record.raw : JSON.stringify(record.raw, null, 2);
			node.append(el('pre', { className: 'raw', textContent: raw }));
		};
		return button;
	}
	function draw(record) {
		const isRefusal = record.type === 'refusal';
		const kind = record.kind === 'delete' ? 'deleted' : '';
		const node = el('article', { className: `item ${record.type} ${kind}` });
		const to = (record.to ?? []).map(nameOf).join(', ');
		const known = (record.to ?? []).length === 1 && nameOf(record.to[0]) !== record.to[0] ? ` · ${record.to[0]}` : '';
		const edited = record.edited && record.kind !== 'delete' ? 'edited' : record.kind === 'ephemeral' ? 'only visible to them' : kind;
		const label = isRefusal ? `refused ${record.status || ''}` : edited;
		node.append(
			el('div', { className: 'meta' },
				el('span', { className: 'badge' }, icon(record.channel), data.channels[record.channel]?.name ?? record.channel),
				el('span', { className: 'to' }, to ? 'to ' : '', el('b', { textContent: to }), known),
				el('span', { className: 'end' },
					label ? el('span', { className: 'tag', textContent: label }) : null,
					el('time', { dateTime: record.at, textContent: time(record.at) }),
					rawToggle(node, record))),
		);
		if (isRefusal) {
			node.append(el('div', { className: 'why' }, el('code', { textContent: record.code }), ` — ${record.why}`));
		} else {
			const body = el('div', { className: 'drawn', innerHTML: record.html });
			node.append(body);
			frames(body);
			tabs(body);
			presses(body, record);
		}
		node.dataset.seq = record.seq;
		return node;
	}

	// ---- filters and counts ---------------------------------------------------------------
	function visible(record) {
		if (state.refusals && record.type !== 'refusal') return false;
		if (state.channel && record.channel !== state.channel) return false;
		if (state.person && !(record.to ?? []).some((address) => nameOf(address) === state.person)) return false;
		return !state.search || JSON.stringify([record.rendered, record.why, record.to, record.code]).toLowerCase().includes(state.search);
	}
	function nav(label, count, pressed, lead, onclick, className = '') {
		const button = el('button', { className: `nav ${className}`, type: 'button', onclick }, lead,
			el('span', { textContent: label }), el('em', { textContent: count || '' }));
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
			nav('Everything', state.records.length, !state.channel && !state.person && !state.refusals, el('i', { textContent: '📥', style: 'font-style:normal' }), () => {
				Object.assign(state, { channel: '', person: '', refusals: false });
				render();
			}),
			...Object.entries(data.channels).map(([id, channel]) =>
				nav(channel.name, of((record) => record.channel === id), state.channel === id, icon(id), pick('channel', id))),
			nav('Refused', of((record) => record.type === 'refusal'), state.refusals, el('i', { textContent: '⛔', style: 'font-style:normal' }), pick('refusals', true), 'refusals'),
		);
		const people = new Set(data.people.map((person) => person.name));
		for (const record of state.records) for (const address of record.to ?? []) people.add(nameOf(address));
		document.getElementById('people').replaceChildren(
			...[...people].map((name) =>
				nav(name, of((record) => (record.to ?? []).some((address) => nameOf(address) === name)), state.person === name, face(name), pick('person', name))),
		);
	}
	function empty() {
		const text = state.records.length === 0 ? 'Waiting for the first message…' : 'Nothing matches this filter.';
		return el('div', { className: 'empty' }, el('div', { textContent: '📭' }), text);
	}
	function render() {
		sidebar();
		const shown = state.records.filter(visible).sort((a, b) => b.seq - a.seq);
		feed.replaceChildren(...(shown.length > 0 ? shown.map(draw) : [empty()]));
	}

	// ---- arrival --------------------------------------------------------------------------
	/** An update or a deletion changes the message that is there; it moves to the top. */
	function merge(record) {
		const changes = record.type === 'message' && ['update', 'delete'].includes(record.kind);
		const index = changes ? state.records.findIndex((old) => old.channel === record.channel && old.ref === record.ref) : -1;
		if (index < 0) return void state.records.push(record);
		const [old] = state.records.splice(index, 1);
		const html = record.kind === 'delete' ? old.html : record.html;
		state.records.push({ ...record, html, edited: true });
	}
	let queued = false;
	function arrive(record) {
		merge(record);
		if (queued) return;
		queued = true;
		const last = Math.max(0, ...[...feed.querySelectorAll('[data-seq]')].map((node) => Number(node.dataset.seq)));
		requestAnimationFrame(() => {
			queued = false;
			render();
			for (const node of feed.querySelectorAll('[data-seq]')) if (Number(node.dataset.seq) > last) node.classList.add('fresh');
			document.title = `Inbox (${state.records.length})`;
		});
	}
	const live = document.getElementById('live');
	const source = new EventSource('/events');
	source.onopen = () => {
		live.classList.add('on');
		live.textContent = 'live';
	};
	source.onerror = () => {
		live.classList.remove('on');
		live.textContent = 'reconnecting…';
	};
	source.addEventListener('all', (event) => {
		state.records = [];
		for (const record of JSON.parse(event.data)) merge(record);
		render();
	});
	source.addEventListener('record', (event) => arrive(JSON.parse(event.data)));
	source.addEventListener('clear', () => {
		state.records = [];
		render();
	});

	// ---- controls -------------------------------------------------------------------------
	document.getElementById('search').oninput = (event) => {
		state.search = event.target.value.trim().toLowerCase();
		render();
	};
	document.getElementById('clear').onclick = () => call('/api/clear', {});
	document.getElementById('theme').onclick = () => {
		const isDark = document.documentElement.dataset.theme
			? document.documentElement.dataset.theme === 'dark'
			: matchMedia('(prefers-color-scheme: dark)').matches;
		document.documentElement.dataset.theme = isDark ? 'light' : 'dark';
	};
	for (const channel of data.faults) {
		const select = el('select', { title: `Make ${data.channels[channel]?.name ?? channel} misbehave` },
			...[['', 'works'], ['429', 'rate limited'], ['5xx', 'down (5xx)'], ['timeout', 'no answer'], ['reset', 'cut wire'], ['slow', 'slow (2 s)'], ['reject_auth', 'rejects login']]
				.map(([value, textContent]) => el('option', { value, textContent })));
		select.onchange = async () => {
			select.classList.toggle('broken', select.value !== '');
			await call('/api/fault', { channel, kind: select.value });
		};
		document.getElementById('faults').append(el('label', {}, el('span', { textContent: data.channels[channel]?.name ?? channel }), select));
	}
	document.getElementById('faults-title').hidden = data.faults.length === 0;
	if (data.itsmUrl) Object.assign(document.getElementById('itsm'), { href: data.itsmUrl, hidden: false });
})();
