import { anchor, createHolder, esc, withoutMarks } from '../html.ts';

const EMOJI: Record<string, string> = {
	rotating_light: '🚨',
	warning: '⚠️',
	fire: '🔥',
	bell: '🔔',
	white_check_mark: '✅',
	x: '❌',
	eyes: '👀',
	red_circle: '🔴',
	large_orange_circle: '🟠',
	large_yellow_circle: '🟡',
	large_green_circle: '🟢',
	large_blue_circle: '🔵',
	information_source: 'ℹ️',
	hourglass: '⌛',
	hourglass_flowing_sand: '⏳',
	clock3: '🕒',
	speech_balloon: '💬',
	ticket: '🎫',
	lock: '🔒',
	link: '🔗',
	memo: '📝',
	tada: '🎉',
	exclamation: '❗',
};

/** Slack text carries its own three entities. */
const decode = (text: string): string =>
	text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

export const emoji = (html: string): string =>
	html.replace(/:([a-z0-9_+-]+):/g, (all, name: string) => EMOJI[name] ?? all);

/** `<https://…|label>`, `<@U…>`, `<#C…>`, `<!here>`, `<!date^…|fallback>` */
function control(inner: string, name: (id: string) => string | undefined): string {
	const [target = '', label] = inner.split('|', 2);
	const mention = (text: string): string => `<span class="mention">${esc(text)}</span>`;
	if (target.startsWith('@'))
		return mention(`@${label ?? name(target.slice(1)) ?? target.slice(1)}`);
	if (target.startsWith('#'))
		return mention(`#${label ?? name(target.slice(1)) ?? target.slice(1)}`);
	if (target.startsWith('!date')) return esc(decode(label ?? ''));
	if (target.startsWith('!')) return mention(`@${label ?? target.slice(1)}`);
	return anchor(decode(target), esc(decode(label ?? target)));
}

/** Slack's mrkdwn as HTML. */
export function mrkdwn(
	text: string,
	name: (id: string) => string | undefined = () => undefined,
): string {
	const { hold, restore } = createHolder();
	const marked = withoutMarks(text)
		.replace(/```([\s\S]+?)```/g, (_all, code: string) =>
			hold(`<pre>${esc(decode(code.trim()))}</pre>`),
		)
		.replace(/`([^`\n]+)`/g, (_all, code: string) => hold(`<code>${esc(decode(code))}</code>`))
		.replace(/<([^<>\n]+)>/g, (_all, inner: string) => hold(control(inner, name)));
	const html = emoji(esc(decode(marked)))
		.replace(/(^|[\s(>\ue001])\*([^*\n]+)\*(?![\w*])/gm, '$1<b>$2</b>')
		.replace(/(^|[\s(>\ue001])_([^_\n]+)_(?![\w_])/gm, '$1<i>$2</i>')
		.replace(/(^|[\s(>\ue001])~([^~\n]+)~(?![\w~])/gm, '$1<s>$2</s>')
		.replace(
			/(?:^&gt; ?.*(?:\n|$))+/gm,
			(quote) => `<blockquote>${quote.replace(/^&gt; ?/gm, '').trim()}</blockquote>`,
		)
		.replace(/\n/g, '<br>');
	return restore(html);
}
