import type { IExecuteFunctions } from 'n8n-workflow';

import { ItsmNotifyError } from '../../core/errors';
import { currentRules, currentStates, replay, simulate } from '../../core/simulation';
import type { Store } from '../../core/store';
import { readInstant } from '../../core/time';
import { readJson } from '../shared/json';
import { readNumber } from '../shared/parameters';
import { storeOf } from '../shared/store';

const HOUR_MS = 3_600_000;
const TEN_YEARS_HOURS = 87_600;

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
	const [policy, ...more] = documentsOf(context, index, 'policy', 'Changed Policy');
	if (more.length > 0) throw notADocument('Changed Policy');
	const preferences = documentsOf(context, index, 'preferences', 'Changed Preferences');
	return replay(store, {
		start: instant('start', 'From'),
		end: instant('end', 'To'),
		...(policy ? { policy } : {}),
		preferences,
	});
}

type Document = Record<string, unknown>;

const notADocument = (field: string): ItsmNotifyError =>
	new ItsmNotifyError('invalid_parameter', `"${field}" is no document`, {
		field,
		fix: `Write "${field}" as a JSON object, or leave it empty.`,
	});

/** Documents of a JSON parameter, one or a list; nothing at all is none. */
function documentsOf(
	context: IExecuteFunctions,
	index: number,
	name: string,
	field: string,
): Document[] {
	const given = readJson(context.getNodeParameter(name, index, ''), field) ?? [];
	const list: unknown[] = Array.isArray(given) ? given : [given];
	const isDocument = (one: unknown): one is Document =>
		typeof one === 'object' && one !== null && !Array.isArray(one);
	if (!list.every(isDocument)) throw notADocument(field);
	return list;
}

async function tryEvents(context: IExecuteFunctions, store: Store): Promise<object> {
	const now = Date.now();
	const hours = readNumber(context.getNodeParameter('hours', 0, 48), 'Hours to Look Ahead', {
		fallback: 48,
		min: 0,
		max: TEN_YEARS_HOURS,
	});
	const at = new Date(now).toISOString();
	const rules = await currentRules(store);
	const people = rules.preferences.map((document) => String(document.user_id));
	const events = context.getInputData().map((item) => ({ at, event: item.json }));
	return simulate({
		start: at,
		end: new Date(now + hours * HOUR_MS).toISOString(),
		...rules,
		timeline: [...(await currentStates(store, people, at)), ...events],
	});
}
