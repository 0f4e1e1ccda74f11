import {
	deliveryOutcomeSchema,
	deliverySchema,
	digestEntrySchema,
	interactionSchema,
} from '../../../core/events/delivery';
import { EVENT_TYPES, eventSchema, TICKET_STATUSES } from '../../../core/events/model';
import { codesIn, readPage } from './docs.ts';

const page = readPage('docs/contracts.md');
const [, event, delivery, interaction] = page.split(/^## /m);

/** Everything in backticks, also inside of `{a, b?}` and `a.b`. */
const wordsOf = (text: string): Set<string> =>
	new Set(codesIn(text).flatMap((code) => [code, ...code.split(/[^a-z_]+/)]));

const { content, context } = eventSchema.shape;
const keysOf = (schema: { shape: object }): string[] => Object.keys(schema.shape);

test.each<[string, string, string[]]>([
	['an event', event, keysOf(eventSchema)],
	['its content', event, keysOf(content)],
	['its context', event, keysOf(context.in.unwrap().unwrap())],
	['a delivery', delivery, keysOf(deliverySchema)],
	['its outcome', delivery, keysOf(deliveryOutcomeSchema)],
	['a line of its digest', delivery, keysOf(digestEntrySchema)],
	['an interaction', interaction, keysOf(interactionSchema)],
])('docs/contracts.md names every field of %s', (_what, text, fields) => {
	const words = wordsOf(text);
	expect(fields.filter((field) => !words.has(field))).toEqual([]);
});

test('it names the event types, in their order, and the statuses', () => {
	const [, types] = /^Event types: (.+)\.$/m.exec(page) as RegExpExecArray;
	expect(codesIn(types)).toEqual([...EVENT_TYPES]);
	const [, statuses] = /^\| `content\.status`.*?\|.*?\|(.*)\|$/m.exec(page) as RegExpExecArray;
	expect(codesIn(statuses)).toEqual([...TICKET_STATUSES]);
});
