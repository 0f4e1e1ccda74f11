import { ItsmNotifyError } from '../../errors';
import { ticketKey } from '../../events/ids';
import { bytes } from '../cut';
import { clean, isObject, oneLine, textIn, type Json } from '../text';
import type { Channel, ChannelResponse, Outcome, SendContext, StoreRequest } from '../types';
import { draw } from './card';
import { IN_APP, limits } from './limits';
import { raw } from './raw';

const ME = 'in_app';

const refuse = (field: string, why: string): never => {
	throw new ItsmNotifyError(
		'invalid_payload',
		`The inbox cannot keep the message: ${field} ${why}.`,
		{
			field,
		},
	);
};

function check(payload: Json): void {
	if (textIn(payload, 'title') === undefined) refuse('title', 'is empty');
	if (oneLine(String(payload.title)).length > IN_APP.title)
		refuse('title', `is over ${IN_APP.title} characters`);
	if (payload.text !== undefined && typeof payload.text !== 'string') refuse('text', 'is no text');
	for (const name of ['fields', 'links', 'buttons', 'entries']) {
		const list = payload[name];
		if (list !== undefined && !(Array.isArray(list) && list.every(isObject)))
			refuse(name, 'is no list of objects');
	}
	if (bytes(JSON.stringify(payload)) > IN_APP.payloadBytes)
		refuse('payload', `is over ${IN_APP.payloadBytes} bytes`);
}

/** Whose inbox: the `address` of the channel's document where an app knows people by ids of its own, else the person. */
function ownerOf({ delivery }: SendContext): string {
	const given = textIn(delivery.address, 'address', 'user_id');
	if (given !== undefined && given !== ME) return given;
	if (delivery.standalone !== true) return delivery.recipient.user_id;
	throw new ItsmNotifyError('no_address', 'Nobody is named whose inbox it is.', {
		field: 'recipient',
	});
}

const request = (
	operation: StoreRequest['operation'],
	id: string,
	payload: Json,
	context: SendContext,
): StoreRequest => ({
	kind: 'store',
	operation,
	entry: {
		delivery_id: id,
		user_id: ownerOf(context),
		ticket_key: ticketKey(context.delivery.event),
		title: oneLine(String(payload.title)),
		severity: textIn(payload, 'severity') ?? 'normal',
		payload,
		test: context.delivery.test === true,
	},
});

function outcome(response: ChannelResponse, sent: { entry?: { delivery_id: string } }): Outcome {
	if (!('stored' in response))
		return { ok: false, class: 'config', code: 'unexpected_answer', message: 'Not the store' };
	if (response.stored === 'missing') {
		return {
			ok: false,
			class: 'recipient',
			code: 'message_not_found',
			message: 'The message is not in the inbox any more.',
		};
	}
	const id = String(sent.entry?.delivery_id);
	// It is where it is read: nothing can be lost on the way.
	return { ok: true, status: 'delivered', providerMessageId: id, ref: { delivery_id: id } };
}

/** An inbox of our own in the store, which an app or a portal shows. */
export const inApp: Channel = {
	id: 'in_app',
	name: 'In-App',
	limits,
	// One entry per delivery.
	recognisesRepeats: () => true,
	escape: clean,
	address: (document) => textIn(document, 'address', 'user_id') ?? ME,
	draw,
	raw,
	summary: (payload) => oneLine(String(payload.title ?? '')),
	check,
	request: (payload, context) => request('put', context.delivery.delivery_id, payload, context),
	outcome: (response, sent) => outcome(response, sent as { entry?: { delivery_id: string } }),
	update(payload, ref, context) {
		const id = textIn(ref, 'delivery_id');
		if (id === undefined)
			throw new ItsmNotifyError('not_updatable', 'The inbox entry of this message is unknown.', {
				field: 'ref.delivery_id',
			});
		return request('update', id, payload, context);
	},
	answers: () => 'link',
};
