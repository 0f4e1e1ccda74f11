import { ItsmNotifyError } from '../../errors';
import { isObject, type Json } from '../text';
import { sizeOf } from './card';
import { SLACK } from './limits';

const refuse = (field: string, why: string): never => {
	throw new ItsmNotifyError('invalid_payload', `Slack would refuse the message: ${field} ${why}.`, {
		field,
	});
};

/** Throws ItsmNotifyError `invalid_payload` naming what Slack would refuse. */
export function check(payload: Json): void {
	const { text, blocks, attachments } = payload;
	if (text !== undefined && typeof text !== 'string') refuse('text', 'is no string');
	if (typeof text === 'string' && text.length > SLACK.text)
		refuse('text', `is over ${SLACK.text} characters`);
	const lists = [
		blocks,
		...(Array.isArray(attachments)
			? attachments.map((one: unknown) => (isObject(one) ? one.blocks : undefined))
			: []),
	];
	if (blocks !== undefined) checkBlocks(blocks, 'blocks');
	if (attachments !== undefined) checkAttachments(attachments);
	if (sizeOf(lists) > SLACK.total + 1000)
		refuse('blocks', `hold more than ${SLACK.total} characters in all`);
	const hasText = typeof text === 'string' && text.trim() !== '';
	const hasParts = [blocks, attachments].some((part) => Array.isArray(part) && part.length > 0);
	if (!hasText && !hasParts) refuse('text', 'and blocks are empty');
}

function checkAttachments(value: unknown): void {
	if (!Array.isArray(value)) return refuse('attachments', 'is no list');
	if (value.length > SLACK.attachments) refuse('attachments', `are more than ${SLACK.attachments}`);
	value.forEach((one: unknown, index) => {
		if (!isObject(one)) refuse(`attachments[${index}]`, 'is no object');
		else if (one.blocks !== undefined) checkBlocks(one.blocks, `attachments[${index}].blocks`);
	});
}

function checkBlocks(value: unknown, at: string): void {
	if (!Array.isArray(value)) return refuse(at, 'is no list');
	if (value.length > SLACK.blocks) refuse(at, `are more than ${SLACK.blocks}`);
	value.forEach((block: unknown, index) => {
		const where = `${at}[${index}]`;
		if (!isObject(block) || typeof block.type !== 'string') return refuse(where, 'has no type');
		(checks[block.type] ?? (() => undefined))(block, where);
	});
}

/** Slack has more block types than these; an unknown one is Slack's to judge. */
const checks: Record<string, (block: Json, at: string) => void> = {
	header: (block, at) => textObject(block.text, SLACK.header, `${at}.text`),
	section(block, at) {
		if (block.text === undefined && block.fields === undefined)
			refuse(at, 'has neither text nor fields');
		if (block.text !== undefined) textObject(block.text, SLACK.section, `${at}.text`);
		if (block.fields !== undefined) {
			list(block.fields, SLACK.fields, `${at}.fields`).forEach((field, index) =>
				textObject(field, SLACK.field, `${at}.fields[${index}]`),
			);
		}
	},
	context(block, at) {
		list(block.elements, SLACK.contextElements, `${at}.elements`).forEach((element, index) => {
			if (isObject(element) && element.type === 'image') return;
			textObject(element, SLACK.context, `${at}.elements[${index}]`);
		});
	},
	actions(block, at) {
		const ids = new Set<unknown>();
		list(block.elements, SLACK.elements, `${at}.elements`).forEach((element, index) => {
			const where = `${at}.elements[${index}]`;
			if (!isObject(element)) return refuse(where, 'is no object');
			if (element.action_id !== undefined && ids.has(element.action_id))
				refuse(`${where}.action_id`, 'is used twice');
			ids.add(element.action_id);
			if (element.type === 'button') button(element, where);
		});
	},
};

function button(element: Json, at: string): void {
	textObject(element.text, SLACK.buttonText, `${at}.text`);
	const { value, url } = element;
	if (value !== undefined && (typeof value !== 'string' || value.length > SLACK.buttonValue))
		refuse(`${at}.value`, `is over ${SLACK.buttonValue} characters`);
	if (url === undefined) return;
	if (typeof url !== 'string' || url.length > SLACK.buttonUrl || !URL.canParse(url))
		refuse(`${at}.url`, 'is no valid URL');
}

function textObject(value: unknown, max: number, at: string): void {
	const text = isObject(value) ? value.text : undefined;
	if (typeof text !== 'string' || text === '') return refuse(at, 'is empty');
	if (text.length > max) refuse(at, `is over ${max} characters`);
}

function list(value: unknown, max: number, at: string): unknown[] {
	if (!Array.isArray(value) || value.length === 0) return refuse(at, 'is empty');
	if (value.length > max) refuse(at, `are more than ${max}`);
	return value;
}
