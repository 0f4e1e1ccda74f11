import { readToken, signToken } from '../../../core/actions/index.ts';
import { channels } from '../../../core/channels/index.ts';
import type { Card } from '../../../core/channels/card.ts';
import type { InboundCall } from '../../../core/channels/index.ts';
import { savePreferences, updateMessages } from '../../../core/engine/index.ts';
import { deliverySchema, type Delivery } from '../../../core/events/delivery.ts';
import { ledgerRow } from '../../../core/gate/rows.ts';
import {
	checkPermission,
	completeInteraction,
	dress,
	takeCalls,
	withButtons,
} from '../../../core/interaction/index.ts';
import { createMemoryStore } from '../../../core/store/memory/index.ts';
import type { Store } from '../../../core/store/types.ts';

const KEY = Buffer.alloc(32, 7);
const NOW = new Date('2027-03-13T09:00:00.000Z');
const URL = 'https://n8n.example.com/webhook/w/itsm-answers';
const card: Card = {
	severity: 'high',
	title: 'INC-42 Disk full',
	fields: [],
	links: [],
	buttons: [],
	language: 'en',
};

const delivery = (more: Record<string, unknown> = {}): Delivery =>
	deliverySchema.parse({
		delivery_id: 'd_1',
		event: {
			event_id: 'e1',
			event_type: 'ticket_created',
			timestamp: NOW.toISOString(),
			source: 'jira',
			content: {
				ticket_id: '42',
				number: 'INC-42',
				ticket_title: 'Disk full',
				status: 'new',
				assignee: 'john',
			},
		},
		recipient: { user_id: 'u1', username: 'john', language: 'en', role: 'assignee' },
		channel: 'slack',
		address: { userid: 'U1' },
		...more,
	});

const ask = { key: KEY, publicUrl: URL, listens: ['slack', 'link'], now: NOW };

describe('buttons', () => {
	it('pressed where the channel calls back: each is a token for this ticket, action and person', () => {
		const { buttons } = withButtons(card, delivery(), { ...ask, answers: 'callback' });
		expect(buttons.map((b) => b.action)).toEqual(['acknowledge', 'escalate', 'comment']);
		expect(readToken(buttons[0].value!, KEY, NOW)).toMatchObject({
			ok: true,
			claims: { ticket_key: 'jira:42', action: 'acknowledge', user_id: 'u1', status: 'new' },
		});
		expect(buttons[2].input).toEqual({ name: 'comment', label: 'Your comment' });
	});

	it('a card without a field for text opens a page for the comment, or has no such button', () => {
		const shown = (listens: string[]) =>
			withButtons(card, delivery(), {
				...ask,
				answers: 'callback',
				takesWords: false,
				listens,
			}).buttons.map((b) => [b.action, b.value ? 'press' : 'page']);
		const rest = [
			['acknowledge', 'press'],
			['escalate', 'press'],
		];
		expect(shown(['slack', 'link'])).toEqual([...rest, ['comment', 'page']]);
		expect(shown(['slack'])).toEqual(rest);
	});

	it('a channel that nobody listens to gets pages; without pages nothing', () => {
		const shown = (listens: string[]) =>
			withButtons(card, delivery(), { ...ask, answers: 'callback', listens }).buttons;
		expect(shown(['link']).every((b) => b.url && !b.value)).toBe(true);
		expect(shown(['teams'])).toEqual([]);
	});

	it('what comes over a connection needs no address, a page does', () => {
		const shown = (more: object) =>
			withButtons(card, delivery(), {
				...{ ...ask, publicUrl: undefined, streams: ['slack'], listens: ['slack', 'link'] },
				...{ answers: 'callback' as const, ...more },
			}).buttons;
		expect(shown({}).every((b) => b.value && !b.url)).toBe(true);
		expect(shown({})).toHaveLength(3);
		expect(shown({ streams: ['feishu'] })).toEqual([]);
		expect(shown({ answers: 'link' })).toEqual([]);
	});

	it('signed links where nothing can be pressed, a word to reply with where there are no links', () => {
		const linked = withButtons(card, delivery(), { ...ask, answers: 'link' });
		expect(linked.buttons[0].url).toMatch(
			/^https:\/\/n8n\.example\.com\/webhook\/w\/itsm-answers\/link\?t=/,
		);
		expect(linked.buttons[0].value).toBeUndefined();
		const worded = withButtons(card, delivery(), { ...ask, answers: 'reply' });
		expect([worded.buttons, worded.footer]).toEqual([[], 'Reply "ack INC-42" to acknowledge.']);
	});

	it('none without an address to come back to, without a key, for several tickets, or where nothing is allowed', () => {
		const none = (d: Delivery, more: object = {}) =>
			withButtons(card, d, { ...ask, answers: 'callback', ...more }).buttons;
		expect(none(delivery(), { publicUrl: undefined, answers: 'link' })).toEqual([]);
		expect(none(delivery(), { listens: [] })).toEqual([]);
		expect(none(delivery(), { key: undefined })).toEqual([]);
		expect(none(delivery(), { answers: 'none' })).toEqual([]);
		const digest = { id: 'x', entries: [], total: 2, ticket_ids: [], event_ids: [] };
		expect(none(delivery({ digest }))).toEqual([]);
		expect(none(delivery({ recipient: { user_id: 'u1' } }))).toEqual([]);
	});

	it('a message that was changed on its way stays as it is', () => {
		const { slack } = channels;
		const credential = { authMode: 'token', token: 'x', signingSecret: 's' };
		const drawn = delivery({ card, message: slack.draw(card) });
		const dressed = dress(drawn, slack, credential, ask);
		expect(JSON.stringify(dressed.message)).toContain('acknowledge');
		const changed = { ...drawn, message: { ...slack.draw(card), text: 'mine' } };
		expect(dress(changed, slack, credential, ask)).toBe(changed);
	});
});

describe('what comes back', () => {
	let store: Store;
	const person = (id: string, slack: string) => ({
		user_id: id,
		username: id === 'u1' ? 'john' : id,
		language: 'en',
		notification_preferences: { channels: ['slack'], slack: { userid: slack } },
	});
	const take = (...calls: InboundCall[]) =>
		takeCalls(store, calls, { channel: 'slack', key: KEY, now: NOW });
	const press = (
		action: string,
		more: Partial<Extract<InboundCall, { type: 'press' }>> = {},
	): InboundCall => ({
		type: 'press',
		replayKey: 'r1',
		channelUserId: 'U1',
		reply: { response_url: 'https://hooks.slack.com/x' },
		value: signToken(
			{
				ticket_key: 'jira:42',
				action,
				user_id: 'u1',
				channel: 'slack',
				delivery_id: 'd_1',
				status: 'new',
				expires: NOW.getTime() / 1000 + 60,
			},
			KEY,
		),
		...more,
	});
	const say = (text: string, more: object = {}): InboundCall => ({
		type: 'text',
		replayKey: `t-${text}`,
		channelUserId: 'U1',
		reply: {},
		text,
		...more,
	});

	beforeEach(async () => {
		store = createMemoryStore();
		await savePreferences(store, [person('u1', 'U1'), person('u2', 'U2')], NOW.getTime());
		const sent = delivery();
		await store.tickets.put([
			{
				ticket_key: 'jira:42',
				open: true,
				status: 'new',
				urgent: false,
				event: sent.event,
				updated_at: NOW.toISOString(),
			},
		]);
		await store.deliveries.insert([
			ledgerRow(sent, NOW.toISOString(), {
				stage: 'done',
				status: 'sent',
				sent_at: NOW.toISOString(),
				provider_message_id: 'm1',
				provider_ref: { channel: 'D1', ts: '1.2' },
			}),
		]);
	});

	it('the same press three times is one answer; a forged or old token says so', async () => {
		const first = await take(press('acknowledge'), press('acknowledge'), press('acknowledge'));
		expect([first.interactions.length, first.repeats]).toEqual([1, 2]);
		expect(first.interactions[0]).toMatchObject({
			action: 'acknowledge',
			ticket_key: 'jira:42',
			ticket_id: '42',
			user: { user_id: 'u1' },
			parameters: { expected: { status: 'new' } },
		});
		expect((await take(press('acknowledge'))).interactions).toEqual([]);
		const forged = await take(press('acknowledge', { replayKey: 'r2', value: 'a.b' }));
		expect(forged.interactions[0]).toMatchObject({
			action: 'unknown',
			parameters: { problem: 'token_wrong' },
		});
	});

	it('whoever pressed is meant, not whom the button was made for', async () => {
		const { interactions } = await take(press('acknowledge', { channelUserId: 'U2' }));
		expect(interactions[0].user.user_id).toBe('u2');
		expect(await checkPermission(store, interactions[0])).toMatchObject({
			allowed: false,
			reason: 'not_your_ticket',
		});
	});

	it('a stranger is told five times, then left alone (RI4)', async () => {
		const told: number[] = [];
		for (let i = 0; i < 7; i++)
			told.push((await take(say(`ack ${i}`, { channelUserId: 'U9' }))).interactions.length);
		expect(told).toEqual([1, 1, 1, 1, 1, 0, 0]);
	});

	it('a text finds its ticket: by number, by the one open ticket, by the message that it answers', async () => {
		const key = async (text: string, more = {}) =>
			(await take(say(text, more))).interactions[0].ticket_key;
		expect(await key('ack 42')).toBe('jira:42');
		expect(await key('确认')).toBe('jira:42');
		expect(await key('resolve', { inReplyTo: 'm1' })).toBe('jira:42');
		const { interactions } = await take(say('ack 7'));
		expect(interactions[0].parameters).toMatchObject({ problem: 'unknown_ticket', ticket: '7' });
	});

	it('a later word of the provider goes into the ledger and starts nothing', async () => {
		const status = {
			type: 'status',
			replayKey: 's1',
			providerMessageId: 'm1',
			status: 'read',
		} as const;
		const taken = await take(status);
		expect([taken.interactions.length, taken.noted]).toEqual([0, 1]);
		const [row] = await store.deliveries.get(['d_1']);
		expect([row.status, row.facts?.read_at]).toEqual(['delivered', NOW.toISOString()]);
		await take({ ...status, replayKey: 's2', status: 'failed', code: 'blocked' });
		expect((await store.deliveries.get(['d_1']))[0]).toMatchObject({
			status: 'failed',
			reason: 'not_delivered',
			error: { code: 'blocked' },
		});
	});

	it('acknowledged: the message is changed in place once, the person is answered, the record is written', async () => {
		const [interaction] = (await take(press('acknowledge'))).interactions;
		expect(await checkPermission(store, interaction)).toMatchObject({
			allowed: true,
			roles: ['assignee'],
		});
		const done = await completeInteraction(store, interaction, { status: 'done' }, NOW);
		expect(done).toEqual({ text: 'Ticket INC-42 is acknowledged.', updated: 1 });
		const due = await store.deliveries.leaseDue(NOW.toISOString(), 10, 'p', NOW.toISOString());
		const [answer, edit] = due.map((row) => row.item!);
		expect(answer.confirmation).toEqual({
			text: 'Ticket INC-42 is acknowledged.',
			reply: { response_url: 'https://hooks.slack.com/x' },
		});
		expect(edit).toMatchObject({
			update_of: { delivery_id: 'd_1', ref: { channel: 'D1', ts: '1.2' } },
			acknowledged: { by: 'u1' },
		});
		// The same state is told once, however often it is asked for.
		expect(await updateMessages(store, ['jira:42'], NOW.getTime())).toBe(0);
		expect(await store.audit.list({ action: 'answer_acknowledge' })).toMatchObject([
			{ actor: 'u1', subject: 'jira:42', details: { result: 'done' } },
		]);
	});

	it('a run that is repeated after it has failed further on tells and records an answer once', async () => {
		const [interaction] = (await take(press('acknowledge'))).interactions;
		for (const status of ['pending', 'pending', 'done', 'unchanged'] as const)
			await completeInteraction(store, interaction, { status }, NOW);
		const due = await store.deliveries.leaseDue(NOW.toISOString(), 10, 'p', NOW.toISOString());
		const texts = due.flatMap(({ item }) => item?.confirmation?.text ?? []);
		expect(texts).toHaveLength(2);
		const records = await store.audit.list({ action: 'answer_acknowledge' });
		expect(records.map(({ details }) => details?.result).sort()).toEqual(['done', 'pending']);
	});

	it('denied and in conflict: nothing changes, the answer says why', async () => {
		const [interaction] = (await take(press('acknowledge'))).interactions;
		const denied = await completeInteraction(
			store,
			interaction,
			{ status: 'denied', code: 'role_not_permitted' },
			NOW,
		);
		expect(denied).toEqual({ text: 'Your role does not allow this on ticket INC-42.', updated: 0 });
		const conflict = await completeInteraction(
			store,
			{ ...interaction, interaction_id: 'i_2' },
			{ status: 'conflict', code: 'acknowledged_by_other', after: { assignee: 'Emma' } },
			NOW,
		);
		expect(conflict.text).toBe('Emma was first: ticket INC-42 is theirs. Nothing was done.');
		expect((await store.tickets.get(['jira:42']))[0].acknowledged_by ?? null).toBeNull();
	});

	it('mute: this person hears no more of this ticket until then; unmute ends it', async () => {
		const [mute] = (await take(say('mute 42 for 2h'))).interactions;
		await completeInteraction(store, mute, { status: 'done' }, NOW);
		expect(await store.silences.list({ limit: 5 })).toMatchObject([
			{
				matchers: ['recipient.user_id="u1"', 'source="jira"', 'content.ticket_id="42"'],
				ends_at: '2027-03-13T11:00:00.000Z',
			},
		]);
		const [unmute] = (await take(say('unmute 42'))).interactions;
		const later = new Date(NOW.getTime() + 60_000);
		const { text } = await completeInteraction(store, unmute, { status: 'done' }, later);
		expect(text).toBe('You hear of ticket INC-42 again.');
		expect(await store.silences.active?.(later.toISOString())).toEqual([]);
	});

	it('mute again after an unmute, and for a shorter time: the last word counts', async () => {
		const at = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
		const [long] = (await take(say('mute 42 for 2h'))).interactions;
		const [unmute] = (await take(say('unmute 42'))).interactions;
		const [short] = (await take(say('mute 42 for 1h'))).interactions;
		for (const [minutes, said] of [long, unmute, long, short].entries())
			await completeInteraction(
				store,
				{ ...said, interaction_id: `i_${minutes}` },
				{ status: 'done' },
				at(minutes),
			);
		const active = await store.silences.active(at(4).toISOString());
		expect(active.map((row) => row.ends_at)).toEqual(['2027-03-13T10:00:00.000Z']);
	});
});
