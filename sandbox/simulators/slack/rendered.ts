import type { Rendered, RenderedButton } from '../record.ts';
import type { Json } from './schema.ts';

/** mrkdwn as a person reads it: entities and control forms undone, marks kept. */
export function readable(text: string): string {
	return text
		.replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
		.replace(/<([^|<>]+)\|([^<>]*)>/g, '$2')
		.replace(/<([^<>]+)>/g, '$1')
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&amp;', '&');
}

const textOf = (value: unknown): string =>
	readable(String((value as Json | undefined)?.['text'] ?? ''));

type Field = { label: string; value: string };

/** `*Label*\nvalue` or `*Label:* value`, as section fields are written. */
function field(value: unknown): Field {
	const text = textOf(value);
	const found = /^\*([^*]+?):?\*:?\s*([\s\S]*)$/.exec(text);
	return found ? { label: found[1]!, value: found[2]! } : { label: '', value: text };
}

function button(value: Json): RenderedButton {
	return {
		label: textOf(value['text']),
		action: value['action_id'] as string | undefined,
		value: value['value'] as string | undefined,
		url: value['url'] as string | undefined,
		style: value['style'] as string | undefined,
	};
}

function blocksOf(message: Json): Json[] {
	const attached = ((message['attachments'] as Json[] | undefined) ?? []).flatMap(
		(attachment) => (attachment['blocks'] as Json[] | undefined) ?? [],
	);
	return [...((message['blocks'] as Json[] | undefined) ?? []), ...attached];
}

export function renderSlack(message: Json): Rendered {
	const rendered = {
		title: undefined as string | undefined,
		text: '',
		fields: [] as Field[],
		buttons: [] as RenderedButton[],
	};
	const lines: string[] = [];
	for (const block of blocksOf(message)) {
		if (block['type'] === 'header') rendered.title ||= textOf(block['text']);
		if (block['type'] === 'section' && block['text'] !== undefined)
			lines.push(textOf(block['text']));
		if (block['type'] === 'markdown') lines.push(String(block['text']));
		for (const entry of (block['fields'] as unknown[] | undefined) ?? []) {
			rendered.fields.push(field(entry));
		}
		const accessory = block['accessory'] as Json | undefined;
		const elements = [
			...((block['elements'] as Json[] | undefined) ?? []),
			...(accessory ? [accessory] : []),
		];
		for (const element of elements) {
			if (element['type'] === 'button') rendered.buttons.push(button(element));
			else if (block['type'] === 'context') lines.push(textOf(element));
		}
	}
	rendered.text =
		lines.join('\n') || readable(String(message['text'] ?? message['markdown_text'] ?? ''));
	return rendered;
}
