import { ledgerRow } from '../../../core/gate/index.ts';
import { parseDelivery } from '../../../core/events/index.ts';
import { openStore, type Store } from '../../../core/store/index.ts';
import type { CredentialData } from '../../harness/engine.ts';
import { delivery } from '../kit/data.ts';

/** Works on the store of the nodes from outside. */
export async function inStore<T>(
	credentials: CredentialData,
	work: (store: Store) => Promise<T>,
): Promise<T> {
	const { file } = credentials.itsmNotifyStoreApi as { file: string };
	const store = await openStore({ kind: 'sqlite', file });
	try {
		return await work(store);
	} finally {
		await store.close();
	}
}

/** What senders read of the trigger that is active on this store. */
export const faceIn = ({ credentials }: { credentials: CredentialData }) =>
	inStore(credentials, async (store) => (await store.shared.get(['public_url'])).get('public_url'));

/** John has had a message about this event. */
export const told = (credentials: CredentialData, about: object, more: object = {}) =>
	inStore(credentials, async (store) => {
		const now = new Date().toISOString();
		const item = parseDelivery({ ...delivery({}, about as never), event: about, ...more });
		const sent = { stage: 'done', status: 'sent', sent_at: now } as const;
		await store.deliveries.insert([ledgerRow(item, now, sent)]);
		return item;
	});
