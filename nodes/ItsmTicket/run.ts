import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { policyReader } from '../../core/engine';
import { caught, ItsmNotifyError } from '../../core/errors';
import { parseInteraction, sourceNamed, type Interaction } from '../../core/events';
import { act, type ActionResult, type ActOptions } from '../../core/interaction';
import { isItsmId, openItsm, type Itsm, type ItsmId } from '../../core/itsm';
import type { Store } from '../../core/store';
import { ITSM_CREDENTIALS, ITSM_TIMEOUT_MS } from '../shared/itsm';
import { asNodeError, itemOf, readItems, testRunId } from '../shared/items';
import { httpIo } from '../shared/sender/io';
import { optionalCredential, storeOf } from '../shared/store';

/** No item begins after it; the next run takes what is left. */
const RUN_BUDGET_MS = 20_000;
const CONCURRENCY = 5;

interface Job {
	interaction: Interaction;
	/** What the item was, for the output. */
	json: IDataObject;
	system: string;
}

/** Done, Conflict, Failed, Pending. */
const OUTPUT_OF: Record<ActionResult['status'], number> = {
	done: 0,
	unchanged: 0,
	conflict: 1,
	failed: 2,
	denied: 2,
	pending: 3,
};

export async function run(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const started = Date.now();
	const { good, bad } = readItems(context, (json, index) =>
		jobOf(context, json as IDataObject, index),
	);
	try {
		const store = await storeOf(context);
		const base = await baseOptions(context, store, started);
		const open = opener(context);
		const outputs: INodeExecutionData[][] = [[], [], [], []];
		const results = new Map<number, ActionResult>();
		await inTurn(good, async ({ value, index }) => {
			const options = { ...base, ...settingsOf(context, index) };
			const itsm = await open(value.system, index);
			results.set(
				index,
				'itsm' in itsm ? await act(store, itsm.itsm, value.interaction, options) : itsm,
			);
		});
		for (const { value, index } of good) {
			const result = results.get(index) as ActionResult;
			outputs[OUTPUT_OF[result.status]].push(itemOf({ ...value.json, result }, index));
		}
		outputs[2].push(...bad);
		return outputs;
	} catch (error) {
		throw asNodeError(context.getNode(), error);
	}
}

/** An item's interaction: the one that came, or the one that the parameters describe. */
function jobOf(context: IExecuteFunctions, json: IDataObject, index: number): Job {
	const get = (name: string): string => String(context.getNodeParameter(name, index, '')).trim();
	const operation = get('operation');
	const chosen = get('system');
	if (operation === 'fromInteraction') {
		const interaction = parseInteraction(json);
		const key = typeof interaction.ticket_key === 'string' ? interaction.ticket_key : '';
		const source = String(interaction.source ?? key.split(':')[0]);
		return {
			interaction,
			json,
			system: chosen === 'auto' ? (sourceNamed(source) ?? source) : chosen,
		};
	}
	const system = chosen === 'auto' ? (sourceNamed(json.source) ?? '') : chosen;
	if (system === '')
		throw new ItsmNotifyError('no_system', 'The item names no source', {
			field: 'System',
			fix: 'Choose the system in "System".',
		});
	const ticketId = get('ticketId');
	if (ticketId === '')
		throw new ItsmNotifyError('no_ticket', 'No ticket is named', { field: 'Ticket ID' });
	return { interaction: ownInteraction(context, operation, system, ticketId, index), json, system };
}

/** What a workflow asks for by itself. */
function ownInteraction(
	context: IExecuteFunctions,
	operation: string,
	system: string,
	ticketId: string,
	index: number,
): Interaction {
	const get = (name: string): string => String(context.getNodeParameter(name, index, '')).trim();
	const of = [context.getWorkflow().id, context.getExecutionId(), context.getNode().id, index];
	const comment = operation === 'comment' ? get('comment') : get('note');
	if (operation === 'comment' && comment === '')
		throw new ItsmNotifyError('needs_text', 'The comment is empty', { field: 'Comment' });
	return parseInteraction({
		interaction_id: `w_${createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 32)}`,
		channel: 'workflow',
		user: {},
		action: operation === 'getStatus' ? 'status' : operation,
		source: system,
		ticket_id: ticketId,
		parameters: {
			...(comment ? { comment } : {}),
			...(operation === 'assign' ? { assignee: get('assignee') } : {}),
		},
		received_at: new Date().toISOString(),
	});
}

async function baseOptions(
	context: IExecuteFunctions,
	store: Store,
	started: number,
): Promise<Omit<ActOptions, 'mode' | 'checkPermission'>> {
	const { retry, interaction } = await policyReader(store)(null);
	return {
		owner: `${hostname()}:${process.pid}:${context.getExecutionId()}`,
		now: Date.now,
		sleep,
		random: Math.random,
		retry,
		permissions: interaction.permissions,
		deadline: started + RUN_BUDGET_MS,
	};
}

function settingsOf(
	context: IExecuteFunctions,
	index: number,
): Pick<ActOptions, 'mode' | 'checkPermission' | 'publicComments' | 'takeOver'> {
	const options = context.getNodeParameter('options', index, {}) as IDataObject;
	const isAnswer = context.getNodeParameter('operation', index) === 'fromInteraction';
	return {
		mode: testRunId(context) !== undefined ? 'test' : isAnswer ? 'live' : 'once',
		checkPermission: isAnswer,
		publicComments: options.publicComments === true,
		takeOver: (options.takeOver as ActOptions['takeOver']) ?? 'unassigned',
	};
}

/** Opens each system once per item's settings; without a credential it is a result, not an error. */
function opener(
	context: IExecuteFunctions,
): (system: string, index: number) => Promise<{ itsm: Itsm } | ActionResult> {
	const known = new Map<string, Itsm>();
	const { http } = httpIo(context);
	return async (system, index) => {
		if (!isItsmId(system))
			return refusal('unsupported_system', `Tickets of "${system}" cannot be written to yet.`);
		const credential = await optionalCredential(context, ITSM_CREDENTIALS[system], index);
		if (!credential) {
			context.addExecutionHints({
				message: `No credential for ${NAMES[system]} is selected: nothing is written there.`,
				location: 'outputPane',
			});
			return refusal('no_credential', `No credential for ${NAMES[system]} is selected.`);
		}
		const settings = filled(context.getNodeParameter(system, index, {}) as IDataObject);
		const key = JSON.stringify([system, settings, credential]);
		const opened = known.get(key);
		if (opened) return { itsm: opened };
		const opening = caught(() =>
			openItsm(
				system,
				credential,
				(request) => http(request, { timeoutMs: ITSM_TIMEOUT_MS }),
				settings,
			),
		);
		if (!opening.ok) return refusal(opening.error.code, opening.error.message);
		known.set(key, opening.value);
		return { itsm: opening.value };
	};
}

const NAMES: Record<ItsmId, string> = {
	serviceNow: 'ServiceNow',
	requestTracker: 'Request Tracker',
};

/** Settings that are left empty keep their default. */
const filled = (settings: IDataObject): Record<string, string> =>
	Object.fromEntries(
		Object.entries(settings)
			.map(([name, value]) => [name, String(value ?? '').trim()])
			.filter(([, value]) => value !== ''),
	);

const refusal = (code: string, message: string): ActionResult => ({
	status: 'failed',
	code,
	message,
	before: null,
	steps: [],
	attempts: 0,
});

/** Items of one ticket one after the other, in their order; several tickets side by side. */
async function inTurn<T extends { value: Job }>(
	items: readonly T[],
	work: (item: T) => Promise<void>,
): Promise<void> {
	const byTicket = new Map<string, T[]>();
	for (const item of items) {
		const { interaction, system } = item.value;
		const key = `${system}:${interaction.ticket_id ?? interaction.interaction_id}`;
		byTicket.set(key, [...(byTicket.get(key) ?? []), item]);
	}
	const groups = [...byTicket.values()];
	const worker = async (): Promise<void> => {
		for (let group = groups.shift(); group; group = groups.shift())
			for (const item of group) await work(item);
	};
	await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
