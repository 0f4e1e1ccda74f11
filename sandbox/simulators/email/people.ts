import type { Faults } from '../faults.ts';
import type { Recorder } from '../record.ts';
import type { Callback } from '../two-way.ts';
import { replyTo } from './reply.ts';

/** What a mail server of ours would call itself in Authentication-Results. */
export const MAIL_SERVER = 'mx.sandbox.test';
export const MAIL_FAULTS = ['repeat', 'forge'] as const;

const COPIES = 3;
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
/** The address without its tag: nothing in it proves the ticket any more. */
const untagged = (address: string): string => address.replace(/\+[^@]*@/, '@');

export interface MailPeople {
	recorder: Recorder;
	faults: Faults;
	/** The mailbox that is read by the desk. */
	deliver(raw: Buffer): Promise<void>;
}

/**
 * A person's answer to a mail, by default to the last one that they got. Forged: from their address, but neither the
 * server nor a tag of ours vouches for it.
 */
export async function say(
	{ recorder, faults, deliver }: MailPeople,
	user: string,
	text: string,
	messageId?: string,
): Promise<Callback> {
	const mail = recorder
		.messages({ channel: 'email', to: user })
		.filter(({ ref }) => messageId === undefined || ref === messageId)
		.at(-1);
	if (!mail) throw new Error(messageId ? `no such mail: ${messageId}` : `no mail came to ${user}`);
	const started = Date.now();
	const fault = faults.take(text, MAIL_FAULTS)?.kind;
	const isForged = fault === 'forge';
	const { reply_to, from } = mail.payload as { reply_to?: string; from: string };
	const to = reply_to ?? from;
	const raw = replyTo(mail, text, {
		from: user,
		authenticationResults: `${MAIL_SERVER}; dmarc=${isForged ? 'fail' : 'pass'} header.from=${domainOf(user)}`,
		...(isForged ? { headers: { To: untagged(to) } } : {}),
	});
	const copies = fault === 'repeat' ? COPIES : 1;
	for (let count = 0; count < copies; count += 1) await deliver(raw);
	const statuses = Array.from({ length: copies }, () => 250);
	const sent = { url: `mailto:${to}`, method: 'SMTP', headers: {}, body: raw.toString('utf8') };
	recorder.answer({
		...{ channel: 'email', to: [user], said: text, ref: mail.ref, statuses },
		...(fault === undefined ? {} : { fault }),
		...{ answer: '', ok: true, raw: sent.body },
	});
	const ms = Date.now() - started;
	return { ...sent, statuses, status: 250, answer: '', ok: true, attempts: copies, ms };
}
