import { createHash } from 'node:crypto';

import type { StatusCall } from '../inbound';
import { oneLine } from '../text';
import type { ReceivedMail } from './mail';

/** One recipient's part of a delivery status notification (RFC 3464). */
interface Report {
	recipient: string;
	/** `failed`, `delayed`, `delivered`, `relayed`, `expanded`. */
	action: string;
	/** `5.1.1` */
	status: string;
	diagnostic?: string;
}

/** The address does not exist, or takes no mail any more. */
const DEAD = /^5\.(?:1\.(?:1|2|3|6|10)|2\.1)$/;

const field = (block: string, name: string): string | undefined =>
	new RegExp(`^${name}:[ \\t]*(.+(?:\\r?\\n[ \\t].+)*)`, 'im')
		.exec(block)?.[1]
		.replace(/\s+/g, ' ')
		.trim();

const withoutType = (value: string | undefined): string =>
	(value ?? '')
		.replace(/^[\w-]+;\s*/, '')
		.replace(/^<|>$/g, '')
		.trim();

function reports(mail: ReceivedMail): Report[] {
	const found = (mail.report ?? '')
		.slice(0, 100_000)
		.split(/\r?\n[ \t]*\r?\n/)
		.flatMap((block): Report[] => {
			const recipient = withoutType(
				field(block, 'Original-Recipient') ?? field(block, 'Final-Recipient'),
			);
			const action = field(block, 'Action')?.toLowerCase();
			const status = /\d\.\d{1,3}\.\d{1,3}/.exec(field(block, 'Status') ?? '')?.[0];
			if (!recipient.includes('@') || !action || !status) return [];
			const diagnostic = withoutType(field(block, 'Diagnostic-Code'));
			return [{ recipient, action, status, ...(diagnostic ? { diagnostic } : {}) }];
		});
	return found.length > 0 ? found : fromHeaders(mail);
}

/** n8n's "Simple" form has no report; Exim and Gmail name the addresses in a header, the words tell the rest. */
function fromHeaders(mail: ReceivedMail): Report[] {
	const status = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(mail.text.slice(0, 20_000))?.[0];
	const recipients = (mail.header('x-failed-recipients')[0] ?? '')
		.split(',')
		.map((one) => one.trim());
	return status
		? recipients
				.filter((one) => one.includes('@'))
				.map((recipient) => ({ recipient, action: 'failed', status }))
		: [];
}

const ID = /<[^<>\s@]+@[^<>\s]+>/;

/** The id of the mail that bounced: from what was returned, else from what the notification answers. */
function originalId(mail: ReceivedMail): string | undefined {
	const places = [
		field(mail.returned ?? '', 'Message-ID'),
		mail.header('x-original-message-id')[0],
		mail.header('in-reply-to')[0],
		mail.header('references')[0]?.split(/\s+/).at(-1),
		mail.returned === undefined
			? field(mail.report ?? '', '(?:X-)?(?:Original-)?Message-ID')
			: undefined,
	];
	return places.map((place) => ID.exec(place ?? '')?.[0]).find(Boolean);
}

/**
 * What a delivery status notification says, one call per recipient whose mail has arrived or has failed for good.
 * `no_report`: it is none. `delayed`: the server goes on trying. `no_original`: it does not name our mail; anybody can
 * write a notification, only who has had the mail knows its id.
 */
export function bounceCalls(
	mail: ReceivedMail,
): StatusCall[] | 'no_report' | 'delayed' | 'no_original' {
	const all = reports(mail);
	if (all.length === 0) return 'no_report';
	const final = all.filter(({ action }) => action === 'failed' || action === 'delivered');
	if (final.length === 0) return 'delayed';
	const original = originalId(mail);
	if (!original) return 'no_original';
	const id =
		mail.header('message-id')[0] ?? createHash('sha256').update(JSON.stringify(all)).digest('hex');
	return final.map(({ recipient, action, status, diagnostic }) => ({
		type: 'status',
		replayKey: `email:dsn:${original}:${id}:${recipient.toLowerCase()}`,
		providerMessageId: original,
		recipient,
		status: action === 'failed' ? 'failed' : 'delivered',
		code: status,
		...(diagnostic ? { message: oneLine(diagnostic).slice(0, 300) } : {}),
		...(action === 'failed' && DEAD.test(status) ? { deadAddress: true } : {}),
	}));
}
