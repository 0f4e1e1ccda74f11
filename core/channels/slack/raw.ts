import { ItsmNotifyError } from '../../errors';
import { cutMarkup } from '../cut';
import { clean, isObject, mapStrings, textIn, type Json } from '../text';
import { limits, SLACK } from './limits';
import { tidyBlocks } from './tidy';

const PARTS = [
	'blocks',
	'attachments',
	'thread_ts',
	'reply_broadcast',
	'metadata',
	'unfurl_links',
	'unfurl_media',
];

/**
 * A template's own Slack document: `{text, blocks?, attachments?, …}`, or a bare `{body | message | content}`.
 * The recipient is the delivery's: a `channel` in it counts for nothing. Throws ItsmNotifyError `empty_message`.
 */
export function raw(document: Json): Json {
	const given = withLists(mapStrings(document, clean));
	const text = textIn(given, 'text', 'message', 'body', 'content');
	const title = textIn(given, 'title', 'subject');
	const blocks = Array.isArray(given.blocks) && given.blocks.length > 0;
	const attachments = Array.isArray(given.attachments) && given.attachments.length > 0;
	if (!text && !title && !blocks && !attachments) {
		throw new ItsmNotifyError(
			'empty_message',
			'The Slack message is empty: it needs text or blocks.',
			{ field: 'text' },
		);
	}
	const parts = Object.fromEntries(
		PARTS.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
	);
	const shown = [title && text ? `*${title}*` : title, text].filter(Boolean).join('\n');
	return {
		text: cutMarkup(shown || previewOf(given.blocks ?? given.attachments), limits.text),
		...parts,
	};
}

/** `blocks` and `attachments` as lists: they may be JSON text, as the Block Kit Builder copies it. Throws `invalid_payload`. */
function withLists(document: Json): Json {
	const { blocks, attachments, ...rest } = document;
	const lists = {
		blocks: tidyBlocks(listOf(blocks, 'blocks')),
		attachments: listOf(attachments, 'attachments'),
	};
	return {
		...rest,
		...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
	};
}

function listOf(value: unknown, name: string): unknown[] {
	if (value === undefined || value === null || (typeof value === 'string' && value.trim() === ''))
		return [];
	const read = typeof value === 'string' ? parse(value) : value;
	const list = isObject(read) ? read[name] : read;
	if (Array.isArray(list)) return list;
	const why = read === undefined ? 'no valid JSON' : 'no list';
	throw new ItsmNotifyError(
		'invalid_payload',
		`Slack would refuse the message: ${name} is ${why}.`,
		{ field: name, fix: 'Give it as the Block Kit Builder shows it.' },
	);
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** The first words of blocks, for the notification. */
export function previewOf(value: unknown): string {
	if (Array.isArray(value)) return value.map(previewOf).find(Boolean) ?? '';
	if (!isObject(value)) return '';
	if (typeof value.text === 'string') return value.text.slice(0, SLACK.header);
	return previewOf(value.text ?? value.fields ?? value.elements ?? value.blocks);
}
