import type { IExecuteFunctions } from 'n8n-workflow';

import type { Permissions } from '../../../core/actions';
import type { Channel, Credential, SendContext } from '../../../core/channels';
import { caughtAsync } from '../../../core/errors';
import type { Delivery } from '../../../core/events';
import { dress, mailKey } from '../../../core/interaction';
import { signingKeyOf, type Face } from '../signing';

export interface Answerable {
	channel: Channel;
	credential: Credential | undefined;
	deliveries: readonly Delivery[];
	face: Face | undefined;
	permissions: Permissions;
}

/** Buttons on the messages that take them, and a signed address for answers by mail. */
export async function withAnswers(
	context: IExecuteFunctions,
	{ channel, credential, deliveries, face, permissions }: Answerable,
): Promise<{ dressed: readonly Delivery[]; replyTo?: SendContext['replyTo'] }> {
	const mailbox = credential?.signedReplies === true ? String(credential.replyTo ?? '').trim() : '';
	const takesButtons = face !== undefined && deliveries.some((delivery) => delivery.card);
	if (!credential || (!takesButtons && mailbox === '')) return { dressed: deliveries };
	const key = await keyOrHint(context);
	if (!key) return { dressed: deliveries };
	const replyKey = mailKey(key);
	return {
		dressed: face
			? deliveries.map((delivery) =>
					dress(delivery, channel, credential, {
						key,
						publicUrl: face.url,
						listens: face.listens,
						streams: face.streams,
						permissions,
						now: new Date(),
					}),
				)
			: deliveries,
		...(mailbox !== '' && replyKey ? { replyTo: { address: mailbox, key: replyKey } } : {}),
	};
}

/** Where nothing can be signed, messages go without buttons, and the editor says so. */
async function keyOrHint(context: IExecuteFunctions): Promise<Uint8Array | undefined> {
	const signing = await caughtAsync(() => signingKeyOf(context));
	if (signing.ok && signing.value) return signing.value;
	const why = signing.ok
		? 'the store credential has no Signing Secret, and PostgreSQL has no key file'
		: signing.error.message;
	context.addExecutionHints({
		message: `Messages go without buttons: ${why}.`,
		location: 'outputPane',
	});
	return undefined;
}
