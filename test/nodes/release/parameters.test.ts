// What the Release Trigger makes of its two numbers where an expression gives something else.
import type { IDataObject } from 'n8n-workflow';
import { backgroundLoop } from '../../../nodes/shared/background.ts';
import { startTrigger } from '../../harness/contexts.ts';
import { node } from '../../harness/engine.ts';
import { freshStore } from '../kit/store.ts';

const start = (parameters: IDataObject) =>
	startTrigger({
		node: node('Release', 'itsmReleaseTrigger', parameters, {
			credentials: ['itsmNotifyStoreApi'],
		}),
		credentials: freshStore(),
	});

it.each([
	['text', { everySeconds: '={{ "soon" }}' }, '"Look Every (Seconds)"'],
	['no number', { everySeconds: '={{ NaN }}' }, '"Look Every (Seconds)"'],
	['zero, which would never rest', { everySeconds: '={{ 0 }}' }, '"Look Every (Seconds)"'],
	['a negative one', { leaseMinutes: '={{ -1 }}' }, '"Lease (Minutes)"'],
	['a list', { leaseMinutes: '={{ [15] }}' }, '"Lease (Minutes)"'],
])('%s: the activation fails and names the field', async (_name, parameters, field) => {
	await expect(start(parameters)).rejects.toMatchObject({
		name: 'NodeOperationError',
		message: expect.stringContaining(field),
		description: expect.stringContaining(field),
	});
});

it.each([
	['a number as text', { everySeconds: '={{ "30" }}' }],
	['nothing: the default', { everySeconds: '={{ undefined }}', leaseMinutes: '={{ null }}' }],
	['a very large one', { everySeconds: '={{ 1e18 }}', leaseMinutes: '={{ 1e18 }}' }],
])('%s is taken', async (_name, parameters) => {
	const trigger = await start(parameters);
	await trigger.close();
	expect(trigger.errors).toEqual([]);
});

it('a pause longer than a timer can be does not make the loop spin', async () => {
	let looks = 0;
	const loop = backgroundLoop({
		look: async () => ++looks && 2 ** 40,
		faultPauseMs: 1,
		warn: () => undefined,
	});
	await new Promise((done) => setTimeout(done, 50));
	await loop.stop();
	expect(looks).toBe(1);
});
