import type { IDataObject } from 'n8n-workflow';
import { event, JOHN, person, WEI } from '../kit/data.ts';
import { at, outputsOf, pairsOf, runNode } from '../kit/run.ts';
import { freshStore, ledger, savePeople } from '../kit/store.ts';
import { json, resolver, routes } from './routes.ts';

describe('where the documents come from', () => {
	const to = { deliver: ['john slack', 'john email'], noRoute: [] };

	it('the store', async () => {
		const credentials = freshStore();
		await savePeople(credentials, JOHN, WEI);
		expect(await routes({ credentials, items: [event()] })).toEqual(to);
	});

	it('the second input', async () => {
		const parameters = { preferenceSource: 'input' };
		const second = [JOHN, WEI] as unknown as IDataObject[];
		const run = { credentials: freshStore(), parameters, items: [event()], second };
		expect(await routes(run)).toEqual(to);
	});

	it.each([
		['an array', JSON.stringify([JOHN, WEI])],
		['one document', JSON.stringify(JOHN)],
	])('JSON in the node: %s', async (_name, preferencesJson) => {
		const parameters = { preferenceSource: 'json', preferencesJson };
		expect(await routes({ credentials: freshStore(), parameters, items: [event()] })).toEqual(to);
	});

	it('JSON that is none: an error that names the parameter', async () => {
		const parameters = { preferenceSource: 'json', preferencesJson: '[{' };
		const result = await runNode(resolver, {
			credentials: freshStore(),
			parameters,
			items: [event()],
		});
		expect(result.error()?.message).toMatch(/^"Preferences" is not JSON/);
	});

	it('one source at a time: the store is not asked where the node holds documents', async () => {
		const credentials = freshStore();
		await savePeople(credentials, WEI);
		const items = [event('ticket_assigned', { assignee: 'wei' })];
		expect(await routes({ credentials, parameters: json(JOHN), items })).toEqual({
			deliver: [],
			noRoute: ['wei unknown_person'],
		});
	});
});

describe('what a delivery item holds', () => {
	it('person, address, fallback, score with its factors, and why', async () => {
		const [[slack, email]] = await outputsOf(resolver, {
			credentials: freshStore(),
			parameters: json(JOHN),
			items: [event('ticket_assigned', { priority: 'High' })],
		});
		expect(slack).toMatchObject({
			delivery_id: expect.stringMatching(/^d_/),
			channel: 'slack',
			address: { userid: 'U0JOHN' },
			recipient: {
				user_id: 'john',
				username: 'john.doe',
				language: 'en',
				timezone: 'America/New_York',
				role: 'assignee',
			},
			purpose: 'first',
			fallback: [{ channel: 'email', address: { address: 'john@example.test' } }],
			priority: { score: expect.any(Number), factors: expect.any(Array) },
			why: expect.any(Object),
		});
		expect(email).toMatchObject({ channel: 'email', address: { address: 'john@example.test' } });
		expect(email.delivery_id).not.toBe(slack.delivery_id);
	});

	it('a re-run gives the same ids, a test run others', async () => {
		const items = [event()];
		const credentials = freshStore();
		const ids = async (mode?: 'manual') => {
			const [rows] = await outputsOf(resolver, {
				credentials,
				parameters: json(JOHN),
				items,
				mode,
			});
			return rows.map((row) => row.delivery_id);
		};
		const live = await ids();
		expect(await ids()).toEqual(live);
		const test = await ids('manual');
		expect(test).not.toEqual(live);
		expect(await ids('manual')).not.toEqual(test);
	});
});

describe('who gets nothing, and why', () => {
	const BROKEN = { ...JOHN, timezone: 'CST' };
	const off = { ...JOHN, active: false };
	const muted = person('john', 'slack', { userid: 'U1', muted_categories: ['assigned'] });
	const homeless = person('john', 'slack', {});
	const pager = person('john', 'pager', { number: '1' });

	it.each<[string, IDataObject, object[], string]>([
		['nobody is named', { assignee: null }, [JOHN], 'null no_user'],
		['nobody knows him', { assignee: 'carl' }, [JOHN], 'carl unknown_person'],
		['his document is broken', {}, [BROKEN], 'john invalid_preferences'],
		['he left', {}, [off], 'john inactive'],
		['he wants no such category', {}, [muted], 'john category_off'],
		['he has no address', {}, [homeless], 'john no_address'],
	])('%s', async (_name, content, documents, why) => {
		const items = [event('ticket_assigned', content)];
		const run = { credentials: freshStore(), parameters: json(...documents), items };
		const found = await routes(run);
		expect(found.deliver).toEqual([]);
		expect(found.noRoute.map((row) => row.replace('undefined', 'null'))).toEqual([why]);
	});

	it('an unknown channel: failed, unsupported_channel, and no silence', async () => {
		const run = { credentials: freshStore(), parameters: json(pager), items: [event()] };
		const found = await routes(run);
		expect(found.deliver).toEqual([]);
		expect(found.noRoute).toContain('john unsupported_channel');
	});

	it('who did it is not told, unless the node says so', async () => {
		const items = [event('ticket_assigned', {}, { context: { actor: 'john' } })];
		const told = (notifyActor?: boolean) =>
			routes({
				credentials: freshStore(),
				parameters: { ...json(JOHN), options: notifyActor === undefined ? {} : { notifyActor } },
				items,
			});
		expect((await told()).noRoute).toEqual(['john actor_not_notified']);
		expect((await told(true)).deliver).toEqual(['john slack', 'john email']);
	});

	it('a broken document costs its person only', async () => {
		const items = [event('ticket_updated', { assignee: 'john', watchers: ['wei'] })];
		const run = { credentials: freshStore(), parameters: json(BROKEN, WEI), items };
		expect(await routes(run)).toEqual({
			deliver: ['wei wecom', 'wei email'],
			noRoute: ['john invalid_preferences'],
		});
	});

	it('it stands in the store, with the reason', async () => {
		const credentials = freshStore();
		await outputsOf(resolver, { credentials, parameters: json(off), items: [event()] });
		expect(await ledger(credentials)).toMatchObject([
			{ user_id: 'john', channel: 'none', status: 'no_route', reason: 'inactive' },
		]);
	});
});

it('pairs every item with the event it comes from: 50 events in one run', async () => {
	const credentials = freshStore();
	await savePeople(credentials, JOHN, WEI);
	const people = ['john', 'nobody', 'wei'];
	const items = Array.from({ length: 50 }, (_, i) =>
		event('ticket_assigned', { assignee: people[i % 3] }),
	);
	const result = await runNode(resolver, { credentials, items });
	const idOf = (item: { json: IDataObject }) => at(item.json, 'event.event_id');
	for (const output of [0, 1]) {
		const found = result.output('Node', output);
		expect(found.map(idOf)).toEqual(
			pairsOf(result, output).map((i) => items[i as number].event_id),
		);
	}
	expect(result.output('Node', 0)).toHaveLength((17 + 16) * 2);
	expect(result.output('Node', 1)).toHaveLength(17);
});
