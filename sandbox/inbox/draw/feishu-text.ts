import { anchor, createHolder, esc, withoutMarks } from '../html.ts';

const COLORS = ['red', 'orange', 'green', 'blue', 'grey'];

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** Feishu reads entities as plain signs. */
const decode = (text: string): string =>
	text.replace(/&(?:#(\d{1,5})|(lt|gt|amp|quot));/g, (_all, code?: string, name?: string) =>
		code === undefined ? ENTITIES[name!]! : String.fromCharCode(Number(code)),
	);

/** Markdown of a Feishu card: bold, links, coloured words, mentions. */
export function feishuMarkdown(text: string, nameOf: (id: string) => string | undefined): string {
	const { hold, restore } = createHolder();
	const marked = withoutMarks(text)
		.replace(/&(?:#\d{1,5}|lt|gt|amp|quot);/g, (entity) => hold(esc(decode(entity))))
		.replace(/<font color=['"](\w+)['"]>|<\/font>/gi, (_all, color?: string) =>
			color === undefined
				? hold('</span>')
				: hold(`<span class="c-${COLORS.includes(color) ? color : 'normal'}">`),
		)
		.replace(/<at id=([\w-]+)\s*>\s*<\/at>/gi, (_all, id: string) =>
			hold(`<span class="mention">@${esc(id === 'all' ? '所有人' : (nameOf(id) ?? id))}</span>`),
		)
		.replace(/\[([^\]\n]*)\]\(([^)\s]*)\)/g, (_all, label: string, url: string) =>
			hold(anchor(url, esc(label))),
		);
	const html = esc(marked)
		.replace(/\*\*([^*\n]+)\*\*/g, '<b>$1</b>')
		.replace(/\r?\n/g, '<br>');
	return restore(html);
}
