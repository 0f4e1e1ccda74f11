import fc from 'fast-check';

import { channels, type HttpRequest } from '../../core/channels';
import { anyCard, contextFor, digest, pressable } from '../unit/channels/cards';
import { cardOf, cases } from '../unit/templates/shipped-cards';
import { sdk } from './sdk';

type Json = Record<string, unknown>;
interface AdaptiveCards {
	AdaptiveCard: new () => {
		hostConfig: unknown;
		parse(source: Json, context: unknown): void;
		validateProperties(): { validationEvents: Array<{ message: string }> };
		toJSON(): Json;
		getActionCount(): number;
	};
	HostConfig: new (config: Json) => unknown;
	SerializationContext: new () => {
		eventCount: number;
		getEventAt(index: number): { message: string };
	};
}

const microsoft = sdk<AdaptiveCards>('adaptivecards/dist/adaptivecards.js');
const { teams } = channels;
/** Teams shows six buttons; the library's own host would show five. */
const TEAMS = new microsoft.HostConfig({ actions: { maxActions: 6 } });

/** What Microsoft's library has read of a card, and what it has to say about it. */
function read(source: Json): { faults: string[]; card: Json } {
	const card = new microsoft.AdaptiveCard();
	card.hostConfig = TEAMS;
	const context = new microsoft.SerializationContext();
	card.parse(structuredClone(source), context);
	const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i));
	const faults = [...events, ...card.validateProperties().validationEvents];
	return { faults: faults.map(({ message }) => message), card: card.toJSON() };
}

/** Without what the library reads but does not write again: Teams' own width, fallbacks, the version of an inner card. */
function shown(value: unknown, isInner = false): unknown {
	if (Array.isArray(value)) return value.map((one) => shown(one, true));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key]) => !['msteams', 'fallback'].includes(key) && !(isInner && key === 'version'))
			// It writes no defaults.
			.filter(([key, entry]) => !(key === 'color' && entry === 'Default'))
			.map(([key, entry]) => [key, shown(entry, true)]),
	);
}

const cardsIn = (message: Json): Json[] =>
	(message.attachments as Array<{ content: Json }>).map(({ content }) => content);
const fallbacksIn = (value: unknown): Json[] =>
	typeof value !== 'object' || value === null
		? []
		: Object.entries(value).flatMap(([key, entry]) =>
				key === 'fallback' ? [entry as Json] : fallbacksIn(entry),
			);

function judge(message: Json): void {
	for (const card of cardsIn(message)) {
		const { faults, card: again } = read(card);
		expect(faults).toEqual([]);
		expect(shown(again)).toEqual(shown(card));
		// A client that does not know Action.Execute draws these instead.
		const actions = fallbacksIn(card);
		const old = { ...card, actions };
		expect(read(old).faults).toEqual([]);
		expect((shown(read(old).card) as Json).actions ?? []).toEqual(shown(actions));
	}
}

const buttons = [
	...pressable.buttons,
	{ action: 'open' as const, label: 'Open', url: 'https://itsm.test/1' },
	{
		action: 'comment' as const,
		label: '评论',
		value: 'signed-3',
		input: { name: 'comment', label: '评论' },
	},
];

const flow = contextFor(
	'teams',
	{},
	{ mode: 'workflow', webhookSecretUrl: 'https://flow.test/w?sig=1' },
);

it.each(cases)(
	'%s in %s is read whole by Microsoft’s library, sent by a bot or a flow',
	(id, language) => {
		for (const full of [true, false]) {
			const message = teams.draw({ ...cardOf(id, language, full), buttons });
			judge(message);
			const { actions } = cardsIn(message)[0] as { actions: Json[] };
			expect(actions.map(({ type }) => type).slice(0, 4)).toEqual([
				'Action.Execute',
				'Action.Execute',
				'Action.OpenUrl',
				'Action.ShowCard',
			]);
			judge((teams.request(message, flow, {}) as HttpRequest).body as Json);
		}
	},
);

it('so is a digest, and whatever a card may hold', () => {
	judge(teams.draw(digest));
	fc.assert(
		fc.property(anyCard, (card) => judge(teams.draw(card))),
		{ numRuns: 200 },
	);
});

it.each([
	['an unknown element', { body: [{ type: 'Carpet' }] }],
	['an input without its name', { body: [{ type: 'Input.Text' }] }],
	['an address that is missing', { actions: [{ type: 'Action.OpenUrl', title: 'x' }] }],
	['an unknown colour', { body: [{ type: 'TextBlock', text: 'x', color: 'Pink' }] }],
])('the library sees %s', (_name, part) => {
	expect(read({ type: 'AdaptiveCard', version: '1.4', ...part }).faults).toHaveLength(1);
});

it('and drops a field that it does not know', () => {
	const card = {
		type: 'AdaptiveCard',
		version: '1.4',
		body: [{ type: 'TextBlock', text: 'x', colour: 'red' }],
	};
	expect(shown(read(card).card)).not.toEqual(shown(card));
});
