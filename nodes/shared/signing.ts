import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import { signingKey, type Store } from '../../core/store';
import { optionalCredential, STORE_CREDENTIAL, storeOptions } from './store';

/** Where the Interaction Trigger writes down its public address, and senders read it. */
export const PUBLIC_URL_KEY = 'public_url';

interface Context {
	getNode(): INode;
	getCredentials(type: string, itemIndex?: number): Promise<ICredentialDataDecryptedObject>;
}

/** The key that signs buttons and links; undefined where the store is shared and its credential has no secret. */
export async function signingKeyOf(context: Context): Promise<Uint8Array | undefined> {
	const credential = await optionalCredential(context, STORE_CREDENTIAL);
	const secret = typeof credential?.signingSecret === 'string' ? credential.signingSecret : '';
	return signingKey(storeOptions(credential), secret === '' ? undefined : secret);
}

/** Base of the addresses that people and providers call, without a slash at its end; undefined: nothing can come back. */
export async function publicUrlOf(store: Store): Promise<string | undefined> {
	const url = (await store.shared.get([PUBLIC_URL_KEY])).get(PUBLIC_URL_KEY)?.url;
	return typeof url === 'string' && url !== '' ? url : undefined;
}
