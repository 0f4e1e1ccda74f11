// What the senders have in common, so that one table of tests serves all.
import type { IDataObject } from 'n8n-workflow';
import { delivery, event } from '../kit/data.ts';
import { SECRETS, type Providers } from '../kit/simulators.ts';

type Json = Record<string, unknown>;

export interface Sender {
	type: string;
	channel: 'slack' | 'email' | 'wecom' | 'dingtalk';
	credential: string;
	address: Json;
	/** An address that the provider knows nothing of. */
	unknown: Json;
	message: (text: string) => Json;
	/** The credential with a secret that the provider refuses. */
	wrong: Json;
	/** Title of its raw payload for Define Below. */
	raw: Json;
}

export const SENDERS: Sender[] = [
	{
		type: 'itsmSlackSender',
		channel: 'slack',
		credential: 'itsmNotifySlackApi',
		address: { userid: 'U0JOHN' },
		unknown: { userid: 'U0NOBODY' },
		message: (text) => ({ text }),
		wrong: { token: 'xoxb-wrong-token' },
		raw: { text: 'Raw words' },
	},
	{
		type: 'itsmEmailSender',
		channel: 'email',
		credential: 'itsmNotifyEmailApi',
		address: { address: 'john@example.test' },
		unknown: { address: 'nobody@example.test' },
		message: (text) => ({ subject: text, text, html: `<p>${text}</p>` }),
		wrong: { password: 'wrong-password' },
		raw: { subject: 'Raw words', body: 'Raw words' },
	},
	{
		type: 'itsmWeComSender',
		channel: 'wecom',
		credential: 'itsmNotifyWeComApi',
		address: { userid: 'ZhangWei' },
		unknown: { userid: 'Nobody' },
		message: (text) => ({ msgtype: 'text', text: { content: text } }),
		wrong: { corpSecret: 'wrong-corp-secret' },
		raw: { msgtype: 'text', text: { content: 'Raw words' } },
	},
	{
		type: 'itsmDingTalkSender',
		channel: 'dingtalk',
		credential: 'itsmNotifyDingTalkApi',
		address: { userid: 'ding-wei' },
		unknown: { userid: 'nobody' },
		message: (text) => ({ msgtype: 'text', text: { content: text } }),
		wrong: { appSecret: 'wrong-ding-secret' },
		raw: { msgtype: 'text', text: { content: 'Raw words' } },
	},
];

export const NEXT = { channel: 'feishu', address: { open_id: 'ou_1' } };
export const LAST = { channel: 'sms', address: { number: '+861380000' } };

/** A rendered delivery for a sender. */
export const rendered = (sender: Sender, more: Json = {}, text = 'Hello'): IDataObject =>
	delivery(
		{
			channel: sender.channel,
			address: sender.address,
			message: sender.message(text),
			...more,
		},
		(more.event as IDataObject | undefined) ?? event(),
	);

/** Credentials of which this sender's is refused by the provider. */
export function refused(
	providers: Providers,
	sender: Sender,
): ReturnType<Providers['credentials']> {
	const all = providers.credentials();
	return { ...all, [sender.credential]: { ...all[sender.credential], ...sender.wrong } as never };
}

/** Every secret value that is in play: none may stand in an execution. */
export const SECRET_VALUES = [
	...Object.values(SECRETS),
	'xoxb-wrong-token',
	'wrong-password',
	'wrong-corp-secret',
	'wrong-ding-secret',
	'slack-hook-secret',
	'robot-key-secret',
];
