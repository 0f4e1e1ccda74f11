import { textIn, type Json } from '../text';

/** How Feishu is told what kind of id it gets: `receive_id_type`. */
export type ReceiveIdType = 'open_id' | 'union_id' | 'user_id' | 'email' | 'chat_id';

export interface Receiver {
	type: ReceiveIdType;
	id: string;
}

const FIELDS: readonly ReceiveIdType[] = ['open_id', 'union_id', 'user_id', 'email', 'chat_id'];

/** An id by its looks: `ou_`, `on_`, `oc_`, a mail address, else a user id of the tenant. */
function byShape(id: string): Receiver {
	if (id.startsWith('ou_')) return { type: 'open_id', id };
	if (id.startsWith('on_')) return { type: 'union_id', id };
	if (id.startsWith('oc_')) return { type: 'chat_id', id };
	return { type: id.includes('@') ? 'email' : 'user_id', id };
}

/** Who is meant: by the field that is filled, or by the looks of `address`. */
export function receiverOf(document: Readonly<Json>): Receiver | undefined {
	for (const type of FIELDS) {
		const id = textIn(document, type);
		if (id !== undefined) return { type, id };
	}
	const given = textIn(document, 'address');
	return given === undefined ? undefined : byShape(given);
}

export const address = (document: Readonly<Json>): string | undefined => receiverOf(document)?.id;
