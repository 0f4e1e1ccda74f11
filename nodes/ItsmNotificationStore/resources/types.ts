import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { Store } from '../../../core/store';
import { readInstant } from '../../../core/time';

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

/** Reads one page, or page after page where all are wanted. */
export async function readPages<T>(
	run: OperationContext,
	index: number,
	read: (page: { limit: number; offset: number }) => Promise<T[]>,
): Promise<T[]> {
	if (!run.context.getNodeParameter('returnAll', index, false)) {
		return read({ limit: run.context.getNodeParameter('limit', index, 50) as number, offset: 0 });
	}
	const all: T[] = [];
	for (;;) {
		const page = await read({ limit: PAGE, offset: all.length });
		all.push(...page);
		if (page.length < PAGE) return all;
	}
}
