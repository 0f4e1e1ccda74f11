import fc from 'fast-check';

import type { SendContext } from '../../../core/channels/types';
import type { Card } from '../../../core/channels/card';

/** Text as it comes from outside: markup, pings, control characters, emoji, half surrogates. */
export const nasty = (maxLength = 400): fc.Arbitrary<string> =>
	fc
		.array(
			fc.oneof(
				fc.string({ unit: 'grapheme', maxLength: 40 }),
				fc.constantFrom(
					'<!channel>',
					'<@U1>',
					'<@all>',
					'&lt;',
					'](http://x.test)',
					'**',
					'`',
					'\n# ',
					'\n> ',
				),
				fc.constantFrom(
					'\u0000',
					'\u001b',
					'\ud83d',
					'\r\n',
					'优先级很高',
					'👨‍👩‍👧',
					'<font color="warning">',
				),
				fc.string({ unit: fc.constantFrom('<', '&', '级', 'a'), maxLength }),
			),
			{ maxLength: 8 },
		)
		.map((parts) => parts.join(''));

const url = fc.oneof(
	fc.webUrl({ withQueryParameters: true }),
	fc.constantFrom('javascript:alert(1)', '', 'nothing', `https://x.test/${'a'.repeat(2500)}`),
	fc.constant('https://x.test/(a)|<b>?q=1&r=2'),
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const severity = fc.constantFrom('critical', 'high', 'normal', 'success', 'info') as fc.Arbitrary<
	Card['severity']
>;

export const anyCard: fc.Arbitrary<Card> = fc.record({
	severity,
	title: nasty(),
	text: optional(nasty(3000)),
	fields: fc.array(
		fc.record({ label: nasty(100), value: nasty(1000), short: optional(fc.boolean()) }),
		{ maxLength: 30 },
	),
	body: optional(nasty(8000)),
	entries: optional(
		fc.array(
			fc.record({
				title: nasty(),
				text: optional(nasty()),
				url: optional(url),
				severity: optional(severity),
			}),
			{ maxLength: 60 },
		),
	),
	more: optional(
		fc.record({ label: nasty(50), count: fc.integer({ min: 1, max: 99 }), url: optional(url) }),
	),
	links: fc.array(fc.record({ label: nasty(60), url }), { maxLength: 6 }),
	buttons: fc.array(
		fc.record({
			action: fc.constantFrom('acknowledge', 'resolve', 'open'),
			label: nasty(60),
			style: optional(fc.constantFrom('primary', 'danger', 'default')),
			value: optional(
				fc.oneof(
					fc.string({ minLength: 1, maxLength: 100 }),
					fc.constantFrom('same', ' ', 'v'.repeat(2100)),
				),
			),
			url: optional(url),
		}),
		{ maxLength: 8 },
	) as fc.Arbitrary<Card['buttons']>,
	footer: optional(nasty()),
	language: fc.constantFrom('en', 'zh-CN'),
	ticket: optional(
		fc.record({
			key: fc.string(),
			id: fc.string(),
			number: optional(nasty(20)),
			url: optional(url),
		}),
	),
});

export const incident: Card = {
	severity: 'critical',
	title: 'New incident: INC0010001 Mail is down & <slow>',
	text: 'Assigned to you',
	fields: [
		{ label: 'Priority', value: 'Critical', short: true },
		{ label: 'Status', value: 'New', short: true },
	],
	body: 'Nobody in the Berlin office can send mail since 9:00.',
	links: [{ label: 'Open ticket', url: 'https://itsm.test/INC0010001?a=1&b=2' }],
	buttons: [],
	footer: 'ITSM · 9:30',
	language: 'en',
	ticket: { key: 'snow:1', id: '1', number: 'INC0010001', url: 'https://itsm.test/INC0010001' },
};

export const pressable: Card = {
	...incident,
	buttons: [
		{ action: 'acknowledge', label: 'Acknowledge', style: 'primary', value: 'signed-1' },
		{ action: 'resolve', label: 'Resolve', value: 'signed-2' },
	],
};

export const digest: Card = {
	severity: 'high',
	title: '12 tickets in the last hour',
	fields: [],
	entries: Array.from({ length: 10 }, (_, i) => ({
		title: `INC${i} Printer on floor ${i}`,
		text: 'In progress',
		url: `https://itsm.test/INC${i}`,
	})),
	more: { label: '+2 more', count: 2, url: 'https://itsm.test/list' },
	links: [],
	buttons: [],
	language: 'en',
};

/** What a send needs around a payload. */
export const contextFor = (
	channel: string,
	address: Record<string, unknown>,
	credential: Record<string, unknown>,
	deliveryId = 'd_1',
): SendContext =>
	({
		delivery: { delivery_id: deliveryId, channel, address, purpose: 'first' },
		credential,
		now: new Date('2026-01-05T09:00:00Z'),
	}) as unknown as SendContext;
