/* global ui */
// One item of the feed, as `ui.item`. Messages come drawn from the server: only `html` is put in as HTML.
ui.item = (() => {
	const { el, post, toast, setup: data } = ui;
	const svg = (path) =>
		`<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">${path}</svg>`;
	const ALL = svg('<path d="M3 11h4l1.5 2.5h3L13 11h4M3 11l2.5-7h9L17 11v5H3z"/>');
	const REFUSED = svg('<circle cx="10" cy="10" r="7"/><path d="m5.2 5.2 9.6 9.6"/>');
	const icon = (channel, drawing = data.channels[channel]?.icon ?? ALL) => {
		const holder = el('i', { innerHTML: drawing });
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
	const said = (answer) => toast(answer.message ?? (answer.ok ? 'Sent to n8n' : 'Failed'));
	/** What was typed for a button: in its own input, else in one that belongs to none. */
	function typed(root, action) {
		const inputs = [...root.querySelectorAll('.press-text')];
		const own = inputs.find((input) => input.dataset.for === action);
		return (own ?? inputs.find((input) => !input.dataset.for))?.value;
	}
	function presses(root, record) {
		const isOn = data.pressable.includes(record.channel) && record.kind !== 'delete';
		for (const button of root.querySelectorAll('.press')) {
			button.disabled = !isOn;
			if (!isOn) button.title = 'Answers are not connected here';
			button.onclick = async () => {
				button.disabled = true;
				const text = typed(root, button.dataset.action);
				const { channel, ref: messageId } = record;
				const press = { channel, messageId, button: button.dataset.button };
				said(await post('/press', { ...press, ...(text ? { text } : {}) }));
				button.disabled = false;
			};
		}
	}
	/** A line to write back on, for a conversation with one person. */
	function answerLine(record) {
		const [user, ...others] = record.to ?? [];
		if (!data.talking.includes(record.channel) || !personOf(user) || others.length > 0) return null;
		const input = el('input', {
			className: 'field',
			placeholder: `Write as ${nameOf(user)}: ack 42`,
			maxLength: 2000,
		});
		input.setAttribute('aria-label', `Write as ${nameOf(user)}`);
		const form = el(
			'form',
			{ className: 'say' },
			input,
			el('button', { className: 'btn', textContent: 'Send' }),
		);
		form.onsubmit = async (event) => {
			event.preventDefault();
			const text = input.value.trim();
			if (!text) return;
			const answer = await post('/say', { channel: record.channel, user, text });
			if (answer.ok) input.value = '';
			said(answer);
		};
		return form;
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
				el(
					'span',
					{ className: 'badge' },
					icon(record.channel),
					data.channels[record.channel]?.name ?? record.channel,
				),
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
			presses(body, record);
			const line = answerLine(record);
			if (line) node.append(line);
		}
		node.dataset.seq = record.seq;
		return node;
	}
	return { draw, icon, face, nameOf, ALL, REFUSED };
})();
