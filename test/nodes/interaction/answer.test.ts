import type { IDataObject } from 'n8n-workflow';
import { takeCalls } from '../../../core/interaction/index.ts';
import { run } from '../workflows/bundled.ts';
import { runNode } from '../kit/run.ts';
import { ledger, savePolicy, storeNode } from '../kit/store.ts';
import { desk } from './kit.ts';
import { inStore } from './store.ts';

type Desk = Awaited<ReturnType<typeof desk>>;
let on: Desk;
beforeEach(async () => {
	on = await desk();
});

/** What John writes to the bot, as the trigger gives it. */
const said = async (text: string, user = 'U0JOHN'): Promise<IDataObject> => {
	const call = {
		type: 'text' as const,
		replayKey: text,
		channelUserId: user,
		text,
		reply: { response_url: 'https://hooks.slack.com/commands/T1/1/x' },
	};
	const options = { channel: 'slack', key: on.key, now: new Date() };
	const { interactions } = await inStore(on.credentials, (store) =>
		takeCalls(store, [call], options),
	);
	return interactions[0] as unknown as IDataObject;
};
const answered = async (item: IDataObject) => {
	const { all } = await run('04-interaction.json', [item], on.credentials);
	return all('Complete');
};
const confirmations = async () =>
	(await ledger(on.credentials)).filter((row) => String(row.purpose).startsWith('confirmation:'));
const audit = () =>
	inStore(on.credentials, (store) => store.audit.list({})).then((rows) =>
		rows.map(({ action, subject, details }) => [action, subject, details.result, details.code]),
	);

it('muting is a matter of our own: no ITSM is asked, the person is answered, the record is written', async () => {
	const key = await on.withTicket();
	const [done] = await answered(await said('mute INC0000007 for 2h'));
	expect(done).toMatchObject({ result: { status: 'done' }, permission: { ask_itsm: false } });
	expect(done.text).toMatch(/^You hear no more of ticket INC0000007 until /);
	expect(await confirmations()).toMatchObject([
		{ user_id: 'john', channel: 'slack', status: 'pending', reason: 'answer' },
	]);
	expect(await storeNode(on.credentials, 'silence', 'getAll', { returnAll: true })).toMatchObject([
		{ author: 'john', matchers: expect.arrayContaining(['recipient.user_id="john"']) },
	]);
	expect(await audit()).toEqual([['answer_mute', key, 'done', null]]);
});

it.each([
	['words that mean nothing', 'lunch?', 'U0JOHN', 'unknown', /^That was not understood/],
	['help', 'help', 'U0JOHN', 'help', /^You can write: ack/],
	['a ticket of nobody here', 'ack CHG9', 'U0JOHN', 'unknown_ticket', /^There is no ticket "CHG9"/],
	['somebody unknown', 'ack INC0000007', 'U0EVE', 'unknown_person', /^You are not known here/],
])('%s: told so, nothing is done', async (_name, text, user, code, words) => {
	await on.withTicket();
	const [done] = await answered(await said(text, user));
	expect([done.result, done.text]).toEqual([
		{ status: 'denied', code },
		expect.stringMatching(words),
	]);
	expect(await confirmations()).toHaveLength(1);
});

it('a role that the policy does not let: denied before the ITSM is called', async () => {
	const key = await on.withTicket();
	const rule = { roles: ['manager'], statuses: ['*'] };
	await savePolicy(on.credentials, { interaction: { permissions: { acknowledge: rule } } });
	const [done] = await answered(await said('ack INC0000007'));
	expect(done).toMatchObject({
		result: { status: 'denied', code: 'role_not_permitted' },
		permission: { roles: ['assignee'] },
	});
	expect(await audit()).toEqual([['answer_acknowledge', key, 'denied', 'role_not_permitted']]);
});

it('a system that nobody can write to: told so, and the escalation goes on', async () => {
	await on.withTicket();
	const rule = { roles: ['*'], statuses: ['*'] };
	await savePolicy(on.credentials, { interaction: { permissions: { acknowledge: rule } } });
	const [done] = await answered(await said('ack INC0000007'));
	expect(done.result).toMatchObject({ status: 'failed', code: 'unsupported_system' });
	expect(done.updated).toBe(0);
	expect(await inStore(on.credentials, (store) => store.tickets.get(['test:INC-7']))).toMatchObject(
		[{ acknowledged_by: null }],
	);
});

it('a test run shows what would be answered and keeps nothing', async () => {
	await on.withTicket();
	const item = await said('mute INC0000007 for 2h');
	const result = await runNode('itsmNotificationStore', {
		credentials: on.credentials,
		parameters: { resource: 'interaction', operation: 'complete' },
		items: [{ ...item, permission: { allowed: true } }],
		mode: 'manual',
	});
	expect(result.json('Node')).toMatchObject([{ result: { status: 'done' }, completed: false }]);
	expect([await confirmations(), await audit()]).toEqual([[], []]);
});
