import type { IExecuteFunctions, INode, INodeExecutionData, JsonObject } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { ItsmNotifyError, messageOf } from '../../core/errors';
import { deliveryId, type Delivery } from '../../core/events';

/** The package's own objects as n8n's item json. */
export const asJson = (value: object): JsonObject => value as JsonObject;

/** An item that descends from input item `index`. */
export const itemOf = (value: object, index: number): INodeExecutionData => ({
	json: asJson(value),
	pairedItem: { item: index },
});

/** From which item a delivery comes; one that is in the run more than once comes from one item after the other. */
export function originOf(
	good: ReadonlyArray<{ value: Delivery; index: number }>,
): (id: string) => number | undefined {
	const indexes = new Map<string, number[]>();
	for (const { value, index } of good)
		indexes.set(value.delivery_id, [...(indexes.get(value.delivery_id) ?? []), index]);
	return (id) => {
		const left = indexes.get(id);
		return left && left.length > 1 ? left.shift() : left?.[0];
	};
}

/** An item in the shape that n8n moves to the error output without losing what is in it. */
export function errorItem(error: unknown, index: number): INodeExecutionData {
	const message = messageOf(error);
	const details =
		error instanceof ItsmNotifyError
			? { code: error.code, field: error.field ?? null, fix: error.fix ?? null }
			: {};
	return { json: { error: message, message, details }, pairedItem: { item: index } };
}

/** A domain error as n8n shows it: what, which item, which field, how to mend it. */
export function asNodeError(node: INode, error: unknown, itemIndex?: number): NodeOperationError {
	if (error instanceof NodeOperationError) return error;
	const known = error instanceof ItsmNotifyError ? error : undefined;
	const prefix = itemIndex === undefined ? '' : ` [item ${itemIndex}]`;
	return new NodeOperationError(node, `${messageOf(error)}${prefix}`, {
		...(itemIndex === undefined ? {} : { itemIndex }),
		...(known?.fix ? { description: known.fix } : {}),
	});
}

/** Reads every input item with `read`; a bad one goes to `bad` or, without Continue On Fail, ends the run. */
export function readItems<T>(
	context: IExecuteFunctions,
	read: (json: unknown, index: number) => T,
): { good: Array<{ value: T; index: number }>; bad: INodeExecutionData[] } {
	const good: Array<{ value: T; index: number }> = [];
	const bad: INodeExecutionData[] = [];
	context.getInputData().forEach((item, index) => {
		try {
			good.push({ value: read(item.json, index), index });
		} catch (error) {
			if (!context.continueOnFail()) throw asNodeError(context.getNode(), error, index);
			bad.push(errorItem(error, index));
		}
	});
	return { good, bad };
}

/** The id of a test run in the editor, else undefined: nothing of it touches live state. */
export function testRunId(context: {
	getMode(): string;
	getExecutionId?(): string | undefined;
}): string | undefined {
	if (context.getMode() !== 'manual') return undefined;
	return `test-${context.getExecutionId?.() ?? 'run'}`;
}

/** A delivery as an item of this test run: own id, marked; also one that came from a live run by pinned data. */
export function asTest(delivery: Delivery, testId: string | undefined): Delivery {
	if (testId === undefined || delivery.test_run === testId) return delivery;
	const { recipient, channel, purpose } = delivery;
	const id = deliveryId(`${delivery.delivery_id}|${testId}`, recipient.user_id, channel, purpose);
	return { ...delivery, test: true, test_run: testId, delivery_id: id };
}
