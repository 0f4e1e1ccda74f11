// What expressions may give to the Simulator.
import type { IDataObject } from 'n8n-workflow';
import { event, JOHN } from '../kit/data.ts';
import { runNode } from '../kit/run.ts';
import { freshStore, savePeople } from '../kit/store.ts';

const SPAN = { operation: 'replay', start: '2027-03-01', end: '2027-03-02' };
const run = (parameters: IDataObject, items: IDataObject[] = [{}]) =>
	runNode('itsmSimulator', { credentials: freshStore(), parameters, items });

it.each<[string, IDataObject, string]>([
	['hours', { operation: 'events', hours: '={{ "long" }}' }, '"Hours to Look Ahead"'],
	['hours', { operation: 'events', hours: '={{ NaN }}' }, '"Hours to Look Ahead"'],
	['hours', { operation: 'events', hours: '={{ -1 }}' }, '"Hours to Look Ahead"'],
	['from', { ...SPAN, start: '={{ null }}' }, '"From"'],
	['from', { ...SPAN, start: '={{ 0 }}' }, '"From"'],
	['to', { ...SPAN, end: '={{ [] }}' }, '"To"'],
	['policy', { ...SPAN, policy: '={{ 5 }}' }, '"Changed Policy"'],
	['two policies', { ...SPAN, policy: '[{}, {}]' }, '"Changed Policy"'],
	['preferences', { ...SPAN, preferences: '={{ [5] }}' }, '"Changed Preferences"'],
	['preferences', { ...SPAN, preferences: '={{ [null] }}' }, '"Changed Preferences"'],
])('%s: %j is refused by name', async (_name, parameters, field) => {
	const error = (await run(parameters)).error() as Error & { description?: string };
	expect(error.name).toBe('NodeOperationError');
	expect(error.message).toContain(field);
	expect(error.message).toContain('[item 0]');
	expect(error.description).toBeTruthy();
});

it.each<[string, IDataObject]>([
	['hours as text', { operation: 'events', hours: '={{ "7" }}' }],
	['no hours', { operation: 'events', hours: '={{ null }}' }],
	['very many hours', { operation: 'events', hours: '={{ 1e18 }}' }],
	['no preferences', { ...SPAN, preferences: '={{ null }}' }],
	['no policy', { ...SPAN, policy: '={{ undefined }}' }],
	['a policy in a list', { ...SPAN, policy: '[{"silence": {"action": "drop"}}]' }],
])('%s is taken', async (_name, parameters) => {
	expect((await run(parameters)).error()).toBeUndefined();
});

it('the one item of Try Events descends from all events', async () => {
	const credentials = freshStore();
	await savePeople(credentials, JOHN);
	const items = [event(), event(), event()];
	const parameters = { operation: 'events', hours: 48 };
	const result = await runNode('itsmSimulator', { credentials, parameters, items });
	expect(result.output('Node').map((item) => item.pairedItem)).toEqual([
		[{ item: 0 }, { item: 1 }, { item: 2 }],
	]);
});
