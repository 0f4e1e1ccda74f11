import fc from 'fast-check';

import { channels, type HttpRequest } from '../../core/channels';
import { anyCard, contextFor, digest, pressable } from '../unit/channels/cards';
import { cardOf, cases } from '../unit/templates/shipped-cards';
import { typeErrors } from './type-check';

type Json = Record<string, unknown>;

const { slack } = channels;

const HEAD = `
import type { KnownBlock, MessageAttachment } from '@slack/types';
import type { ChatPostMessageArguments, ChatUpdateArguments } from '@slack/web-api';
`;
/** Fresh literals, so that the compiler also refuses a field that the type does not know. */
const check = (values: Array<readonly [type: string, value: unknown]>): string[] => {
	const lines = values.map(([type, value]) => `: ${type} = ${JSON.stringify(value)};`);
	return typeErrors(
		HEAD + [...new Set(lines)].map((line, i) => `export const v${i}${line}`).join('\n'),
	);
};

const partsOf = ({ blocks = [], attachments = [] }: Json) => [
	...(blocks as Json[]).map((block) => ['KnownBlock', block] as const),
	...(attachments as Json[]).map((one) => ['MessageAttachment', one] as const),
];
const context = contextFor('slack', { userid: 'U1' }, { token: 'xoxb' });
const posted = (payload: Json) => (slack.request(payload, context, {}) as HttpRequest).body;
const changed = (payload: Json) =>
	(slack.update!(payload, { channel: 'D1', ts: '1.2' }, context, {}) as HttpRequest).body;

const buttons = [
	...pressable.buttons,
	{ action: 'open' as const, label: 'Open', url: 'https://itsm.test/1' },
	{
		action: 'comment' as const,
		label: 'Comment',
		value: 'signed-3',
		input: { name: 'comment', label: 'Comment' },
	},
];

it('what the shipped templates draw has the shape of Slack’s types, sent and changed', () => {
	const payloads = cases.flatMap(([id, language]) =>
		[true, false].map((full) => slack.draw({ ...cardOf(id, language, full), buttons })),
	);
	payloads.push(slack.draw(digest));
	expect(payloads.every((payload) => partsOf(payload).length > 1)).toBe(true);
	expect(
		check([
			...payloads.flatMap(partsOf),
			['ChatPostMessageArguments', posted(payloads[0])],
			['ChatUpdateArguments', changed(payloads[0])],
		]),
	).toEqual([]);
});

it('so has whatever a card may hold', () => {
	const cards = fc.sample(anyCard, { numRuns: 100, seed: 11 });
	expect(check(cards.flatMap((card) => partsOf(slack.draw(card))))).toEqual([]);
});

it('the types see an unknown field, an unknown block, a missing field, markup in a header and a missing channel', () => {
	const wrong: Array<readonly [string, unknown]> = [
		['KnownBlock', { type: 'divider', colour: 'red' }],
		['KnownBlock', { type: 'carpet', text: { type: 'mrkdwn', text: 'x' } }],
		['KnownBlock', { type: 'header' }],
		['KnownBlock', { type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
		['ChatPostMessageArguments', { text: 'x' }],
	];
	expect(check(wrong)).toHaveLength(wrong.length);
});
