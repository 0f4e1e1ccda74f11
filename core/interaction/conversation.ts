import type { ConversationCall } from '../channels';
import type { Store } from '../store/types';
import type { TakeOptions } from './item';

const CONVERSATION_DAYS = 365;

/** Where the store keeps what a bot learned of a conversation. */
export const conversationKey = (channel: string, address: string): string =>
	`conversation:${channel}:${address.toLowerCase()}`;

/** Where somebody can be reached from now on, or no longer. */
export async function noteConversation(
	store: Store,
	call: ConversationCall,
	options: TakeOptions,
): Promise<void> {
	const now = options.now.toISOString();
	const expires = new Date(options.now.getTime() + CONVERSATION_DAYS * 86_400_000).toISOString();
	for (const key of call.keys) {
		const name = conversationKey(options.channel, key);
		if (call.value) await store.shared.put(name, call.value, now, expires);
		else await store.shared.change(name, now, () => ({ value: undefined, result: undefined }));
	}
}
