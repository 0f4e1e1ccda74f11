import { bytes, cut, cutMarkup } from '../cut';
import { clean, isObject, oneLine, textIn, webUrl, type Json } from '../text';
import { lines, link } from './escape';
import { DINGTALK } from './limits';
import { fitNotice, type Button } from './notice';
import { paramsOfText, type CardParams } from './params';
import { robotForm } from './card';

/** What a message of any type says, for ways of sending that do not have its type. */
interface Parts {
	title: string;
	/** Markdown. */
	text: string;
	buttons: Button[];
	orientation: string;
}

/** The document without some of its fields. */
export const without = (document: Json, ...names: string[]): Json =>
	Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));

const partOf = (payload: Json): Json => {
	const part = payload[String(payload.msgtype)];
	return isObject(part) ? part : {};
};

const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const button = (title: string | undefined, url: string | undefined): Button[] => {
	const address = webUrl(url);
	return address ? [{ title: title ?? '查看详情', url: address }] : [];
};

const titleOf = (text: string): string =>
	cut(oneLine(clean(text).split('\n')[0] ?? ''), DINGTALK.title, bytes) || '–';

/** The buttons of an actionCard. */
function actionButtons(part: Json): Button[] {
	const many = objects(part.btns).flatMap((one) =>
		button(textIn(one, 'title'), textIn(one, 'actionURL')),
	);
	return many.length > 0 ? many : button(textIn(part, 'singleTitle'), textIn(part, 'singleURL'));
}

const READ: Record<string, (part: Json) => Parts> = {
	text(part) {
		const text = textIn(part, 'content') ?? '';
		return { title: titleOf(text), text: lines(text), buttons: [], orientation: '0' };
	},
	markdown: (part) => ({
		title: textIn(part, 'title') ?? '–',
		text: textIn(part, 'text') ?? '',
		buttons: [],
		orientation: '0',
	}),
	link(part) {
		const title = textIn(part, 'title') ?? '–';
		const picture = webUrl(textIn(part, 'picUrl'));
		const text = [
			picture ? `![](${picture})` : '',
			`### ${lines(oneLine(title))}`,
			lines(textIn(part, 'text') ?? ''),
		];
		return {
			title,
			text: text.filter(Boolean).join('\n\n'),
			buttons: button(undefined, textIn(part, 'messageUrl')),
			orientation: '0',
		};
	},
	actionCard: (part) => ({
		title: textIn(part, 'title') ?? '–',
		text: textIn(part, 'text') ?? '',
		buttons: actionButtons(part),
		orientation: textIn(part, 'btnOrientation') ?? '0',
	}),
	feedCard(part) {
		const links = objects(part.links);
		return {
			title: titleOf(textIn(links[0] ?? {}, 'title') ?? ''),
			text: links
				.map(
					(one, at) => `${at + 1}. ${link(textIn(one, 'messageURL'), textIn(one, 'title') ?? '–')}`,
				)
				.join('  \n  '),
			buttons: [],
			orientation: '0',
		};
	},
	oa(part) {
		const body = isObject(part.body) ? part.body : {};
		const head = isObject(part.head) ? part.head : {};
		const title = textIn(body, 'title') ?? textIn(head, 'text') ?? '–';
		const rows = objects(body.form).map((row) =>
			[textIn(row, 'key'), textIn(row, 'value')].filter(Boolean).join(' '),
		);
		const text = [title, textIn(body, 'content') ?? '', ...rows].filter(Boolean).join('\n');
		return {
			title: titleOf(title),
			text: lines(text),
			buttons: button(undefined, textIn(part, 'message_url')),
			orientation: '0',
		};
	},
};

/** Title, markdown and links of a payload in the robot's form, or of an `oa` notice. */
export function partsOf(payload: Json): Parts {
	const type = String(payload.msgtype);
	return Object.hasOwn(READ, type) ? READ[type](partOf(payload)) : READ.text({});
}

/** The group robot's body: it has every type but `oa`. */
export function toRobot(payload: Json): Json {
	const message = without(payload, 'notice', 'card');
	if (message.msgtype !== 'oa') return message;
	const { title, text, buttons, orientation } = partsOf(payload);
	return robotForm(title, text, buttons, orientation);
}

/** `msgKey` and `msgParam` of a message by the app's robot. */
export function toRobotMessage(payload: Json): { msgKey: string; msgParam: string } {
	const part = partOf(payload);
	const made = (msgKey: string, param: Json) => ({ msgKey, msgParam: JSON.stringify(param) });
	if (payload.msgtype === 'text')
		return made('sampleText', { content: textIn(part, 'content') ?? '' });
	if (payload.msgtype === 'link') {
		const { title, text, messageUrl, picUrl } = part;
		return made('sampleLink', { title, text, messageUrl, picUrl: picUrl ?? '' });
	}
	const { title, text, buttons } = partsOf(payload);
	const kept = buttons.slice(0, DINGTALK.buttons);
	if (kept.length === 0) return made('sampleMarkdown', { title, text });
	if (kept.length === 1)
		return made('sampleActionCard', {
			title,
			text,
			singleTitle: kept[0].title,
			singleURL: kept[0].url,
		});
	const actions = kept.flatMap((one, at) => [
		[`actionTitle${at + 1}`, one.title],
		[`actionURL${at + 1}`, one.url],
	]);
	return made(`sampleActionCard${kept.length}`, { title, text, ...Object.fromEntries(actions) });
}

/** `msg` of a work notice, at most 2,048 bytes with the line that `asOwn` adds. */
export function toNotice(payload: Json): Json {
	if (isObject(payload.notice)) return payload.notice;
	const part = partOf(payload);
	const plain = (type: string, name: string): Json => {
		const fit = (max: number): Json => ({
			msgtype: type,
			[type]: { ...part, [name]: cut(clean(String(part[name] ?? '')), max, bytes) },
		});
		let room = DINGTALK.notice - 48 - bytes(JSON.stringify(fit(0)));
		let msg = fit(room);
		while (room > 0 && bytes(JSON.stringify(msg)) > DINGTALK.notice - 48) msg = fit((room -= 8));
		return msg;
	};
	if (payload.msgtype === 'text') return plain('text', 'content');
	// A notice refuses a link without a picture: that one goes as a card with one button.
	if (payload.msgtype === 'link' && textIn(part, 'picUrl')) return plain('link', 'text');
	if (payload.msgtype === 'oa') return { msgtype: 'oa', oa: part };
	const { title, text, buttons, orientation } = partsOf(payload);
	return fitNotice(title, (max) => cutMarkup(text, max, bytes), buttons, orientation);
}

/** Variables of the interactive card. */
export function toParams(payload: Json): CardParams {
	if (isObject(payload.card)) return payload.card as CardParams;
	const { title, text, buttons } = partsOf(payload);
	return paramsOfText(title, cutMarkup(text, DINGTALK.text, bytes), buttons);
}
