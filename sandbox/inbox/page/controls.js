/* global ui */
// The side of the inbox page: links, writing as somebody, switches that make a channel misbehave.
(() => {
	const { el, post, setup: data } = ui;
	const { nameOf, said } = ui.answers;
	const nameOfChannel = (channel) => data.channels[channel]?.name ?? channel;

	for (const { label, url } of data.links) {
		const props = { className: 'btn', href: url, target: '_blank', rel: 'noopener' };
		document.getElementById('links').append(el('a', props, `${label} ↗`));
	}

	// ---- writing --------------------------------------------------------------------------
	const write = document.getElementById('write');
	const talking = Object.entries(data.actors).filter(([, { say, people }]) => say && people.length);
	const options = talking.flatMap(([channel, { people }]) =>
		people.map((user) =>
			el('option', {
				value: JSON.stringify({ channel, user }),
				textContent: `${nameOf(user)} · ${nameOfChannel(channel)}`,
			}),
		),
	);
	const who = el('select', { title: 'Who writes, and where' }, ...options);
	const text = el('input', { className: 'field', placeholder: 'ack INC0010001', maxLength: 2000 });
	text.setAttribute('aria-label', 'What is written');
	write.append(who, text, el('button', { className: 'btn', textContent: 'Send' }));
	write.onsubmit = async (event) => {
		event.preventDefault();
		if (!text.value.trim()) return;
		const answer = await post('/say', { ...JSON.parse(who.value), text: text.value.trim() });
		if (answer.ok) text.value = '';
		said(answer);
	};
	write.hidden = document.getElementById('write-title').hidden = talking.length === 0;

	// ---- misbehaving ----------------------------------------------------------------------
	const WORDS = {
		429: 'rate limited',
		'5xx': 'down (5xx)',
		timeout: 'no answer',
		reset: 'cut wire',
		slow: 'slow (2 s)',
		reject_auth: 'rejects login',
		repeat: 'answers come 3 times',
		forge: 'answers are forged',
		stale: 'answers are a day old',
	};
	for (const [channel, kinds] of Object.entries(data.faults)) {
		const option = (value, textContent) => el('option', { value, textContent });
		const select = el(
			'select',
			{ title: `Make ${nameOfChannel(channel)} misbehave` },
			option('', 'works'),
			...kinds.map((kind) => option(kind, WORDS[kind] ?? kind)),
		);
		select.onchange = async () => {
			select.classList.toggle('broken', select.value !== '');
			await post('/api/fault', { channel, kind: select.value });
		};
		document
			.getElementById('faults')
			.append(el('label', {}, el('span', { textContent: nameOfChannel(channel) }), select));
	}
	document.getElementById('faults-title').hidden = Object.keys(data.faults).length === 0;
})();
