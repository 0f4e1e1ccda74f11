import { plusAddress } from '../../../core/channels/email/plus.ts';
import { savePreferences } from '../../../core/engine/index.ts';
import { parseDelivery } from '../../../core/events/index.ts';
import { ledgerRow } from '../../../core/gate/index.ts';
import { mailKey, takeMail } from '../../../core/interaction/index.ts';
import { createMemoryStore } from '../../../core/store/memory/index.ts';
import type { Store } from '../../../core/store/types.ts';

const NOW = new Date('2027-03-13T09:00:00Z');
const KEY = Buffer.alloc(32, 7);
const BOX = 'support@desk.example';
const SENT_ID = '<d1@desk.example>';

let store: Store;
beforeEach(async () => {
	store = createMemoryStore();
	await savePreferences(
		store,
		[
			{
				user_id: 'u1',
				language: 'en',
				notification_preferences: { channels: ['email'], email: { address: 'john@example.com' } },
			},
		],
		NOW.getTime(),
	);
	const sent = parseDelivery({
		delivery_id: 'd_1',
		event: {
			event_id: 'e1',
			event_type: 'ticket_created',
			timestamp: NOW.toISOString(),
			source: 'jira',
			content: { ticket_id: '42', number: 'INC-42', ticket_title: 'Printer', status: 'new' },
		},
		recipient: { user_id: 'u1', role: 'assignee' },
		channel: 'email',
		address: { address: 'john@example.com' },
	});
	await store.tickets.put([
		{
			ticket_key: 'jira:42',
			open: true,
			status: 'new',
			urgent: false,
			event: sent.event,
			updated_at: NOW.toISOString(),
		},
	]);
	await store.deliveries.insert([
		ledgerRow(sent, NOW.toISOString(), {
			stage: 'done',
			status: 'sent',
			sent_at: NOW.toISOString(),
			provider_message_id: SENT_ID,
		}),
	]);
});

const signed = plusAddress(BOX, 'jira:42', mailKey(KEY) as string) as string;
let count = 0;
const mail = (text: string, headers: Record<string, string> = {}) => {
	const all = {
		From: 'John <john@example.com>',
		To: signed,
		Subject: 'Re: Printer',
		'Message-ID': `<${++count}@example.com>`,
		'Content-Type': 'text/plain; charset=utf-8',
		...headers,
	};
	const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
	return `${lines.join('\r\n')}\r\n\r\n${text}`;
};
const take = (source: string, more: object = {}) =>
	takeMail(store, source, { key: KEY, now: NOW, idDomains: ['desk.example'], ...more });

it.each([
	['a command', 'ack', { action: 'acknowledge', parameters: {} }],
	[
		'a command above a signature',
		'ACK\n\nBest regards\nJohn Doe, 2nd Level Support',
		{ action: 'acknowledge' },
	],
	['what was done, below', 'resolve\nNew toner', { action: 'resolve' }],
	[
		'free words',
		'The toner is empty.\nI ordered a new one.',
		{ action: 'comment', parameters: { comment: 'The toner is empty.\nI ordered a new one.' } },
	],
	[
		'a comment over several lines',
		'comment on it\nuntil noon',
		{ action: 'comment', parameters: { comment: 'on it\nuntil noon' } },
	],
])('%s to the signed address: about that ticket', async (_name, text, wanted) => {
	const { interactions, result } = await take(mail(text));
	expect(result).toBe('answer');
	expect(interactions).toMatchObject([
		{ channel: 'email', ticket_key: 'jira:42', user: { user_id: 'u1' }, ...wanted },
	]);
});

it('what the mail quotes is not said again', async () => {
	const { interactions } = await take(
		mail('On it\n\nOn Sat, 13 Mar 2027 at 09:00, Desk <support@desk.example> wrote:\n> resolve'),
	);
	expect(interactions).toMatchObject([{ action: 'comment', parameters: { comment: 'On it' } }]);
});

it('the same mail twice is one answer', async () => {
	const one = mail('ack');
	expect((await take(one)).interactions).toHaveLength(1);
	expect(await take(one)).toEqual({ interactions: [], result: 'repeat' });
});

it('a sender whom nothing proves is nobody: From can be written by anybody', async () => {
	const forged = mail('ack', { To: BOX, 'In-Reply-To': SENT_ID });
	expect(await take(forged)).toEqual({ interactions: [], result: 'sender_not_proven' });
	const passed = {
		To: BOX,
		'In-Reply-To': SENT_ID,
		'Authentication-Results': 'mx.desk.example; dmarc=pass header.from=example.com',
	};
	const believed = await take(mail('ack', passed), { authservId: 'mx.desk.example' });
	expect(believed.interactions).toMatchObject([{ ticket_key: 'jira:42', delivery_id: 'd_1' }]);
	expect(await take(mail('ack', passed), { authservId: 'mx.other.example' })).toMatchObject({
		result: 'sender_not_proven',
	});
});

it('programs are not answered', async () => {
	const absent = await take(mail('I am away', { 'Auto-Submitted': 'auto-replied' }));
	expect(absent.interactions).toEqual([]);
	expect(absent.result).not.toBe('answer');
});

it('a bounce makes its delivery fail and its address dead', async () => {
	const bounce = [
		'From: Mail Delivery System <MAILER-DAEMON@example.com>',
		`To: ${BOX}`,
		'Return-Path: <>',
		'Subject: Undelivered Mail Returned to Sender',
		'Auto-Submitted: auto-replied',
		'Message-ID: <b1@example.com>',
		'MIME-Version: 1.0',
		'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
		'',
		'--b',
		'Content-Type: text/plain',
		'',
		'No such user',
		'--b',
		'Content-Type: message/delivery-status',
		'',
		'Reporting-MTA: dns; mx.example.com',
		'',
		'Final-Recipient: rfc822; john@example.com',
		'Action: failed',
		'Status: 5.1.1',
		'',
		'--b',
		'Content-Type: text/rfc822-headers',
		'',
		`Message-ID: ${SENT_ID}`,
		'From: support@desk.example',
		'',
		'--b--',
		'',
	].join('\r\n');
	expect((await take(bounce)).result).toBe('status');
	expect(await store.deliveries.get(['d_1'])).toMatchObject([
		{ status: 'failed', reason: 'not_delivered' },
	]);
	const [row] = await store.preferences.get(['u1']);
	expect(row.document.notification_preferences).toMatchObject({ email: { bound: false } });
});
