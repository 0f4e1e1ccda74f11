import { anchor, createHolder, esc, withoutMarks } from '../html.ts';

const COLORS = ['info', 'comment', 'warning'];

/** WeCom's markdown subset, with its three font colours and `<@userid>`. */
export function wecomMarkdown(text: string): string {
	const { hold, restore } = createHolder();
	const marked = withoutMarks(text)
		.replace(/`([^`\n]+)`/g, (_all, code: string) => hold(`<code>${esc(code)}</code>`))
		.replace(/<font color=["']?(\w+)["']?>|<\/font>/gi, (_all, color?: string) => {
			if (color === undefined) return hold('</span>');
			return hold(`<span class="c-${COLORS.includes(color) ? color : 'normal'}">`);
		})
		.replace(/<@([\w.@-]+)>/g, (_all, id: string) =>
			hold(`<span class="mention">@${esc(id)}</span>`),
		)
		.replace(/\[([^\]\n]*)\]\(([^)\s]*)\)/g, (_all, label: string, url: string) =>
			hold(anchor(url, esc(label))),
		);
	const html = marked
		.split(/\r?\n/)
		.map((line) => {
			const heading = /^(#{1,6})\s+(.*)$/.exec(line);
			if (heading)
				return `<h${heading[1]!.length + 2}>${inline(heading[2]!)}</h${heading[1]!.length + 2}>`;
			const quote = /^>\s?(.*)$/.exec(line);
			if (quote) return `<blockquote>${inline(quote[1]!)}</blockquote>`;
			return line.trim() === '' ? '<div class="gap"></div>' : `<div>${inline(line)}</div>`;
		})
		.join('');
	return restore(html);
}

const inline = (text: string): string =>
	esc(decode(text)).replace(/\*\*([^*\n]+)\*\*/g, '<b>$1</b>');

const decode = (text: string): string =>
	text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Text messages may hold links; text cards also `<div class="gray|normal|highlight">` and `<br>`. */
export function wecomText(text: string): string {
	const { hold, restore } = createHolder();
	const marked = withoutMarks(text)
		.replace(/<a\s+href=["']([^"'<>]*)["']\s*>([^<]*)<\/a>/gi, (_all, url: string, label: string) =>
			hold(anchor(url, esc(label))),
		)
		.replace(/<div class=["'](gray|normal|highlight)["']>/gi, (_all, name: string) =>
			hold(`<div class="t-${name}">`),
		)
		.replace(/<\/div>/gi, () => hold('</div>'))
		.replace(/<br\s*\/?>|\r?\n/gi, () => hold('<br>'));
	return restore(esc(decode(marked)));
}
