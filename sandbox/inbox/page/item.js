/* global ui */
// One item of the feed, as `ui.item`. Messages come drawn from the server: only `html` is put in as HTML.
ui.item = (() => {
	const { el, setup: data } = ui;
	const { nameOf, answerLine } = ui.answers;
	const svg = (path) =>
		`<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">${path}</svg>`;
	const ALL = svg('<path d="M3 11h4l1.5 2.5h3L13 11h4M3 11l2.5-7h9L17 11v5H3z"/>');
	const REFUSED = svg('<circle cx="10" cy="10" r="7"/><path d="m5.2 5.2 9.6 9.6"/>');
	const icon = (channel, drawing = data.channels[channel]?.icon ?? ALL) => {
		const holder = el('i', { innerHTML: drawing });
		holder.style.display = 'contents';
		return holder;
	};
	const hue = (text) => [...text].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 360, 7);
	const face = (name) => {
		const node = el('b', { className: 'face', textContent: [...name][0] ?? '?' });
		node.style.background = `hsl(${hue(name)} 55% 45%)`;
		return node;
	};
	const FAULTS = { repeat: 'sent 3 times', forge: 'forged', stale: 'a day old' };
	const channelName = (channel) => data.channels[channel]?.name ?? channel;
	const time = (iso) =>
		new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });

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
				for (const other of root.querySelectorAll('.tab'))
					other.setAttribute('aria-selected', other === tab);
				for (const panel of root.querySelectorAll('[data-panel]'))
					panel.hidden = panel.dataset.panel !== tab.dataset.tab;
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
	/** What a person did, and what n8n answered to it. */
	function drawAnswer(record) {
		const node = el('article', { className: `item answer ${record.ok ? '' : 'failed'}` });
		const tags = [FAULTS[record.fault], `n8n: ${record.statuses.join(', ')}`].filter(Boolean);
		node.append(
			el(
				'div',
				{ className: 'meta' },
				el('span', { className: 'badge' }, icon(record.channel), channelName(record.channel)),
				el('span', { className: 'to' }, 'from ', el('b', { textContent: nameOf(record.to[0]) })),
				el(
					'span',
					{ className: 'end' },
					...tags.map((textContent) => el('span', { className: 'tag', textContent })),
					el('time', { dateTime: record.at, textContent: time(record.at) }),
					rawToggle(node, record),
				),
			),
			el('div', { className: 'said', textContent: record.said }),
		);
		const answer = record.answer.trim();
		if (answer) node.append(el('code', { className: 'back', textContent: answer.slice(0, 400) }));
		node.dataset.seq = record.seq;
		return node;
	}
	function draw(record) {
		if (record.type === 'answer') return drawAnswer(record);
		const isRefusal = record.type === 'refusal';
		const kind = record.kind === 'delete' ? 'deleted' : '';
		const node = el('article', { className: `item ${record.type} ${kind}` });
		const to = (record.to ?? []).map(nameOf).join(', ');
		const known =
			(record.to ?? []).length === 1 && nameOf(record.to[0]) !== record.to[0]
				? ` · ${record.to[0]}`
				: '';
		const edited =
			record.edited && record.kind !== 'delete'
				? 'edited'
				: record.kind === 'ephemeral'
					? 'only visible to them'
					: kind;
		const label = isRefusal ? 'refused' : edited;
		node.append(
			el(
				'div',
				{ className: 'meta' },
				el('span', { className: 'badge' }, icon(record.channel), channelName(record.channel)),
				el('span', { className: 'to' }, to ? 'to ' : '', el('b', { textContent: to }), known),
				el(
					'span',
					{ className: 'end' },
					label ? el('span', { className: 'tag', textContent: label }) : null,
					el('time', { dateTime: record.at, textContent: time(record.at) }),
					rawToggle(node, record),
				),
			),
		);
		if (isRefusal) {
			node.append(
				el(
					'div',
					{ className: 'why' },
					el('code', { textContent: record.code }),
					` — ${record.why}`,
					el('small', {
						textContent: record.status
							? ` (${record.channel === 'email' ? 'SMTP' : 'HTTP'} ${record.status})`
							: '',
					}),
				),
			);
		} else {
			const body = el('div', { className: 'drawn', innerHTML: record.html });
			node.append(body);
			frames(body);
			tabs(body);
			const line = answerLine(body, record);
			if (line) node.append(line);
		}
		node.dataset.seq = record.seq;
		return node;
	}
	return { draw, icon, face, ALL, REFUSED };
})();
