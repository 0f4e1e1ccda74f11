// Browser helpers of the sandbox pages, as `ui`.
globalThis.ui = (() => {
	const el = (tag, props = {}, ...children) => {
		const node = Object.assign(document.createElement(tag), props);
		node.append(...children.filter((child) => child !== undefined && child !== null));
		return node;
	};

	/** Everything that changes something is JSON. */
	async function post(path, body) {
		const response = await fetch(path, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		const answer = await response.json();
		if (!response.ok) toast(answer.error ?? answer.message);
		return answer;
	}

	let toastTimer;
	function toast(text) {
		document.querySelector('.toast')?.remove();
		document.body.append(el('div', { className: 'toast', role: 'status', textContent: text }));
		clearTimeout(toastTimer);
		toastTimer = setTimeout(() => document.querySelector('.toast')?.remove(), 4000);
	}

	function themeButton(button) {
		button.onclick = () => {
			const root = document.documentElement;
			const isDark = root.dataset.theme
				? root.dataset.theme === 'dark'
				: matchMedia('(prefers-color-scheme: dark)').matches;
			root.dataset.theme = isDark ? 'light' : 'dark';
		};
	}

	/** The server's event stream, with its state shown in `live`. */
	function events(live, listeners) {
		const source = new EventSource('/events');
		const show = (isOn) => {
			live.classList.toggle('on', isOn);
			live.textContent = isOn ? 'live' : 'reconnecting…';
		};
		source.onopen = () => show(true);
		source.onerror = () => show(false);
		for (const [name, listener] of Object.entries(listeners)) {
			source.addEventListener(name, (event) => listener(JSON.parse(event.data)));
		}
	}

	const setup = JSON.parse(document.getElementById('setup').textContent);
	return { el, post, toast, themeButton, events, setup };
})();
