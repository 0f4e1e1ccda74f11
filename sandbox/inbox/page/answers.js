/* global ui */
// What people do on a message: pressing and writing, as `ui.answers`.
ui.answers = (() => {
	const { el, post, toast, setup: data } = ui;
	const personOf = (address) => data.people.find((person) => person.addresses.includes(address));
	const nameOf = (address) => personOf(address)?.name ?? address;
	const said = (answer) => toast(answer.message ?? (answer.ok ? 'Sent to n8n' : 'Failed'));

	/** What was typed for a button: in its own input, else in one that belongs to none. */
	function typed(root, action) {
		const inputs = [...root.querySelectorAll('.press-text')];
		const own = inputs.find((input) => input.dataset.for === action);
		return (own ?? inputs.find((input) => !input.dataset.for))?.value;
	}

	/** Who acts on a message: its reader, or whoever is chosen where a room got it. */
	function actorsOf(record) {
		const people = data.actors[record.channel]?.people ?? [];
		const readers = (record.to ?? []).filter((address) => people.includes(address));
		if (readers.length === 1) return { user: () => readers[0] };
		const options = (readers.length > 0 ? readers : people).map((value) =>
			el('option', { value, textContent: nameOf(value) }),
		);
		if (options.length === 0) return undefined;
		const select = el('select', { title: 'Who answers' }, ...options);
		return { user: () => select.value, select };
	}

	function presses(root, record, actors) {
		const isOn = data.actors[record.channel]?.press && actors && record.kind !== 'delete';
		for (const button of root.querySelectorAll('.press')) {
			button.disabled = !isOn;
			if (!isOn) button.title = 'Answers are not connected here';
			button.onclick = async () => {
				button.disabled = true;
				const text = typed(root, button.dataset.action);
				const { channel, ref: messageId } = record;
				const press = { channel, messageId, button: button.dataset.button, user: actors.user() };
				said(await post('/press', { ...press, ...(text ? { text } : {}) }));
				button.disabled = false;
			};
		}
		return isOn && root.querySelector('.press') !== null;
	}

	/** A line to write back on, and who writes it where that is not plain; null where nobody can do anything. */
	function answerLine(root, record) {
		const actors = actorsOf(record);
		const canPress = presses(root, record, actors);
		const canSay = data.actors[record.channel]?.say && actors && record.kind !== 'delete';
		if (!canSay) return canPress ? (actors.select ?? null) : null;
		const hint = actors.select ? 'Answer: ack 42' : `Write as ${nameOf(actors.user())}: ack 42`;
		const input = el('input', { className: 'field', placeholder: hint, maxLength: 2000 });
		input.setAttribute('aria-label', hint);
		const send = el('button', { className: 'btn', textContent: 'Send' });
		const form = el('form', { className: 'say' }, actors.select, input, send);
		form.onsubmit = async (event) => {
			event.preventDefault();
			const text = input.value.trim();
			if (!text) return;
			const { channel, ref: messageId } = record;
			const answer = await post('/say', { channel, user: actors.user(), text, messageId });
			if (answer.ok) input.value = '';
			said(answer);
		};
		return form;
	}
	return { nameOf, said, answerLine };
})();
