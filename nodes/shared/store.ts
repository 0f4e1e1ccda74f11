import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { ItsmNotifyError, messageOf } from '../../core/errors';
import {
	assertStoreAllowed,
	defaultStoreFile,
	isQueueMode,
	openStore,
	type Store,
	type StoreOptions,
} from '../../core/store';

export const STORE_CREDENTIAL = 'itsmNotifyStoreApi';

/** What every n8n context has that a store needs. */
interface StoreContext {
	getNode(): INode;
	getCredentials(type: string, itemIndex?: number): Promise<ICredentialDataDecryptedObject>;
}

/** The credential's fields as store options; none selected = a file in the n8n user folder. */
export function storeOptions(credential: ICredentialDataDecryptedObject | undefined): StoreOptions {
	if (credential?.backend !== 'postgres') {
		const file = typeof credential?.file === 'string' ? credential.file.trim() : '';
		return { kind: 'sqlite', file: file === '' ? defaultStoreFile(process.env) : file };
	}
	const text = (name: string): string => String(credential[name] ?? '');
	const tls = text('tls');
	return {
		kind: 'postgres',
		schema: text('schema') || 'itsm_notify',
		connection: {
			host: text('host'),
			port: Number(credential.port ?? 5432),
			database: text('database'),
			user: text('user'),
			password: text('password'),
			ssl:
				tls === 'on'
					? { rejectUnauthorized: true, ...(text('ca') ? { ca: text('ca') } : {}) }
					: tls === 'insecure'
						? { rejectUnauthorized: false }
						: false,
		},
	};
}

/** A credential that is selected on the node, or undefined; a broken one still fails. */
export async function optionalCredential(
	context: StoreContext,
	type: string,
	itemIndex?: number,
): Promise<ICredentialDataDecryptedObject | undefined> {
	if (!context.getNode().credentials?.[type]) return undefined;
	return context.getCredentials(type, itemIndex);
}

/** Opens the node's store; one handle per target and process, so this is cheap. */
export async function storeOf(context: StoreContext): Promise<Store> {
	const options = storeOptions(await optionalCredential(context, STORE_CREDENTIAL));
	try {
		assertStoreAllowed({ queueMode: isQueueMode(process.env, process.argv), kind: options.kind });
		return await openStore(options);
	} catch (error) {
		if (error instanceof ItsmNotifyError && error.code === 'embedded_store_in_queue_mode')
			throw new NodeOperationError(
				context.getNode(),
				`${error.code}: ${error.message}. ${error.fix}`,
				{
					description: error.fix,
				},
			);
		throw new NodeOperationError(
			context.getNode(),
			// n8n puts words of its own in place of a message that holds a code such as ECONNREFUSED.
			'The store cannot be opened',
			{
				description: `${messageOf(error)}. ${(error instanceof ItsmNotifyError && error.fix) || 'Look at the credential of the ITSM Notify store.'}`,
			},
		);
	}
}
