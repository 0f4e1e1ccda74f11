import type { Channel } from '../channels/types';
import type { Card } from '../channels/card';
import type { ChannelId } from '../events/delivery';
import type { SystemInfo } from './context/index';
import type { MissingPolicy } from './engine/state';

export type Channels = Partial<Record<ChannelId, Channel>>;

export interface CardOptions {
	/** Templates of the store or node; each beats the shipped one of its id. A broken one fails what it would serve. */
	overrides?: readonly unknown[];
	/** The node's choice of template; default: by purpose and event type. */
	templateId?: string;
	/** What an unknown variable does; default `error`. */
	missing?: MissingPolicy;
	system?: SystemInfo;
	/** The policy's language, for readers whose own has no template. */
	defaultLanguage?: string;
	/** Zone of readers who have none. */
	defaultTimezone?: string;
	now: Date;
}

export interface RenderOptions extends CardOptions {
	channels: Channels;
}

export type RenderFailureCode =
	| 'template_missing'
	| 'template_failed'
	| 'variable_missing'
	| 'empty_message';

export interface RenderFailure {
	ok: false;
	code: RenderFailureCode;
	template_id: string;
	/** The leaf at fault: `templates.email.subject`. */
	path?: string;
	message: string;
}

export interface CardRendered {
	ok: true;
	template_id: string;
	language: string;
	card: Card;
}

export interface Rendered {
	ok: true;
	template_id: string;
	language: string;
	/** The channel payload. */
	message: Record<string, unknown>;
	/** Set where a card was drawn. */
	card?: Card;
}
