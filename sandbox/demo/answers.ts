// The way back: the address of the Interaction Trigger, entered at every provider.
import axios from 'axios';
import { simpleParser } from 'mailparser';
import type { N8n } from '../lib/n8n.ts';
import { waitFor } from '../lib/run.ts';
import type { Callback } from '../simulators/index.ts';
import { answering } from './channels.ts';
import type { Simulators } from './channels.ts';

/** Path of the webhook that stands for n8n's Email Trigger. */
const MAILBOX = 'sandbox-mail';

const CHECK_MS = 60_000;

/**
 * Enters n8n's address at every provider, as their consoles do: those that check it must be satisfied. DingTalk learns
 * by a call of the node's own where presses of its cards go.
 */
export async function connectAnswers(
	n8n: N8n,
	path: string,
	simulators: Simulators,
): Promise<void> {
	for (const [channel, simulator] of Object.entries(answering(simulators)))
		simulator.setCallbackUrl(n8n.webhookUrl(`${path}/${channel}`));
	await n8n.waitForWebhook(MAILBOX);
	simulators.email.onMail(async (raw) => {
		await axios.post(n8n.webhookUrl(MAILBOX), await asTriggerItem(raw));
	});
	const { wecom, wechat, feishu, dingtalk } = simulators;
	// The checks wait too: n8n gives no other sign that a path with a variable part answers, by GET and by POST.
	const checks: Record<string, () => Promise<Callback>> = {
		WeCom: () => wecom.checkUrl(),
		WeChat: () => wechat.check(),
		Feishu: () => feishu.verifyUrl(),
		DingTalk: () => dingtalk.event({ EventType: 'check_url' }),
	};
	for (const [name, check] of Object.entries(checks)) {
		let last: Callback | undefined;
		await waitFor(
			`${name} to take n8n's address`,
			async () => {
				last = await check();
				return last.ok;
			},
			CHECK_MS,
		).catch((error: Error) => {
			throw new Error(`${error.message}; n8n answered ${last?.status} ${last?.answer}`);
		});
	}
}

/** A mail as n8n's Email Trigger (IMAP) gives it in its form "Simple": the topmost value of each header, and the text. */
async function asTriggerItem(raw: Buffer): Promise<Record<string, unknown>> {
	const mail = await simpleParser(raw);
	const metadata: Record<string, string> = {};
	for (const { key, line } of mail.headerLines)
		metadata[key] ??= line.slice(line.indexOf(':') + 1).trim();
	return { metadata, textPlain: mail.text ?? '', subject: mail.subject ?? '' };
}
