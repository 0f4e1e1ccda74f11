import type { Path } from './leaves';

/** How a leaf is read by the channel's app, hence how outside values are put into it. */
export type LeafKind = 'markup' | 'plain' | 'mention' | 'html' | 'url';

const URL_KEY = /(?:^|_)(?:url|link|href|src)$|U(?:rl|RL)$/;
/** Words of the provider's protocol, never shown. */
const CODE_KEY = /^(?:type|tag|msgtype|msg_type|id|.*_id|template|style|color|alt_text|altText)$/;

const has = (path: Path, ...names: string[]): boolean =>
	path.some((part) => typeof part === 'string' && names.includes(part));

const typeOf = (parent: unknown): string => {
	const { type, tag } = (parent ?? {}) as { type?: unknown; tag?: unknown };
	return String(type ?? tag ?? '');
};

/** Per channel: which leaves are not its markup. A channel that is not here escapes every leaf. */
const kinds: Record<string, (key: string, path: Path, parent: unknown) => LeafKind> = {
	email: (key) => (key === 'html' ? 'html' : 'plain'),
	slack: (key, path, parent) => {
		// `value` comes back with a press; rich_text elements hold literal text.
		if (key === 'value' || typeOf(parent) === 'plain_text') return 'plain';
		return key === 'text' && has(path, 'elements') && /^(?:text|link)$/.test(typeOf(parent))
			? 'plain'
			: 'markup';
	},
	teams: (key, path, parent) => {
		// What a button sends back is data.
		if (has(path, 'data')) return 'plain';
		const { textFormat } = (parent ?? {}) as { textFormat?: unknown };
		if (key === 'summary' || textFormat === 'plain') return 'plain';
		return key === 'title' && typeOf(parent).startsWith('Action.') ? 'plain' : 'markup';
	},
	dingtalk: (key, path) => {
		if (/^(?:title|singleTitle|single_title|btn_orientation|msgKey)$/.test(key)) return 'plain';
		return has(path.slice(0, -1), 'link', 'text', 'btns', 'btn_json_list', 'links', 'oa')
			? 'plain'
			: 'markup';
	},
	wecom: (key, path) =>
		key === 'title' || has(path.slice(0, -1), 'template_card', 'news') ? 'plain' : 'markup',
	feishu: (key, path, parent) => {
		if (key === 'title' || typeOf(parent) === 'plain_text') return 'plain';
		// What a button sends back is data.
		if (has(path, 'behaviors')) return 'plain';
		if (typeOf(parent) === 'text') return 'plain';
		// A text message has no markup but for its mentions.
		return key === 'text' && !has(path, 'card', 'elements') ? 'mention' : 'markup';
	},
};

/** The kind of the leaf at `path` inside a raw channel document. */
export function leafKind(channel: string, path: Path, parent: unknown): LeafKind {
	const key = path.findLast((part) => typeof part === 'string') as string | undefined;
	if (key === undefined) return 'markup';
	if (URL_KEY.test(key)) return 'url';
	if (CODE_KEY.test(key)) return 'plain';
	return Object.hasOwn(kinds, channel) ? kinds[channel](key, path, parent) : 'markup';
}

const HTML: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};
const html = (text: string): string => text.replace(/[&<>"']/g, (c) => HTML[c]);

const WHOLE_URL = /^https?:\/\/[^\s<>"`]+$/i;

/** A link as a value keeps its form; what could end it in Markdown or HTML is percent-encoded. */
const inlineUrl = (url: string): string =>
	url.replace(/['()[\]|\\{}^*~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** In a URL leaf a value is a whole link or a part of one: `javascript:` cannot be either. */
const urlPart = (text: string): string =>
	WHOLE_URL.test(text) ? inlineUrl(text) : encodeURIComponent(text.trim());

type Escape = (text: string) => string;

/** The escape for one kind of leaf, made from the channel's own. */
export function escapeFor(kind: LeafKind, channel: { id: string; escape: Escape }): Escape {
	switch (kind) {
		case 'plain':
			return (text) => text;
		case 'html':
			return html;
		case 'url':
			return urlPart;
		case 'mention':
			return (text) => text.replace(/<(?=\s*\/?\s*at\b)/gi, '＜');
		default:
			return (text) => markup(text, channel);
	}
}

/** Slack's entities are valid inside its links; elsewhere a backslash or entity would break one. */
function markup(text: string, channel: { id: string; escape: Escape }): string {
	const escaped = channel.escape(text);
	if (escaped === text || channel.id === 'slack' || !WHOLE_URL.test(text)) return escaped;
	return inlineUrl(text);
}
