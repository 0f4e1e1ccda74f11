import { cut, cutMarkup } from '../cut';
import { isObject, type Json } from '../text';
import { SLACK } from './limits';

/** A text object cut to its limit; undefined where it came out empty, which Slack refuses. */
function fitted(value: unknown, max: number): unknown {
	if (!isObject(value) || typeof value.text !== 'string') return value;
	if (value.text.trim() === '') return undefined;
	const fit = value.type === 'mrkdwn' ? cutMarkup : cut;
	return { ...value, text: fit(value.text, max) };
}

const present = (values: unknown[]): unknown[] => values.filter((value) => value !== undefined);

function section({ text, fields, ...rest }: Json): Json | undefined {
	const shown = fitted(text, SLACK.section);
	const columns = Array.isArray(fields)
		? present(fields.map((field) => fitted(field, SLACK.field)))
		: fields;
	const hasColumns = columns !== undefined && !(Array.isArray(columns) && columns.length === 0);
	if (shown === undefined && !hasColumns) return undefined;
	return {
		...rest,
		...(shown === undefined ? {} : { text: shown }),
		...(hasColumns ? { fields: columns } : {}),
	};
}

function tidy(block: unknown): unknown {
	if (!isObject(block)) return block;
	if (block.type === 'section') return section(block);
	if (block.type === 'header') {
		const text = fitted(block.text, SLACK.header);
		return text === undefined ? undefined : { ...block, text };
	}
	if (block.type === 'context' && Array.isArray(block.elements)) {
		const elements = present(
			block.elements.map((element: unknown) => fitted(element, SLACK.context)),
		);
		return elements.length === 0 ? undefined : { ...block, elements };
	}
	return block;
}

/** A template's blocks without what rendered empty, texts cut where Slack would refuse them. */
export const tidyBlocks = (blocks: unknown[]): unknown[] => present(blocks.map(tidy));
