import type { Channel } from '../channels/types';
import { singleLine, renderLeaf } from './card-template';
import type { Bag } from './context/safe';
import type { RenderState } from './engine/state';
import { escapeFor, leafKind } from './escape';
import { mapLeaves, pathText } from './leaves';

const SINGLE_LINE = new Set(['subject', 'title']);

/**
 * A raw channel document with its context: every string leaf is a template, values are escaped for the
 * kind of leaf they stand in. `filled` is false where nothing but protocol words came out.
 * Throws TemplateError with the path of the leaf.
 */
export function fillRaw(
	document: Record<string, unknown>,
	context: Bag,
	channel: Pick<Channel, 'id' | 'escape'>,
	state: RenderState,
): { document: Record<string, unknown>; filled: boolean } {
	let filled = false;
	const copy = mapLeaves(document, (leaf, path, parent) => {
		const kind = leafKind(channel.id, path, parent);
		const absent = kind === 'url' ? '' : state.absent;
		const leafState = { ...state, escape: escapeFor(kind, channel), absent };
		const where = `templates.${channel.id}.${pathText(path)}`;
		const text = renderLeaf(leaf, where, context, leafState);
		const key = path.at(-1);
		if (text.trim() && !isProtocol(key)) filled = true;
		return typeof key === 'string' && SINGLE_LINE.has(key) ? singleLine(text) : text;
	});
	return { document: copy as Record<string, unknown>, filled };
}

/** Words that name a shape or a target, not something a person reads. */
const isProtocol = (key: unknown): boolean =>
	typeof key === 'string' &&
	/^(?:type|tag|msgtype|msg_type|style|.*_id|id|url|.*Url|.*_url)$/.test(key);
