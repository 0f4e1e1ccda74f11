// What the Notification Store node says when it refuses.
import type { IDataObject } from 'n8n-workflow';
import { runNode } from '../kit/run.ts';
import { freshStore } from '../kit/store.ts';

type Failed = Error & { description?: string; context?: { itemIndex?: number } };

/** The error of one operation. */
export async function refusal(
	resource: string,
	operation: string,
	parameters: IDataObject,
	credentials = freshStore(),
) {
	const result = await runNode('itsmNotificationStore', {
		credentials,
		parameters: { resource, operation, ...parameters },
		items: [{}],
	});
	const error = result.error() as Failed;
	expect(error?.name).toBe('NodeOperationError');
	expect(error.message).toContain('[item 0]');
	return { message: error.message, fix: error.description ?? '' };
}
