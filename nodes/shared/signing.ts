import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';

import type { IntakeNode } from '../../core/intake';
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

/** Where answers come back: written by the Interaction Trigger at its activation, read by senders. */
export interface Face {
	/** Base of the addresses that people and providers call, without a slash at its end. */
	url: string;
	/** What it listens to: channel ids and `link`. */
	listens: string[];
	/** Channels among them whose answers come over a connection that the trigger holds: they need no `url`. */
	streams: string[];
	/** The trigger node that takes answers in. */
	node: IntakeNode;
}

/** Undefined: nothing can come back. */
export async function faceOf(store: Store): Promise<Face | undefined> {
	const found = (await store.shared.get([PUBLIC_URL_KEY])).get(PUBLIC_URL_KEY);
	const { url, listens, streams, workflow_id, node_id } = found ?? {};
	if (typeof url !== 'string' || url === '' || !Array.isArray(listens)) return undefined;
	return {
		url,
		listens: listens.map(String),
		streams: Array.isArray(streams) ? streams.map(String) : [],
		node: { workflow_id: String(workflow_id ?? ''), node_id: String(node_id ?? '') },
	};
}

export const saveFace = (store: Store, { node, ...face }: Face, now: Date): Promise<void> =>
	store.shared.put(PUBLIC_URL_KEY, { ...face, ...node }, now.toISOString());

/** Forgets it where it is still this node's: another may have taken over. */
export const dropFace = (store: Store, node: IntakeNode, now: Date): Promise<boolean> =>
	store.shared.change(PUBLIC_URL_KEY, now.toISOString(), (value) => {
		const isOurs = value?.workflow_id === node.workflow_id && value.node_id === node.node_id;
		return { value: isOurs ? undefined : value, result: isOurs };
	});
