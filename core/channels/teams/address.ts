import { textIn, type Json } from '../text';

/** Whom a message is for: a person of the directory (or of Teams, `29:…`), or a chat or channel. */
export type Receiver = { kind: 'person'; id: string } | { kind: 'conversation'; id: string };

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function receiverOf(document: Readonly<Json>): Receiver | undefined {
	const person = textIn(document, 'aad_object_id');
	if (person) return { kind: 'person', id: person };
	const conversation = textIn(document, 'conversation_id');
	if (conversation) return { kind: 'conversation', id: conversation };
	const given = textIn(document, 'address');
	if (!given) return undefined;
	return {
		kind: GUID.test(given) || given.startsWith('29:') ? 'person' : 'conversation',
		id: given,
	};
}

export const address = (document: Readonly<Json>): string | undefined => receiverOf(document)?.id;
