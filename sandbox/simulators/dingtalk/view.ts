import type { Rendered, RenderedButton } from '../record.ts';
import { list, obj, str } from './state.ts';
import type { Json } from './state.ts';

/** What a message of any way of sending shows. */
export interface View {
	kind: 'text' | 'markdown' | 'link' | 'card' | 'feed' | 'interactive' | 'oa';
	title: string;
	/** Markdown, but for `text`, `link` and `oa`. */
	text: string;
	buttons: RenderedButton[];
	url?: string;
	picture?: string;
	footer?: string;
	severity?: string;
	/** The label of the template's input, where it shows one. */
	input?: string;
}

const button = (label: unknown, url: unknown): RenderedButton => ({
	label: str(label),
	url: str(url) || undefined,
});

function robot(body: Json): View {
	const type = str(body['msgtype']);
	const part = obj(body[type]);
	const [title, text] = [str(part['title']), str(part['text'])];
	if (type === 'text') return { kind: 'text', title: '', text: str(part['content']), buttons: [] };
	if (type === 'link')
		return {
			kind: 'link',
			title,
			text,
			buttons: [],
			url: str(part['messageUrl']),
			picture: str(part['picUrl']),
		};
	if (type === 'feedCard') {
		const links = list(part['links']);
		const buttons = links.map((one) => button(one['title'], one['messageURL']));
		return { kind: 'feed', title: str(links[0]?.['title']), text: '', buttons };
	}
	if (type === 'oa') {
		const inner = obj(part['body']);
		const rows = list(inner['form']).map((row) => `${str(row['key'])} ${str(row['value'])}`);
		return {
			kind: 'oa',
			title: str(inner['title']) || str(obj(part['head'])['text']),
			text: [...rows, str(inner['content'])].filter(Boolean).join('\n'),
			buttons: [],
			url: str(part['message_url']),
			footer: str(inner['author']),
		};
	}
	const many = [...list(part['btns']), ...list(part['btn_json_list'])];
	const single = part['singleURL'] ?? part['single_url'];
	const buttons =
		many.length > 0
			? many.map((one) => button(one['title'], one['actionURL'] ?? one['action_url']))
			: single === undefined
				? []
				: [button(part['singleTitle'] ?? part['single_title'], single)];
	return {
		kind: buttons.length > 0 ? 'card' : 'markdown',
		title,
		text: text || str(part['markdown']),
		buttons,
	};
}

function sample(body: Json): View {
	let param: Json = {};
	try {
		param = obj(JSON.parse(str(body['msgParam'])));
	} catch {
		// Refused before it was recorded.
	}
	const key = str(body['msgKey']);
	if (key === 'sampleText') return robot({ msgtype: 'text', text: param });
	if (key === 'sampleLink') return robot({ msgtype: 'link', link: param });
	const btns = [1, 2, 3, 4, 5]
		.filter((at) => param[`actionTitle${at}`])
		.map((at) => ({ title: param[`actionTitle${at}`], actionURL: param[`actionURL${at}`] }));
	return robot({ msgtype: 'actionCard', actionCard: { ...param, btns } });
}

function interactive(body: Json): View {
	const params = obj(obj(body['cardData'])['cardParamMap']);
	const buttons = [1, 2, 3, 4]
		.filter((at) => str(params[`button${at}_text`]) !== '')
		.map((at) => ({
			label: str(params[`button${at}_text`]),
			action: `button${at}`,
			value: str(params[`button${at}_value`]) || undefined,
			url: str(params[`button${at}_url`]) || undefined,
			style: str(params[`button${at}_style`]) || undefined,
		}));
	const open = str(params['url']) ? [button(params['url_label'] || '查看详情', params['url'])] : [];
	return {
		kind: 'interactive',
		title: str(params['title']),
		text: str(params['content']),
		buttons: [...buttons, ...open],
		footer: str(params['footer']) || undefined,
		severity: str(params['severity']) || undefined,
		input: str(params['input_label']) || undefined,
	};
}

export function viewOf(body: Json): View {
	if (body['cardTemplateId'] !== undefined) return interactive(body);
	if (body['msgKey'] !== undefined) return sample(body);
	return robot(body['msg'] === undefined ? body : obj(body['msg']));
}

/** Markdown as a person reads it. */
export const readable = (text: string): string =>
	text
		.replace(/<\/?font\b[^>]*>/gi, '')
		.replace(/!\[[^\]]*\]\([^)]*\)/g, '')
		.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.replace(/^\s*(?:#{1,6}|>)\s*/gm, '')
		.replaceAll('**', '')
		.replace(/[ \t]*\n[ \t]*/g, '\n')
		.trim();

export function renderDingTalk(body: Json): Rendered {
	const { title, text, buttons, url } = viewOf(body);
	return {
		title: title || undefined,
		text: readable(text),
		buttons: url ? [...buttons, { label: '查看详情', url }] : buttons,
	};
}
