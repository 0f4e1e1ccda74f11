// A fresh store per test, and what stands in it, read and written through the nodes alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import type { CredentialData } from '../../harness/engine.ts';
import { runNode, throwError } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'itsm-notify-nodes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** Credentials with a store of their own. */
export const freshStore = (more: CredentialData = {}): CredentialData => ({
	itsmNotifyStoreApi: { backend: 'sqlite', file: join(folder, `${++count}.sqlite`) },
	...more,
});

/** A store that cannot be opened: nobody listens there. */
export const deadStore = (): CredentialData => ({
	itsmNotifyStoreApi: {
		backend: 'postgres',
		host: '127.0.0.1',
		port: 9,
		password: 'pg-pass-4711',
	},
});

/** One operation of the Notification Store node; throws its error. */
export async function storeNode(
	credentials: CredentialData,
	resource: string,
	operation: string,
	parameters: IDataObject = {},
	items: IDataObject[] = [{}],
): Promise<IDataObject[]> {
	const result = await runNode('itsmNotificationStore', {
		credentials,
		parameters: { resource, operation, ...parameters },
		items,
	});
	throwError(result);
	return result.json('Node');
}

export const savePeople = (credentials: CredentialData, ...documents: object[]) =>
	storeNode(credentials, 'preference', 'import', { documents: JSON.stringify(documents) });

export const saveTemplates = (credentials: CredentialData, ...documents: object[]) =>
	storeNode(credentials, 'template', 'import', { documents: JSON.stringify(documents) });

export const savePolicy = (credentials: CredentialData, policy: object) =>
	storeNode(credentials, 'policy', 'update', { policy: JSON.stringify(policy) });

/** The ledger, oldest first. */
export async function ledger(
	credentials: CredentialData,
	filters: IDataObject = {},
): Promise<IDataObject[]> {
	const rows = await storeNode(credentials, 'delivery', 'getAll', { filters, returnAll: true });
	return rows.reverse();
}
