import type { Call } from '../http.ts';
import type { MessageKind } from '../record.ts';
import type { Json, TeamsConfig, TeamsUser } from './directory.ts';
import type { Keys } from './keys.ts';

export const BOT_NAME = 'ITSM';

export interface Sent {
	conversation: string;
	id: string;
	body: Json;
}

export interface TeamsState {
	config: TeamsConfig;
	now(): number;
	keys: Keys;
	/** Access tokens with their end. */
	tokens: Map<string, number>;
	/** Conversation id -> the one person in it. */
	chats: Map<string, TeamsUser>;
	/** By activity id. */
	sent: Map<string, Sent>;
	threadWait(conversation: string): number;
	flowWait(name: string): number;
	record(kind: MessageKind, message: Sent): void;
	/** Address of the simulator. */
	url(): string;
	serviceUrl(): string;
}

/** The personal conversation with a user, known from now on. */
export function chatOf({ chats }: TeamsState, user: TeamsUser): string {
	const id = `a:${user.aadObjectId.replaceAll('-', '')}`;
	chats.set(id, user);
	return id;
}

export function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

export const isSignIn = (call: Call): boolean => call.path.endsWith('/oauth2/v2.0/token');
