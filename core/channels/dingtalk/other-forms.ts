import { ItsmNotifyError } from '../../errors';
import { isObject, textIn, type Json } from '../text';

/** `action_card` of a work notice in the robot's form. */
export function fromNotice(part: Json): Json {
	const buttons = Array.isArray(part.btn_json_list) ? part.btn_json_list.filter(isObject) : [];
	return {
		msgtype: 'actionCard',
		actionCard: {
			title: part.title,
			text: part.markdown ?? part.text,
			btnOrientation: textIn(part, 'btn_orientation') ?? '0',
			...(buttons.length > 0
				? { btns: buttons.map((one) => ({ title: one.title, actionURL: one.action_url })) }
				: { singleTitle: part.single_title, singleURL: part.single_url }),
		},
	};
}

/** A robot message of the app (`{msgKey, msgParam}`) in the robot's form; undefined where it is none. Throws `invalid_payload`. */
export function fromSample(given: Json): Json | undefined {
	const key = textIn(given, 'msgKey');
	if (!key) return undefined;
	const param = readParam(given.msgParam);
	if (key === 'sampleText') return { msgtype: 'text', text: param };
	if (key === 'sampleMarkdown') return { msgtype: 'markdown', markdown: param };
	if (key === 'sampleLink') return { msgtype: 'link', link: param };
	if (!/^sampleActionCard[2-6]?$/.test(key))
		return refuse('msgKey', `"${key}" is not one of text, markdown, link and action card`);
	const btns = [1, 2, 3, 4, 5].flatMap((at) => {
		const title = textIn(param, `actionTitle${at}`, `buttonTitle${at}`);
		const actionURL = textIn(param, `actionURL${at}`, `buttonUrl${at}`);
		return title && actionURL ? [{ title, actionURL }] : [];
	});
	const { title, text, singleTitle, singleURL } = param;
	return {
		msgtype: 'actionCard',
		actionCard: {
			title,
			text,
			btnOrientation: '0',
			...(btns.length > 0 ? { btns } : { singleTitle, singleURL }),
		},
	};
}

function readParam(value: unknown): Json {
	if (isObject(value)) return value;
	let read: unknown;
	try {
		read = JSON.parse(String(value));
	} catch {
		return refuse('msgParam', 'is no readable JSON');
	}
	return isObject(read) ? read : refuse('msgParam', 'is no object');
}

function refuse(field: string, why: string): never {
	throw new ItsmNotifyError(
		'invalid_payload',
		`The DingTalk message cannot be used: ${field} ${why}.`,
		{ field },
	);
}
