import { createHash } from 'node:crypto';

import { isButtonAction, readToken, ticketStatus, type TokenClaims } from '../actions';
import { channels } from '../channels';
import type { ChannelId, Interaction } from '../events/delivery';
import type { Store } from '../store/types';
import { answererOf, type Answerer } from './people';
import { interactionId, ticketFields, type TakeOptions } from './item';

/** What a signed link leads to. `ready` is the question; the others are answers to it. */
export type LinkState = 'ready' | 'needs_text' | 'done' | 'used' | 'expired' | 'wrong';

/** What the page of a link shows. */
export interface LinkView {
	state: LinkState;
	language: string | null;
	action?: string;
	/** Number of the ticket as people know it. */
	number?: string;
	title?: string;
	url?: string;
	status?: string | null;
}

export interface TakenLink {
	view: LinkView;
	/** Set once per link: by the call that acts. */
	interaction?: Interaction;
}

const keyOf = (token: string): string =>
	`link:${createHash('sha256').update(token).digest('hex').slice(0, 32)}`;
const seenKey = (token: string): string => `answer|link|${keyOf(token)}`;

/** What a link asks, without doing anything: programs open links too (RI2). */
export async function viewLink(
	store: Store,
	token: string,
	options: Pick<TakeOptions, 'key' | 'now'>,
): Promise<LinkView> {
	return (await read(store, token, options)).view;
}

interface Read {
	view: LinkView;
	claims?: TokenClaims;
	person?: Answerer;
}

async function read(
	store: Store,
	token: string,
	options: Pick<TakeOptions, 'key' | 'now'>,
): Promise<Read> {
	const verdict = options.key
		? readToken(token, options.key, options.now)
		: ({ ok: false, code: 'token_wrong' } as const);
	if (!verdict.ok)
		return {
			view: { state: verdict.code === 'token_expired' ? 'expired' : 'wrong', language: null },
		};
	const { claims } = verdict;
	const person = await answererOf(store, { userId: claims.user_id });
	if (!isButtonAction(claims.action))
		return { view: { state: 'wrong', language: person?.language ?? null } };
	const [state] = await store.tickets.get([claims.ticket_key]);
	const content = state?.event.content;
	return {
		claims,
		person,
		view: {
			state: 'ready',
			language: person?.language ?? null,
			action: claims.action,
			number: content?.number ?? content?.ticket_id ?? ticketFields(claims.ticket_key).ticket_id,
			...(content ? { title: content.ticket_title } : {}),
			...(content?.url ? { url: content.url } : {}),
			status: state ? (state.status ?? ticketStatus(state.event)) : claims.status,
		},
	};
}

/** The pressed button of a link's page: acts once; a comment without words does not use the link up. */
export async function takeLink(
	store: Store,
	form: { token: string; comment?: string },
	options: TakeOptions,
): Promise<TakenLink> {
	const { view, claims, person } = await read(store, form.token, options);
	if (!claims) return { view };
	const comment = form.comment?.trim();
	if (claims.action === 'comment' && !comment) return { view: { ...view, state: 'needs_text' } };
	const key = seenKey(form.token);
	const isFirst =
		options.test || (await store.seen.mark([key], options.now.toISOString())).length > 0;
	if (!isFirst) return { view: { ...view, state: 'used' } };
	const address = await addressOf(store, claims);
	return {
		view: { ...view, state: 'done' },
		interaction: {
			interaction_id: interactionId('link', keyOf(form.token)),
			channel: claims.channel,
			// Who holds the link holds the message that was sent to that person.
			user: {
				user_id: claims.user_id,
				username: person?.username ?? null,
				language: person?.language ?? null,
				timezone: person?.timezone ?? null,
				...(address ? { channel_user_id: address } : {}),
			},
			action: claims.action,
			...ticketFields(claims.ticket_key),
			delivery_id: claims.delivery_id,
			parameters: {
				...(comment ? { comment } : {}),
				expected: { status: claims.status },
				by: 'link',
			},
			received_at: options.now.toISOString(),
			reply: {},
		},
	};
}

/** Where the message with the link went: the result goes there too. */
async function addressOf(store: Store, claims: TokenClaims): Promise<string | undefined> {
	const [row] = await store.deliveries.get([claims.delivery_id]);
	const document = row?.item?.address;
	return document && channels[claims.channel as ChannelId]?.address(document);
}
