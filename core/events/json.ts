/** Numbers of more digits than a double holds exactly become strings: ids of ServiceDesk Plus, times in ns. */
function quoteLongNumbers(text: string): string {
	const out: string[] = [];
	let from = 0;
	while (from < text.length) {
		const quote = text.indexOf('"', from);
		const end = quote === -1 ? text.length : quote;
		out.push(text.slice(from, end).replace(/(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g, '"$&"'));
		if (quote === -1) break;
		const close = endOfString(text, quote);
		out.push(text.slice(quote, close));
		from = close;
	}
	return out.join('');
}

/** The index after the string that begins at `quote`. */
function endOfString(text: string, quote: number): number {
	let position = quote + 1;
	for (;;) {
		const end = text.indexOf('"', position);
		if (end === -1) return text.length;
		let backslashes = 0;
		while (text[end - 1 - backslashes] === '\\') backslashes++;
		if (backslashes % 2 === 0) return end + 1;
		position = end + 1;
	}
}

/** `JSON.parse` that keeps integers beyond 2^53 as their digits. */
export function parseJson(text: string): unknown {
	return JSON.parse(/\d{16}/.test(text) ? quoteLongNumbers(text) : text);
}
