import type { INode } from 'n8n-workflow';
import { delivery, event, JOHN } from '../kit/data.ts';
import { pairsOf, runNode } from '../kit/run.ts';
import { freshStore } from '../kit/store.ts';

const parameters = { preferenceSource: 'json', preferencesJson: JSON.stringify([JOHN]) };
const noTicket = event('ticket_assigned', { ticket_id: undefined });
const good = event();

/** Every node that reads items: what it makes of a bad one between good ones. */
const NODES: Array<[type: string, items: object[], field: string, bad: number]> = [
	['itsmPreferenceResolver', [good, noTicket, event()], 'content.ticket_id', 0],
	['itsmAggregateSilence', [delivery(), { channel: 'slack' }, delivery()], 'delivery_id', 0],
	['itsmTemplateRender', [delivery(), { channel: 'slack' }, delivery()], 'delivery_id', 10],
	['itsmSlackSender', [delivery(), delivery({ event: {} }), delivery()], 'event.event_id', 1],
	['itsmEmailSender', [delivery(), delivery({ event: {} }), delivery()], 'event.event_id', 1],
	['itsmWeComSender', [delivery(), delivery({ event: {} }), delivery()], 'event.event_id', 1],
];

describe.each(NODES)('%s', (type, items, field, output) => {
	const run = (settings: Partial<INode> = {}) =>
		runNode(type, {
			credentials: freshStore(),
			parameters: type === 'itsmPreferenceResolver' ? parameters : {},
			items: items as never,
			settings,
		});

	it('names the item and the field, and the run ends', async () => {
		const result = await run();
		const error = result.error() as Error & { context?: { itemIndex?: number } };
		expect(error.name).toBe('NodeOperationError');
		expect(error.message).toContain(field);
		expect(error.message).toContain('[item 1]');
		expect(error.context?.itemIndex).toBe(1);
		expect((error as { description?: string }).description).toContain(field);
	});

	it.each<[string, Partial<INode>]>([
		['continueOnFail', { continueOnFail: true }],
		['onError', { onError: 'continueRegularOutput' }],
	])('%s: the others go on, the bad one says why', async (_name, settings) => {
		const result = await run(settings);
		expect(result.error()).toBeUndefined();
		const bad = result.output('Node', output).find((item) => item.json.error !== undefined);
		expect(bad?.json).toMatchObject({
			error: expect.stringContaining(field),
			details: { code: expect.stringMatching(/^invalid_/), field },
		});
		expect(bad?.pairedItem).toEqual({ item: 1 });
		const all = [...Array(11).keys()].flatMap((i) => pairsOf(result, i));
		expect([...new Set(all)].sort()).toEqual([0, 1, 2]);
	});

	it('an error output gets the bad one, with its input', async () => {
		const result = await run({ onError: 'continueErrorOutput' });
		expect(result.error()).toBeUndefined();
		const outputs = result.outputs('Node');
		const errors = outputs[outputs.length - 1].filter((json) => json.error !== undefined);
		expect(errors).toHaveLength(1);
		expect(JSON.stringify(errors[0])).toContain(field);
	});
});
