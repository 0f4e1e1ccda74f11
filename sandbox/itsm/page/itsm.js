/* global ui */
// Browser script of the ITSM page. Texts are set as text, never as HTML.
(() => {
	const { el, setup } = ui;
	const { states, priorities } = setup;
	let state = { tickets: [], people: [], groups: [], firings: [] };
	let selected =
		new URLSearchParams(location.search).get('uri')?.match(/sys_id=([0-9a-f]{32})/)?.[1] ?? '';

	const $ = (id) => document.getElementById(id);
	const person = (id) =>
		state.people.find((entry) => [entry.sys_id, entry.user_name].includes(id))?.name ?? '';
	const group = (id) => state.groups.find((entry) => entry.sys_id === id)?.name ?? '';
	const pill = (kind, code, text) =>
		el('span', { className: `pill ${kind}${code}`, textContent: text ?? code });

	const post = (path, body) => ui.post(path, { by: $('by').value, ...body });
	const patch = (change) => post(`/page/tickets/${selected}`, { patch: change });

	function options(select, entries, chosen) {
		select.replaceChildren(
			...entries.map(([value, textContent]) =>
				el('option', { value, textContent, selected: value === chosen }),
			),
		);
		return select;
	}
	const people = (none) => [['', none], ...state.people.map((entry) => [entry.sys_id, entry.name])];

	function list() {
		$('count').textContent = `${state.tickets.length} incidents`;
		$('rows').replaceChildren(
			...state.tickets.map((ticket) => {
				const row = el(
					'tr',
					{
						onclick: () => {
							selected = ticket.sys_id;
							render();
						},
					},
					el('td', { className: 'num', textContent: ticket.number }),
					el(
						'td',
						{},
						el('div', { className: 'title', textContent: ticket.short_description }),
						el('small', {
							textContent: [person(ticket.caller_id), ticket.business_service]
								.filter(Boolean)
								.join(' · '),
						}),
					),
					el('td', {}, pill('p', ticket.priority, priorities[ticket.priority])),
					el('td', {}, pill('s', ticket.state, states[ticket.state])),
					el('td', {
						className: 'hide',
						textContent: person(ticket.assigned_to) || group(ticket.assignment_group) || '—',
					}),
					el(
						'td',
						{ className: 'hide' },
						el('small', { textContent: ticket.sys_updated_on.slice(11) }),
					),
				);
				row.setAttribute('aria-selected', String(ticket.sys_id === selected));
				return row;
			}),
		);
		$('none').hidden = state.tickets.length > 0;
	}

	function actions(ticket) {
		const button = (label, change, main) =>
			el('button', {
				type: 'button',
				className: `btn${main ? ' main' : ''}`,
				textContent: label,
				onclick: () => patch(change()),
			});
		const me = state.people.find((entry) => entry.user_name === $('by').value);
		const isOpen = !['6', '7', '8'].includes(ticket.state);
		if (!isOpen) return [button('Reopen', () => ({ state: '2' }))];
		return [
			button(
				'Acknowledge',
				() => ({ state: '2', ...(me ? { assigned_to: me.sys_id } : {}) }),
				ticket.state === '1',
			),
			button(
				'Resolve',
				() => ({
					state: '6',
					close_code: 'Solution provided',
					close_notes: 'Resolved on the ITSM page',
				}),
				ticket.state !== '1',
			),
			button('On hold', () => ({ state: '3', hold_reason: '4' })),
			button('Raise priority', () => ({
				urgency: '1',
				impact: String(Math.max(1, Number(ticket.impact) - 1)),
			})),
			el('button', {
				type: 'button',
				className: 'btn',
				textContent: 'SLA warning',
				onclick: () => post(`/page/tickets/${selected}/fire`, { event: 'sla_warning' }),
			}),
		];
	}

	function detail() {
		const ticket = state.tickets.find((entry) => entry.sys_id === selected);
		$('detail').hidden = !ticket;
		if (!ticket) return;
		if ($('detail').contains(document.activeElement) && document.activeElement.matches('textarea'))
			return;
		const facts = [
			['Caller', person(ticket.caller_id)],
			['Group', group(ticket.assignment_group)],
			['CI', ticket.cmdb_ci],
			['Service', ticket.business_service],
			['SLA due', ticket.sla_due && `${ticket.sla_due} UTC`],
			['Updated by', ticket.sys_updated_by],
		];
		const assign = options(
			el('select', {
				className: 'field',
				onchange: (event) => patch({ assigned_to: event.target.value }),
			}),
			people('— nobody —'),
			ticket.assigned_to,
		);
		const text = el('textarea', { className: 'field', placeholder: 'Comment…', rows: 2 });
		const say = (field) => () => {
			if (text.value.trim()) void patch({ [field]: text.value.trim() });
			text.value = '';
			text.blur();
		};
		$('detail').replaceChildren(
			el('h2', {}, ticket.number, pill('s', ticket.state, states[ticket.state])),
			el(
				'div',
				{ className: 'detail' },
				pill('p', ticket.priority, priorities[ticket.priority]),
				el('h3', { textContent: ticket.short_description }),
				el('p', { textContent: ticket.description }),
				el(
					'dl',
					{},
					...facts
						.filter(([, value]) => value)
						.flatMap(([label, value]) => [
							el('dt', { textContent: label }),
							el('dd', { textContent: value }),
						]),
				),
				el('div', { className: 'actions' }, ...actions(ticket)),
				...ticket.comments.map((comment) =>
					el(
						'div',
						{ className: 'comment' },
						el('small', {
							textContent: `${person(comment.author) || comment.author} · ${comment.public ? 'comment' : 'work note'} · ${comment.at}`,
						}),
						el('div', { textContent: comment.text }),
					),
				),
			),
			el(
				'div',
				{ className: 'form' },
				el('label', {}, 'Assigned to', assign),
				text,
				el(
					'div',
					{ className: 'actions' },
					el('button', {
						type: 'button',
						className: 'btn',
						textContent: 'Comment',
						onclick: say('comments'),
					}),
					el('button', {
						type: 'button',
						className: 'btn',
						textContent: 'Work note',
						onclick: say('work_notes'),
					}),
				),
			),
		);
	}

	function log() {
		$('target').textContent = state.webhook ?? 'no webhook set';
		$('log').replaceChildren(
			...state.firings.map((firing) =>
				el(
					'li',
					{},
					el('b', {
						className: firing.status >= 200 && firing.status < 300 ? 'ok' : 'bad',
						textContent: firing.status ?? '✕',
					}),
					el('span', {
						className: 'grow',
						textContent: `${firing.event} ${firing.number}${firing.error ? ` — ${firing.error}` : ''}`,
					}),
					el('small', { textContent: `${firing.ms} ms` }),
				),
			),
		);
	}

	function render() {
		list();
		detail();
		log();
	}
	function fill() {
		const by = $('by').value;
		options(
			$('by'),
			state.people.map((entry) => [entry.user_name, entry.name]),
			by,
		);
		options($('caller'), people('— nobody —'), $('caller').value || state.people.at(-1)?.sys_id);
		options(
			$('group'),
			[['', '— none —'], ...state.groups.map((entry) => [entry.sys_id, entry.name])],
			$('group').value || state.groups[0]?.sys_id,
		);
		options($('assignee'), people('— nobody —'), $('assignee').value);
	}

	$('new').onsubmit = async (event) => {
		event.preventDefault();
		const ticket = Object.fromEntries(new FormData(event.target));
		const answer = await post('/page/tickets', { ticket });
		if (!answer.ticket) return;
		selected = answer.ticket.sys_id;
		$('title').value = $('description').value = '';
		render();
	};
	ui.themeButton($('theme'));
	ui.events($('live'), {
		state(next) {
			const isFirst = state.people.length === 0;
			state = next;
			if (isFirst) fill();
			if (state.inbox) Object.assign($('inbox'), { href: state.inbox, hidden: false });
			render();
		},
	});
})();
