import { describe, expect, it } from '@jest/globals';

import { event, person, resolve, SEED, type Document } from './helpers';

const MAIL = { address: 'u@example.org' };
const SLACK = { userid: 'U' };
const user = (notification_preferences: Document | undefined, more: Document = {}): Document =>
	person('u', { notification_preferences, ...more });
const comment = event('ticket_comment', { assignee: 'u' });
const alert = event('security_alert', { assignee: 'u' });
const ownType = event('Invoice_Paid', { assignee: 'u' });

describe('RP3 which channels carry it', () => {
	it.each<[string, Document, typeof comment, string[]]>([
		[
			'each listed one, in order',
			user({ channels: ['email', 'slack'], slack: SLACK, email: MAIL }),
			comment,
			['email', 'slack'],
		],
		[
			'configured but unlisted is off',
			user({ channels: ['email'], slack: SLACK, email: MAIL }),
			comment,
			['email'],
		],
		[
			'listed twice is once',
			user({ channels: ['email', 'email'], email: MAIL }),
			comment,
			['email'],
		],
		['in-app needs no document', user({ channels: ['in_app'] }), comment, ['in_app']],
		[
			"a type of one's own goes where updates go, and where it is named",
			user({
				channels: ['slack', 'email', 'sms', 'feishu'],
				slack: { ...SLACK, categories: ['assigned'] },
				email: { ...MAIL, categories: ['updated'] },
				sms: { number: '+8613800138000', categories: ['invoice_paid'] },
				feishu: { open_id: 'f', muted_categories: ['updated'] },
			}),
			ownType,
			['email', 'sms'],
		],
		[
			'only those that want the category',
			user({
				channels: ['email', 'slack'],
				slack: { ...SLACK, categories: ['comment'] },
				email: { ...MAIL, categories: ['assigned'] },
			}),
			comment,
			['slack'],
		],
		[
			'no address: skipped',
			user({ channels: ['slack', 'email'], slack: {}, email: MAIL }),
			comment,
			['email'],
		],
		[
			'disabled: skipped',
			user({ channels: ['slack', 'email'], slack: { ...SLACK, enabled: false }, email: MAIL }),
			comment,
			['email'],
		],
		[
			'unbound: skipped',
			user({ channels: ['wechat', 'email'], wechat: { openid: 'o', bound: false }, email: MAIL }),
			comment,
			['email'],
		],
		[
			'none left: the first remaining address',
			user({ channels: ['slack'], slack: {}, feishu: { open_id: 'f' }, email: MAIL }),
			comment,
			['feishu'],
		],
		[
			'none left: not one that is muted by name',
			user({
				channels: ['slack'],
				feishu: { open_id: 'f', muted_categories: ['comment'] },
				email: MAIL,
			}),
			comment,
			['email'],
		],
		[
			'none left: a listed one comes first, though it leaves the category out',
			user({
				channels: ['slack', 'email'],
				slack: {},
				email: { ...MAIL, categories: ['assigned'] },
				feishu: { open_id: 'f' },
			}),
			comment,
			['email'],
		],
		[
			'mandatory: whatever the categories',
			user({
				channels: ['slack', 'email'],
				slack: { ...SLACK, muted_categories: ['all'] },
				email: { ...MAIL, categories: [] },
			}),
			alert,
			['slack', 'email'],
		],
		[
			'mandatory: never a disabled channel',
			user({ channels: ['slack'], slack: { ...SLACK, enabled: false }, email: MAIL }),
			alert,
			['email'],
		],
		['mandatory: though nothing is listed', user({ channels: [], email: MAIL }), alert, ['email']],
		['no list at all: the first address', user({ email: MAIL, slack: SLACK }), comment, ['email']],
		[
			'no list at all: one that wants it',
			user({ email: { ...MAIL, categories: ['assigned'] }, slack: SLACK }),
			comment,
			['slack'],
		],
	])('%s', async (_, document, what, channels) => {
		const { deliveries, noRoute } = await resolve(what, [document]);
		expect(deliveries.map((d) => d.channel)).toEqual(channels);
		expect(noRoute).toEqual([]);
	});

	it.each<[string, Document, string]>(
		[
			['no_channel', user(undefined)],
			['no_channel', user({ channels: [], email: MAIL })],
			['no_address', user({ channels: ['slack'], slack: {} })],
			['no_address', user({ slack: {} })],
			[
				'category_off',
				user({ channels: ['email'], email: { ...MAIL, categories: ['assigned'] }, slack: SLACK }),
			],
			[
				'category_off',
				user({ channels: ['email'], email: { ...MAIL, muted_categories: ['comment'] } }),
			],
			['inactive', user({ channels: ['email'], email: MAIL }, { active: false })],
			[
				'invalid_preferences',
				user({ channels: ['email'], email: { ...MAIL, frequency: 'batch' } }),
			],
			['invalid_preferences', user({ channels: ['email'], email: MAIL }, { timezone: 'CST' })],
		].map(([reason, document]) => [
			JSON.stringify((document as Document).notification_preferences),
			document as Document,
			reason as string,
		]),
	)('%s', async (_, document, reason) => {
		expect((await resolve(comment, [document])).left).toEqual([`u/${reason}`]);
	});

	it('records what was skipped', async () => {
		const { skipped, deliveries } = await resolve(comment, [
			user({
				channels: ['slack', 'sms', 'email'],
				slack: {},
				sms: { number: '+8613800138000', enabled: false },
				email: MAIL,
			}),
		]);
		expect(skipped).toEqual([
			{ event_id: 'e-ticket_comment', user_id: 'u', channel: 'slack', reason: 'no_address' },
			{ event_id: 'e-ticket_comment', user_id: 'u', channel: 'sms', reason: 'disabled' },
		]);
		expect(deliveries[0].why).toMatchObject({
			skipped: [
				{ channel: 'slack', reason: 'no_address' },
				{ channel: 'sms', reason: 'disabled' },
			],
		});
	});

	it('RN2: a broken document costs its person only, and names the field', async () => {
		const broken = person('x', { working_hours: {} });
		const { got, noRoute } = await resolve(
			event('ticket_comment', { requester: 'x', assignee: 'u' }),
			[broken, user({ channels: ['email'], email: MAIL })],
		);
		expect(got).toEqual(['u/assignee/email']);
		expect(noRoute).toMatchObject([
			{
				recipient: { user_id: 'x' },
				reason: 'invalid_preferences',
				details: { field: 'working_hours' },
			},
		]);
	});

	it('one who has switched a category off is no reason for another to be missed', async () => {
		const { got, left } = await resolve(
			event('ticket_comment', { requester: 'x', assignee: 'u' }),
			[person('x', { muted_categories: ['comment'] }), user({ channels: ['email'], email: MAIL })],
		);
		expect([got, left]).toEqual([['u/assignee/email'], ['x/category_off']]);
	});
});

describe('RN2 a channel that nobody knows', () => {
	it('is a failed delivery; the others go on', async () => {
		const { got, unsupported, noRoute } = await resolve(comment, [
			user({ channels: ['telegram', 'email'], telegram: { chat: '1' }, email: MAIL }),
		]);
		expect(got).toEqual(['u/assignee/email']);
		expect(noRoute).toEqual([]);
		expect(unsupported).toMatchObject([
			{
				channel: 'telegram',
				status: {
					status: 'failed',
					reason: 'unsupported_channel',
					error: { code: 'unsupported_channel' },
				},
				fallback: [{ channel: 'email' }],
			},
		]);
	});

	it('alone: the remaining addresses, else no route', async () => {
		expect((await resolve(comment, [user({ channels: ['telegram'], email: MAIL })])).got).toEqual([
			'u/assignee/email',
		]);
		expect((await resolve(comment, [user({ channels: ['telegram'] })])).left).toEqual([
			'u/unsupported_channel',
		]);
	});

	it('is never a fallback', async () => {
		const { deliveries } = await resolve(comment, [
			user({
				channels: ['email', 'telegram', 'slack'],
				email: MAIL,
				slack: SLACK,
				telegram: { chat: '1' },
			}),
		]);
		expect(deliveries[0].fallback.map((f) => f.channel)).toEqual(['slack']);
	});
});

describe('fallback: what comes after it in the order', () => {
	it('listed first, then other addresses, usable ones only', async () => {
		const { deliveries } = await resolve(comment, [
			user({
				channels: ['slack', 'wecom', 'email'],
				feishu: { open_id: 'f' },
				slack: SLACK,
				email: MAIL,
				wecom: {},
				sms: { number: '1' },
			}),
		]);
		expect(deliveries.map((d) => [d.channel, d.fallback.map((f) => f.channel)])).toEqual([
			['slack', ['email', 'feishu']],
			['email', ['feishu']],
		]);
	});

	it('not one that is muted by name, but one whose list leaves it out', async () => {
		const { deliveries } = await resolve(comment, [
			user({
				channels: ['slack'],
				slack: SLACK,
				email: { ...MAIL, muted_categories: ['comment'] },
				feishu: { open_id: 'f', categories: ['assigned'] },
			}),
		]);
		expect(deliveries[0].fallback).toEqual([{ channel: 'feishu', address: { open_id: 'f' } }]);
	});
});

describe("P2 the seed's document", () => {
	it.each([
		['ticket_assigned', ['email', 'wechat']],
		['ticket_updated', ['email']],
		['ticket_escalated', ['wechat']],
		['ticket_comment', []],
	])('%s', async (type, channels) => {
		expect(
			(await resolve(event(type, { assignee: 'john.doe' }), [SEED])).deliveries.map(
				(d) => d.channel,
			),
		).toEqual(channels);
	});
});

it('1,000 events with 2 recipients each', async () => {
	const people = Array.from({ length: 500 }, (_, i) =>
		person(`p${i}`, {
			working_hours: { monday: [['09:00', '18:00']] },
			quiet_hours: { monday: [['22:00', '07:00']] },
		}),
	);
	const events = Array.from({ length: 1_000 }, (_, i) => ({
		...event('ticket_comment', {
			assignee: `p${i % 500}`,
			requester: `p${(i + 7) % 500}@example.org`,
		}),
		event_id: `b-${i}`,
	}));
	let best = Infinity;
	for (let round = 0; round < 4; round++) {
		const started = performance.now();
		const { deliveries } = await resolve(
			events,
			people.map((p) => structuredClone(p)),
		);
		best = Math.min(best, performance.now() - started);
		expect(deliveries).toHaveLength(4_000);
	}
	process.stdout.write(
		`resolve 1,000 events × 2 people × 2 channels, documents parsed anew: ${best.toFixed(0)} ms\n`,
	);
});
