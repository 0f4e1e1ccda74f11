import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createMemoryStore, openStore } from '../../../core/store/index';
import { at, rig, START, type Rig } from './rig';

const folder = mkdtempSync(join(tmpdir(), 'itsm-notify-act-'));
let count = 0;
const STORES = {
	memory: () => createMemoryStore(),
	sqlite: () => openStore({ kind: 'sqlite', file: join(folder, `${++count}.sqlite`) }),
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SOURCES = ['serviceNow', 'requestTracker'] as const;

describe.each(SOURCES)('%s', (source) => {
	let r: Rig;
	/** ServiceNow takes change and note in one write. */
	const calls = source === 'serviceNow' ? 1 : 2;
	beforeEach(async () => {
		r = await rig(source, STORES.memory);
	});

	test('acknowledge: it is theirs and begun, and the ticket says who did it from where', async () => {
		const result = await r.act(r.press('acknowledge'));
		expect(result).toMatchObject({
			status: 'done',
			attempts: 1,
			steps: source === 'serviceNow' ? ['fields'] : ['fields', 'comment'],
			before: { status: 'new', assignee: null },
			after: { status: 'in_progress', assignee: 'John Doe' },
		});
		expect(r.seen()).toEqual({
			status: 'in_progress',
			owner: 'john.doe',
			comments: ['john.doe acknowledged this ticket (Slack).'],
			urgent: false,
		});
		expect(await r.store.actions.list({})).toMatchObject([
			{ status: 'done', attempts: 1, lease_owner: null, result: { status: 'done' } },
		]);
	});

	test('the same interaction three times: one effect, one answer', async () => {
		const item = r.press('acknowledge');
		const [first, ...others] = await Promise.all([r.act(item), r.act(item), r.act(item)]);
		const later = await r.act(item);
		expect(first.status).toBe('done');
		for (const other of others)
			expect(other).toMatchObject({ status: 'pending', code: 'claimed_elsewhere', quiet: true });
		expect(later).toMatchObject({
			status: 'done',
			repeated: true,
			after: { status: 'in_progress' },
		});
		expect(r.writes()).toBe(calls);
	});

	test('two people at once: one write, the second sees who was first', async () => {
		const results = await Promise.all([
			r.act(r.press('acknowledge', 'john')),
			r.act(r.press('acknowledge', 'emma')),
		]);
		expect(results[0].status).toBe('done');
		expect(results[1]).toMatchObject({
			status: 'conflict',
			code: 'acknowledged_by_other',
			after: { status: 'in_progress', assignee: 'John Doe' },
		});
		expect(r.writes()).toBe(calls);
		expect(r.seen().owner).toBe('john.doe');
	});

	test('the person themself twice, with two callbacks: unchanged', async () => {
		await r.act(r.press('acknowledge'));
		expect(await r.act(r.press('acknowledge'))).toMatchObject({
			status: 'unchanged',
			code: 'already_yours',
		});
		expect(r.writes()).toBe(calls);
	});

	test('changed in the ITSM since the card: nothing is written, the person sees how it is', async () => {
		r.change({ status: 'in_progress', owner: 'emma' });
		expect(await r.act(r.press('acknowledge'))).toMatchObject({
			status: 'conflict',
			code: 'acknowledged_by_other',
			after: { status: 'in_progress', assignee: 'Emma Ng' },
		});
		r.change({ status: 'new' });
		// Not begun, but given to somebody: taking it would be a blind overwrite.
		expect(await r.act(r.press('acknowledge'))).toMatchObject({
			status: 'conflict',
			code: 'ticket_changed',
			after: { assignee: 'Emma Ng' },
		});
		expect(await r.act(r.press('escalate'))).toMatchObject({ code: 'ticket_changed' });
		r.change({ status: 'resolved' });
		expect(await r.act(r.press('acknowledge'))).toMatchObject({
			status: 'conflict',
			code: 'already_done',
			after: { status: 'resolved' },
		});
		expect(r.writes()).toBe(0);
	});

	test('resolve after one’s own acknowledgement on the same card is no conflict; by another it is', async () => {
		await r.act(r.press('acknowledge'));
		const before = r.writes();
		const resolve = (who: 'john' | 'emma') =>
			r.press('resolve', who, { parameters: { comment: 'Cleaned up' } });
		expect(await r.act(resolve('emma'))).toMatchObject({
			status: 'conflict',
			code: 'ticket_changed',
		});
		expect(r.writes()).toBe(before);
		expect(await r.act(resolve('john'))).toMatchObject({
			status: 'done',
			after: { status: 'resolved' },
		});
		expect(await r.act(resolve('emma'))).toMatchObject({
			status: 'unchanged',
			code: 'already_done',
		});
	});

	test('escalate raises once; raised already is unchanged', async () => {
		expect(await r.act(r.press('escalate'))).toMatchObject({ status: 'done' });
		expect(r.seen().urgent).toBe(true);
		expect(await r.act(r.press('escalate', 'emma'))).toMatchObject({
			status: 'unchanged',
			code: 'already_raised',
		});
	});

	test('comment, also where the status has changed: it overwrites nothing', async () => {
		r.change({ status: 'in_progress', owner: 'emma' });
		const item = r.press('comment', 'john', { parameters: { comment: 'On my way 🚗' } });
		expect(await r.act(item)).toMatchObject({ status: 'done', steps: ['comment'] });
		expect(r.seen().comments).toEqual(['john.doe (Slack): On my way 🚗']);
	});

	test('assign; to somebody unknown; to whom has it', async () => {
		const assign = (assignee: string) => r.press('assign', 'john', { parameters: { assignee } });
		expect(await r.act(assign('emma@example.test'))).toMatchObject({
			status: 'done',
			after: { assignee: 'Emma Ng' },
		});
		expect(await r.act(assign('emma'))).toMatchObject({
			status: 'unchanged',
			code: 'already_assigned',
		});
		expect(await r.act(assign('nobody@example.test'))).toMatchObject({
			status: 'failed',
			code: 'unknown_person',
		});
	});

	test('status reads and writes nothing', async () => {
		expect(await r.act(r.press('status'))).toMatchObject({
			status: 'done',
			after: { status: 'new' },
		});
		expect([r.writes(), await r.store.actions.list({})]).toEqual([0, []]);
	});

	describe('the system is down', () => {
		const seconds = (from: number, to: string): number => (Date.parse(to) - START) / 1000 - from;

		test('queued with growing waits, told once, applied once', async () => {
			const item = r.press('acknowledge');
			r.fail({ kind: 'refused' });
			const first = await r.act(item);
			expect(first).toMatchObject({ status: 'pending', code: 'connection_refused', attempts: 1 });
			expect(first.quiet).toBeUndefined();
			// One more try of the run itself took a second.
			expect(seconds(r.clock.now, first.due_at!)).toBe(30);
			r.clock.now += 30;
			const [due] = await r.store.actions.leaseDue(
				at(r.clock.now),
				9,
				'emitter',
				at(r.clock.now + 300),
			);
			expect(due.item).toEqual(item);
			const second = await r.act(item);
			expect(second).toMatchObject({ status: 'pending', attempts: 2, quiet: true });
			expect(seconds(r.clock.now, second.due_at!)).toBe(60);
			r.fail();
			r.clock.now += 60;
			expect(await r.act(item)).toMatchObject({ status: 'done', attempts: 3 });
			expect(await r.act(item)).toMatchObject({ status: 'done', repeated: true });
			expect(r.writes()).toBe(calls);
		});

		test.each([
			['503', { status: 503, headers: {}, body: 'down' }, 'http_503'],
			['429', { status: 429, headers: { 'retry-after': '120' }, body: {} }, 'http_429'],
			['a page of a proxy', { status: 200, headers: {}, body: '<html>' }, 'bad_answer'],
		])('%s: queued', async (_name, kind, code) => {
			r.fail({ kind });
			const result = await r.act(r.press('acknowledge'));
			expect(result).toMatchObject({ status: 'pending', code });
			if (code === 'http_429') expect(seconds(r.clock.now, result.due_at!)).toBe(120);
		});

		test('a change by somebody else while it waited is a conflict, not an overwrite', async () => {
			const item = r.press('acknowledge');
			r.fail({ kind: 'refused' });
			await r.act(item);
			r.fail();
			r.change({ status: 'in_progress', owner: 'emma' });
			r.clock.now += 30;
			expect(await r.act(item)).toMatchObject({
				status: 'conflict',
				code: 'acknowledged_by_other',
			});
			expect(r.writes()).toBe(0);
		});

		test('given up after a day', async () => {
			const item = r.press('acknowledge');
			r.fail({ kind: 'refused' });
			await r.act(item);
			r.clock.now += 86_400;
			expect(await r.act(item)).toMatchObject({ status: 'failed', code: 'gave_up' });
			expect(await r.act(item)).toMatchObject({ code: 'gave_up', repeated: true });
		});

		test.each(['lost', 'dropped'] as const)('an answer %s: no double change', async (kind) => {
			const item = r.press('acknowledge');
			r.fail({ method: source === 'serviceNow' ? 'PATCH' : 'PUT', kind, times: 1 });
			expect(await r.act(item, { deadline: START + 1000 })).toMatchObject({ status: 'pending' });
			r.clock.now += 30;
			expect(await r.act(item)).toMatchObject({ status: 'done', after: { assignee: 'John Doe' } });
			expect(r.seen().comments).toHaveLength(1);
			expect(r.writes()).toBe(calls);
		});

		test.each(['lost', 'dropped'] as const)(
			'a comment whose answer is %s stands there once',
			async (kind) => {
				const item = r.press('comment', 'john', { parameters: { comment: 'On it\nsecond  line' } });
				r.fail({ method: source === 'serviceNow' ? 'PATCH' : 'POST', kind, times: 1 });
				expect(await r.act(item, { deadline: START + 1000 })).toMatchObject({ status: 'pending' });
				// Somebody else's change in between leaves the comment as it is.
				r.change({ owner: 'emma' });
				r.clock.now += 30;
				expect(await r.act(item)).toMatchObject({ status: 'done', steps: ['comment'] });
				expect(r.seen().comments).toEqual(['john.doe (Slack): On it\nsecond  line']);
			},
		);

		test('a process that died in the middle: whoever takes over looks first', async () => {
			const item = r.press('comment', 'john', { parameters: { comment: 'On it' } });
			let die = true;
			const { settle } = r.store.actions;
			// It dies between the answer of the ITSM and the record of it.
			r.store.actions.settle = async (id, owner, change, now) => {
				if (die && change.status !== 'running') throw new Error('killed');
				return settle.call(r.store.actions, id, owner, change, now);
			};
			await expect(r.act(item)).rejects.toThrow('killed');
			die = false;
			expect(r.seen().comments).toHaveLength(1);
			expect(await r.act(item, { owner: 'p2' })).toMatchObject({ code: 'claimed_elsewhere' });
			r.clock.now += 90;
			expect(await r.act(item, { owner: 'p2' })).toMatchObject({ status: 'done' });
			expect(r.seen().comments).toHaveLength(1);
		});
	});

	if (source === 'serviceNow')
		test('an account that may not read journals: nobody can tell, so it is not written again', async () => {
			const item = r.press('comment', 'john', { parameters: { comment: 'On it' } });
			r.fail({ method: 'PATCH', kind: 'dropped', times: 1 });
			await r.act(item, { deadline: START + 1000 });
			r.change({ owner: 'emma' });
			r.fail({
				path: 'sys_journal_field',
				kind: { status: 200, headers: {}, body: { result: [] } },
			});
			r.clock.now += 30;
			expect(await r.act(item)).toMatchObject({ status: 'failed', code: 'uncertain' });
			expect(r.seen().comments).toEqual([]);
		});

	test('refused credential: failed at once, without the secret; the operators hear of it', async () => {
		r.fail({ kind: { status: 401, headers: {}, body: { message: 'no' } } });
		const policy = { routing: { operators: ['emma'] } };
		await r.store.policies.put('p', policy, at(0));
		const result = await r.act(r.press('acknowledge'));
		expect(result).toMatchObject({ status: 'failed', code: 'auth', attempts: 1 });
		expect(JSON.stringify(result)).not.toMatch(/bot-pass-4711|0123456789abcdef/);
		expect(await r.store.deliveries.list({ user_id: 'emma', channel: 'email' })).toHaveLength(1);
	});

	test('no such ticket', async () => {
		const item = r.press('acknowledge', 'john', {
			ticket_id: source === 'serviceNow' ? 'f'.repeat(32) : '999',
		});
		expect(await r.act(item)).toMatchObject({ status: 'failed', code: 'not_found' });
	});

	test.each([
		['nobody knows them', { user: { user_id: 'stranger' } }, 'unknown_person'],
		['words that were not understood', { action: 'unknown' }, 'unknown'],
		['a problem of the answer', { parameters: { problem: 'which_ticket' } }, 'which_ticket'],
	])('%s: denied, and the system is not asked', async (_name, more, code) => {
		expect(await r.act(r.press('acknowledge', 'john', more))).toMatchObject({
			status: 'denied',
			code,
		});
		expect(r.requests).toEqual([]);
	});

	test('none of their business: denied', async () => {
		await r.store.preferences.put([
			{ user_id: 'wei', document: { user_id: 'wei', username: 'wei' }, updated_at: at(0) },
		]);
		const item = r.press('acknowledge', 'john', { user: { user_id: 'wei' }, delivery_id: null });
		expect(await r.act(item)).toMatchObject({ status: 'denied', code: 'not_your_ticket' });
		expect(r.requests).toEqual([]);
	});

	test('a status in which it is not allowed is judged by what the system says', async () => {
		const resolve = r.press('resolve');
		expect(await r.act(resolve)).toMatchObject({ status: 'denied', code: 'status_not_permitted' });
		expect(r.writes()).toBe(0);
	});

	test('mute needs nothing of the system', async () => {
		expect(await r.act(r.press('mute'))).toMatchObject({ status: 'done', steps: [] });
		expect(r.requests).toEqual([]);
	});

	test('a test run acts and leaves no trace in the store', async () => {
		expect(await r.act(r.press('acknowledge'), { mode: 'test' })).toMatchObject({ status: 'done' });
		expect(await r.store.actions.list({})).toEqual([]);
		const keys = [`echo:${r.key}`, `acted:${r.key}`, `writing:${r.key}`];
		expect([...(await r.store.shared.get(keys))]).toEqual([]);
	});

	test('a workflow of one’s own: nothing is queued, the failure is told', async () => {
		r.fail({ kind: 'refused' });
		const own = { mode: 'once' as const, checkPermission: false };
		expect(await r.act(r.press('acknowledge'), own)).toMatchObject({
			status: 'failed',
			code: 'connection_refused',
			retryable: true,
		});
		expect(await r.store.actions.list({})).toEqual([]);
	});

	test('a ticket that another process holds for too long: put off quietly, soon', async () => {
		await r.store.shared.put(`writing:${r.key}`, { owner: 'other', until: at(90) }, at(0), at(90));
		const result = await r.act(r.press('acknowledge'));
		expect(result).toMatchObject({ status: 'pending', code: 'ticket_busy', quiet: true });
		expect(Date.parse(result.due_at!) - START - r.clock.now * 1000).toBeLessThanOrEqual(5000);
		expect(r.writes()).toBe(0);
	});
});

describe.each(SOURCES)('%s on SQLite', (source) => {
	test('two at once and three callbacks', async () => {
		const r = await rig(source, STORES.sqlite);
		const item = r.press('acknowledge');
		const results = await Promise.all([
			...[1, 2, 3].map((n) => r.act(item, { owner: `p${n}` })),
			r.act(r.press('acknowledge', 'emma'), { owner: 'p4' }),
		]);
		const codes = results.map((result) => result.code ?? result.status).sort();
		expect(codes).toHaveLength(4);
		expect(codes.filter((code) => code === 'claimed_elsewhere' || code === 'done')).toHaveLength(3);
		expect(results.filter((x) => x.status === 'done' && !x.repeated)).toHaveLength(1);
		expect(codes).toContain('acknowledged_by_other');
		expect(r.seen().comments).toHaveLength(1);
		await r.store.close();
	});
});
