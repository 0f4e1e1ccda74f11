import { checkCard } from './cards.ts';
import { bytes, record, refuse } from './directory.ts';
import type { Json } from './directory.ts';

interface Rules {
	/** The app answers 45002 where a text is too long, the robot 40058. */
	tooLong: 40058 | 45002;
	text: number;
	markdown: number;
	types: string[];
	cards: string[];
}

export const APP_RULES: Rules = {
	tooLong: 45002,
	text: 2048,
	markdown: 2048,
	types: ['text', 'markdown', 'textcard', 'news', 'template_card'],
	cards: ['text_notice', 'news_notice', 'button_interaction'],
};

export const ROBOT_RULES: Rules = {
	tooLong: 40058,
	text: 2048,
	markdown: 4096,
	types: ['text', 'markdown', 'markdown_v2', 'news', 'template_card'],
	cards: ['text_notice', 'news_notice'],
};

/** Types that carry an uploaded file: there is no upload here, so no id is valid. */
const MEDIA_TYPES = ['image', 'voice', 'video', 'file'];

/** WeCom refuses JSON whose strings are written as `\uXXXX`. */
export const hasUnicodeEscape = (json: string): boolean =>
	/(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}/.test(json);

function string(part: Json, name: string, missing: number): string {
	const value = part[name];
	if (value === undefined || value === '') refuse(missing, `${name} missing`);
	if (typeof value !== 'string') refuse(40058, `${name} is no string. invalid Request Parameter`);
	return value;
}

function limit(value: string, max: number, errcode: number, name: string): void {
	if (bytes(value) > max) refuse(errcode, `${name} exceed max length ${max}`);
}

function web(value: string): void {
	if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
		refuse(40066, 'invalid url');
	limit(value, 2048, 45005, 'url');
}

function content(part: Json, type: string, max: number, rules: Rules): void {
	const value = part['content'];
	if (typeof value !== 'string' || value.trim() === '')
		refuse(44004, `empty content: ${type}.content`);
	limit(value, max, rules.tooLong, `${type}.content`);
}

function textcard(part: Json): void {
	limit(string(part, 'title', 41016), 128, 45003, 'textcard.title');
	limit(string(part, 'description', 41033), 512, 45004, 'textcard.description');
	web(string(part, 'url', 41010));
	const button = part['btntxt'];
	if (button === undefined) return;
	if (typeof button !== 'string' || [...button].length > 4)
		refuse(40058, 'btntxt exceed max length 4');
}

function news(part: Json): void {
	const articles = part['articles'];
	if (!Array.isArray(articles) || articles.length < 1 || articles.length > 8) {
		refuse(45008, 'article count out of limit: 1 to 8');
	}
	for (const entry of articles) {
		const article = record(entry, 'articles[]');
		limit(string(article, 'title', 41016), 128, 45003, 'article.title');
		if (article['description'] !== undefined)
			limit(String(article['description']), 512, 45004, 'article.description');
		web(string(article, 'url', 41010));
	}
}

/** Refuses (by throwing WeComError) what WeCom would refuse in the content of a message. */
export function checkContent(body: Json, rules: Rules): string {
	const type = String(body['msgtype'] ?? '');
	if (MEDIA_TYPES.includes(type)) refuse(40007, 'invalid media_id');
	if (!rules.types.includes(type)) refuse(40008, 'invalid message type');
	const part = record(body[type], type);
	if (type === 'text') content(part, type, rules.text, rules);
	if (type === 'markdown' || type === 'markdown_v2') content(part, type, rules.markdown, rules);
	if (type === 'textcard') textcard(part);
	if (type === 'news') news(part);
	if (type === 'template_card') checkCard(part, rules.cards);
	return type;
}
