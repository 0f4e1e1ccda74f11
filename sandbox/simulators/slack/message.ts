import { blocksError } from './blocks.ts';
import type { Json } from './schema.ts';

export interface SlackProblem {
	error: string;
	messages?: string[];
}

const MAX_ATTACHMENTS = 100;
/** chat.update refuses longer text; chat.postMessage cuts at 40,000. */
const MAX_UPDATE_TEXT = 4000;
export const MAX_POST_TEXT = 40_000;

/** Arguments of a form post are strings: these hold JSON. */
const JSON_ARGUMENTS = ['blocks', 'attachments', 'metadata'];

export function decodeForm(form: URLSearchParams): Json {
	const args: Json = Object.fromEntries(form);
	for (const name of JSON_ARGUMENTS) {
		if (typeof args[name] !== 'string') continue;
		try {
			args[name] = JSON.parse(args[name]);
		} catch {
			// Left as text, so that the check of that argument refuses it.
		}
	}
	return args;
}

function metadataProblem(metadata: unknown): SlackProblem | undefined {
	if (metadata === undefined || metadata === null) return undefined;
	const given = metadata as Json;
	const payload = given['event_payload'];
	if (typeof given['event_type'] !== 'string' || typeof payload !== 'object' || payload === null) {
		return { error: 'invalid_metadata_format' };
	}
	return undefined;
}

function attachmentsProblem(attachments: unknown): SlackProblem | undefined {
	if (attachments === undefined) return undefined;
	if (!Array.isArray(attachments)) return { error: 'invalid_attachments' };
	if (attachments.length > MAX_ATTACHMENTS) return { error: 'too_many_attachments' };
	for (const [index, attachment] of (attachments as Json[]).entries()) {
		if (attachment['blocks'] === undefined) continue;
		const problem = blocksError(attachment['blocks'], `/attachments/${index}/blocks`);
		if (problem) return problem;
	}
	return undefined;
}

/** What Slack says about the content of a message, first fault only. */
export function contentProblem(args: Json, isUpdate = false): SlackProblem | undefined {
	const { text, blocks, attachments, markdown_text: markdown } = args;
	if (text !== undefined && typeof text !== 'string') return { error: 'invalid_arguments' };
	if (markdown !== undefined) {
		if (typeof markdown !== 'string') return { error: 'invalid_arguments' };
		if (text !== undefined || blocks !== undefined) return { error: 'markdown_text_conflict' };
		if (markdown.length > 12_000) return { error: 'msg_too_long' };
	}
	if (blocks !== undefined) {
		const problem = blocksError(blocks);
		if (problem) return problem;
	}
	const attached = attachmentsProblem(attachments);
	if (attached) return attached;
	const hasText = [text, markdown].some(
		(value) => typeof value === 'string' && value.trim() !== '',
	);
	const hasParts = [blocks, attachments].some((value) => Array.isArray(value) && value.length > 0);
	if (!hasText && !hasParts) return { error: 'no_text' };
	if (isUpdate && typeof text === 'string' && text.length > MAX_UPDATE_TEXT)
		return { error: 'msg_too_long' };
	const thread = args['thread_ts'];
	if (thread !== undefined && !/^\d+\.\d{6}$/.test(String(thread)))
		return { error: 'invalid_thread_ts' };
	return metadataProblem(args['metadata']);
}
