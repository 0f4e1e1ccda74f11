import { jest } from '@jest/globals';
import { Logger } from '../../harness/n8n-modules.ts';
import { event, JOHN, person, WEI } from '../kit/data.ts';
import { outputsOf } from '../kit/run.ts';
import { freshStore, savePolicy } from '../kit/store.ts';
import { json, resolver, routes } from './routes.ts';

describe('somebody without a document', () => {
	const assignee = { email: 'new@example.test', name: 'New Person' };
	const items = [event('ticket_assigned', { assignee })];

	it.each([
		['by default gets an email', {}, ['email:new@example.test email'], []],
		['email', { unknownPerson: 'email' }, ['email:new@example.test email'], []],
		['no_route', { unknownPerson: 'no_route' }, [], ['new@example.test unknown_person']],
	])('%s', async (_name, options, deliver, noRoute) => {
		const found = await routes({ credentials: freshStore(), parameters: { options }, items });
		expect(found.deliver).toEqual(deliver);
		expect(found.noRoute).toHaveLength(noRoute.length);
		if (noRoute.length > 0) expect(found.noRoute[0]).toMatch(/unknown_person$/);
	});

	it('the policy of the store says no_route; the node beats it', async () => {
		const credentials = freshStore();
		await savePolicy(credentials, { routing: { unknown_person: 'no_route' } });
		expect((await routes({ credentials, items })).deliver).toEqual([]);
		const parameters = { options: { unknownPerson: 'email' } };
		expect((await routes({ credentials, parameters, items })).deliver).toHaveLength(1);
	});
});

describe('settings of the node', () => {
	it('recipients per event type', async () => {
		const recipients = { rule: [{ eventType: 'ticket_assigned', roles: 'user:wei， requester' }] };
		const run = {
			credentials: freshStore(),
			parameters: { ...json(JOHN, WEI), recipients },
			items: [event('ticket_assigned', { requester: 'john' })],
		};
		expect((await routes(run)).deliver.sort()).toEqual(
			['john email', 'john slack', 'wei email', 'wei wecom'].sort(),
		);
	});

	it('language and time zone for people who name none', async () => {
		const bare = person(
			'john',
			'slack',
			{ userid: 'U1' },
			{ language: undefined, timezone: undefined },
		);
		const [[row]] = await outputsOf(resolver, {
			credentials: freshStore(),
			parameters: { ...json(bare), options: { language: 'zh-CN', timezone: 'Asia/Tokyo' } },
			items: [event()],
		});
		expect(row.recipient).toMatchObject({ language: 'zh-CN', timezone: 'Asia/Tokyo' });
	});

	it('a role that is none: the run goes on by the policy, and the log says why', async () => {
		const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
		const recipients = { rule: [{ eventType: 'ticket_assigned', roles: 'boss' }] };
		const run = {
			credentials: freshStore(),
			parameters: { ...json(JOHN), recipients },
			items: [event()],
		};
		expect((await routes(run)).deliver).toEqual(['john slack', 'john email']);
		const told = warn.mock.calls.map(([message]) => message);
		warn.mockRestore();
		expect(told).toEqual([
			expect.stringMatching(
				/^ITSM Preference Resolver: .*recipients\.ticket_assigned\.0: is no role/,
			),
		]);
	});
});
