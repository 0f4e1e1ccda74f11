import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Store } from '../../../core/store';
import { readInstant } from '../../../core/time';
import { readFlag, readNumber, readText } from '../../shared/parameters';

export interface OperationContext {
	context: IExecuteFunctions;
	store: Store;
	now: Date;
}

/** One operation: reads its parameters for item `index`, does it, returns what becomes items. */
export type Operation = (run: OperationContext, index: number) => Promise<object[]>;

export interface Resource {
	properties: INodeProperties[];
	operations: Record<string, Operation>;
}

/** A text parameter of item `index`; empty where there is none. */
export const textOf = (
	{ context }: Pick<OperationContext, 'context'>,
	index: number,
	name: string,
	label: string,
): string => readText(context.getNodeParameter(name, index, ''), label);

/** A time as the editor's picker gives it (in the zone of the workflow), or undefined where it is empty. */
export const instantOf = (
	context: IExecuteFunctions,
	value: unknown,
	label: string,
): string | undefined =>
	value === '' || value === undefined || value === null
		? undefined
		: readInstant(value, label, context.getTimezone());

/** Return All and Limit, as n8n's users know them. */
export function paging(resource: string): INodeProperties[] {
	const show = { resource: [resource], operation: ['getAll'] };
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: { show },
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { ...show, returnAll: [false] } },
		},
	];
}

const PAGE = 500;
const MOST = 1_000_000;

/** Reads one page, or page after page where all are wanted. */
export async function readPages<T>(
	run: OperationContext,
	index: number,
	read: (page: { limit: number; offset: number }) => Promise<T[]>,
): Promise<T[]> {
	if (!readFlag(run.context.getNodeParameter('returnAll', index, false))) {
		const given = run.context.getNodeParameter('limit', index, 50);
		const limit = readNumber(given, 'Limit', { fallback: 50, min: 0, max: MOST });
		return read({ limit: Math.floor(limit), offset: 0 });
	}
	const all: T[] = [];
	for (;;) {
		const page = await read({ limit: PAGE, offset: all.length });
		all.push(...page);
		if (page.length < PAGE) return all;
	}
}
