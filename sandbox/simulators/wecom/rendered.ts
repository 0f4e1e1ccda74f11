import type { Rendered } from '../record.ts';
import type { Json } from './directory.ts';

/** Text and markdown of WeCom as a person reads it. */
export function readable(text: string): string {
	return text
		.replace(/<br\s*\/?>|<\/div>/gi, '\n')
		.replace(/<\/?(?:font|div|a)\b[^>]*>/gi, '')
		.replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1')
		.replace(/^\s*(?:#{1,6}|>)\s*/gm, '')
		.replaceAll('**', '')
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&amp;', '&')
		.trim();
}

const str = (value: unknown): string => (typeof value === 'string' ? value : '');

function card(part: Json): Rendered {
	const title = part['main_title'] as Json | undefined;
	const emphasis = part['emphasis_content'] as Json | undefined;
	const quote = part['quote_area'] as Json | undefined;
	const texts = [
		title?.['desc'],
		emphasis?.['title'],
		emphasis?.['desc'],
		part['sub_title_text'],
		quote?.['title'],
		quote?.['quote_text'],
	];
	const rows = (part['horizontal_content_list'] as Json[] | undefined) ?? [];
	const buttons = (part['button_list'] as Json[] | undefined) ?? [];
	const jumps = (part['jump_list'] as Json[] | undefined) ?? [];
	return {
		title: str(title?.['title']) || undefined,
		text: texts.map(str).filter(Boolean).join('\n'),
		fields: rows.map((row) => ({ label: str(row['keyname']), value: str(row['value']) })),
		buttons: [
			...buttons.map((button) => ({
				label: str(button['text']),
				action: str(button['key']) || undefined,
				value: str(button['key']) || undefined,
				url: str(button['url']) || undefined,
				style: button['style'] === undefined ? undefined : String(button['style']),
			})),
			...jumps.map((jump) => ({ label: str(jump['title']), url: str(jump['url']) || undefined })),
		],
	};
}

export function renderWeCom(body: Json): Rendered {
	const type = str(body['msgtype']);
	const part = (body[type] as Json | undefined) ?? {};
	if (type === 'template_card') return card(part);
	if (type === 'textcard') {
		const buttons = [{ label: str(part['btntxt']) || '详情', url: str(part['url']) }];
		return { title: str(part['title']), text: readable(str(part['description'])), buttons };
	}
	if (type === 'news') {
		const articles = part['articles'] as Json[];
		const lines = articles.map((article) =>
			[article['title'], article['description']].filter(Boolean).join('\n'),
		);
		return { title: str(articles[0]?.['title']), text: lines.join('\n') };
	}
	return { text: readable(str(part['content'])) };
}
