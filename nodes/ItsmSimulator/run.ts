import type { IExecuteFunctions } from 'n8n-workflow';

import { currentRules, currentStates, replay, simulate } from '../../core/simulation';
import type { Store } from '../../core/store';
import { readInstant } from '../../core/time';
import { readJson } from '../shared/json';
import { storeOf } from '../shared/store';

const HOUR_MS = 3_600_000;

/** One operation of the simulator for item `index`; nothing is sent and nothing is written. */
export async function runOperation(context: IExecuteFunctions, index: number): Promise<object> {
	const operation = context.getNodeParameter('operation', index) as string;
	if (operation === 'scenario')
		return simulate(readJson(context.getNodeParameter('scenario', index), 'Scenario'));
	const store = await storeOf(context);
	return operation === 'replay' ? replayOf(context, store, index) : tryEvents(context, store);
}

async function replayOf(context: IExecuteFunctions, store: Store, index: number): Promise<object> {
	// The picker of the editor writes local time in the zone of the workflow.
	const instant = (name: string, label: string): string =>
		readInstant(context.getNodeParameter(name, index, ''), label, context.getTimezone());
	const policy = readJson(context.getNodeParameter('policy', index, ''), 'Changed Policy');
	const preferences = readJson(
		context.getNodeParameter('preferences', index, '[]'),
		'Changed Preferences',
	);
	return replay(store, {
		start: instant('start', 'From'),
		end: instant('end', 'To'),
		...(Array.isArray(policy) ? {} : { policy: policy as Record<string, unknown> }),
		preferences: (Array.isArray(preferences) ? preferences : [preferences]) as Array<
			Record<string, unknown>
		>,
	});
}

async function tryEvents(context: IExecuteFunctions, store: Store): Promise<object> {
	const now = Date.now();
	const at = new Date(now).toISOString();
	const rules = await currentRules(store);
	const people = rules.preferences.map((document) => String(document.user_id));
	const events = context.getInputData().map((item) => ({ at, event: item.json }));
	return simulate({
		start: at,
		end: new Date(now + Number(context.getNodeParameter('hours', 0, 48)) * HOUR_MS).toISOString(),
		...rules,
		timeline: [...(await currentStates(store, people, at)), ...events],
	});
}
