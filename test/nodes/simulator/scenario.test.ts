import type { IDataObject } from 'n8n-workflow';
import { outputsOf } from '../kit/run.ts';

it('the scenario that the node begins with shows a message that waits for the morning', async () => {
	const [[result]] = await outputsOf('itsmSimulator', {});
	const { decisions, messages, unrouted, warnings } = result as Record<string, IDataObject[]>;
	expect([unrouted, warnings]).toEqual([[], []]);
	expect(decisions.map((d) => `${d.action} ${d.reason}`)).toEqual(['hold outside_working_hours']);
	// 09:00 of Thursday in Shanghai.
	expect(messages.map((m) => m.at)).toEqual(['2027-03-11T01:00:00.000Z']);
});
