import { ItsmNotifyError } from '../../errors';
import { at, isRecord, str, type Json } from '../read/paths';

const ROOT = new Set(['event_id', 'event_type', 'timestamp', 'source', 'target_users']);
const CONTEXT = new Set(['related_cis', 'impacted_services', 'sla_deadline', 'category', 'actor']);
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** The map with nested targets flattened: `{content: {ticket_id: 'a'}}` → `content.ticket_id → a`. */
function targets(map: Json, prefix = ''): Array<[string, unknown]> {
	return Object.entries(map).flatMap(([key, value]) =>
		isRecord(value) && prefix.length < 80
			? targets(value, `${prefix}${key}.`)
			: [[`${prefix}${key}`, value] as [string, unknown]],
	);
}

/** `ticket_id` belongs to content, `sla_deadline` to context, `timestamp` to the document itself. */
function placeOf(target: string): [section: 'root' | 'content' | 'context', name: string] {
	const [, section, name] = /^(?:(content|context)\.)?(.*)$/.exec(target) ?? [];
	if (!NAME.test(name ?? '') || ['constructor', 'prototype'].includes(name)) {
		throw new ItsmNotifyError(
			'invalid_field_map',
			`The field mapping names no event field: "${target.slice(0, 80)}"`,
			{
				field: 'fieldMap',
				fix: 'Use event fields such as ticket_id, content.priority or context.sla_deadline.',
				status: 400,
			},
		);
	}
	if (section) return [section as 'content' | 'context', name];
	if (ROOT.has(name)) return ['root', name];
	return [CONTEXT.has(name) ? 'context' : 'content', name];
}

/**
 * The event document that a user's mapping (event field → dotted path of own members) makes of a body.
 * Fields that the mapping leaves out keep what the body has at their usual place. Throws `invalid_field_map`,
 * and `not_an_event` naming the path where the mapped ticket id is missing.
 */
export function applyFieldMap(body: Json, map: Json): Json {
	const root: Json = { ...body };
	const content: Json = isRecord(at(body, 'content')) ? { ...(at(body, 'content') as Json) } : {};
	const context: Json = isRecord(at(body, 'context')) ? { ...(at(body, 'context') as Json) } : {};
	const sections = { root, content, context };
	for (const [target, path] of targets(map)) {
		const source = str(path);
		const [section, name] = placeOf(target);
		if (source === undefined) continue;
		const value = at(body, source);
		if (value !== undefined && value !== null) sections[section][name] = value;
		else if (name === 'ticket_id') {
			throw new ItsmNotifyError(
				'not_an_event',
				`The body is no generic event: no ticket id at "${source}"`,
				{
					field: source,
					fix: 'Correct the path of ticket_id in the field mapping.',
					status: 400,
					details: { source: 'generic', tried: [source] },
				},
			);
		}
	}
	return { ...root, content, context };
}
