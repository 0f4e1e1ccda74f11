import { required } from '../credential';
import type { Reply } from '../inbound';
import { clean, oneLine, textIn } from '../text';
import type { Credential, SmtpRequest } from '../types';
import { mailbox } from './headers';
import { transport } from './request';

/** An answer to somebody's mail, in its thread, marked so that no program answers it. Undefined without an address. */
export function respond(
	text: string,
	reply: Reply,
	{ credential, now }: { credential: Credential; now: Date },
): SmtpRequest | undefined {
	const to = textIn(reply, 'address');
	if (!to) return undefined;
	const subject = oneLine(textIn(reply, 'subject') ?? '').replace(
		/^(?:re|aw|回复|答复)\s*[:：]\s*/i,
		'',
	);
	const answered = textIn(reply, 'message_id');
	const earlier = Array.isArray(reply.references) ? reply.references.map(String) : [];
	return {
		kind: 'smtp',
		transport: transport(credential),
		mail: {
			from: mailbox('From', required(credential, 'from', 'From', 'Email')),
			to: mailbox('To', to),
			subject: `Re: ${subject || '–'}`,
			text: clean(text),
			...(answered ? { inReplyTo: answered, references: [...earlier, answered] } : {}),
			headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
			date: now,
			disableFileAccess: true,
			disableUrlAccess: true,
		},
	};
}
