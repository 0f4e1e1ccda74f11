// Did every demo delivery arrive? Judged by the simulators' records only.
import { highTicket, isInLanguage, missingDeliveries } from '../data/index.ts';
import type { MessageRecord } from '../simulators/index.ts';
import type { Sandbox } from './sandbox.ts';

const PERSON = { 'zh-CN': 'Chinese', en: 'English' } as const;

export interface Verdict {
	ok: boolean;
	lines: string[];
}

/** Fires the High ticket and waits until it has arrived at everybody, or time is up. */
export async function once(sandbox: Sandbox, waitMs: number): Promise<Verdict> {
	const { recorder, itsm } = sandbox;
	const { ticket, firing } = await itsm.create(highTicket());
	if (!firing?.status || firing.status >= 300)
		return {
			ok: false,
			lines: [
				`FAILED: the webhook of ${ticket.number} was answered with ${firing?.status ?? 'nothing'}`,
			],
		};
	const arrived = (): boolean => missingDeliveries(recorder.messages(), ticket.number).length === 0;
	const until = Date.now() + waitMs;
	while (!arrived() && Date.now() < until) await new Promise((done) => setTimeout(done, 200));

	const messages = recorder
		.messages()
		.filter((m) => JSON.stringify(m.payload).includes(ticket.number));
	const missing = missingDeliveries(recorder.messages(), ticket.number);
	const lines = messages.map(
		(m) => `arrived: ${m.channel} → ${m.to.join(', ')}: ${m.rendered.title ?? ''}`,
	);
	if (missing.length === 0)
		return {
			ok: true,
			lines: [
				...lines,
				`OK: ${ticket.number} reached Slack, email and WeCom, two people in two languages`,
			],
		};
	const reasons = await sandbox.deliveries().catch(() => []);
	for (const { channel, to, language } of missing) {
		lines.push(
			`MISSING: ${channel} → ${to} in ${PERSON[language]}: ${whyMissing(channel, to, language, messages, sandbox, reasons)}`,
		);
	}
	return { ok: false, lines: [...lines, 'FAILED'] };
}

function whyMissing(
	channel: string,
	to: string,
	language: string,
	messages: MessageRecord[],
	sandbox: Sandbox,
	reasons: Array<Record<string, unknown>>,
): string {
	const other = messages.find(
		(m) => m.channel === channel && m.to.includes(to) && !isInLanguage(m, language),
	);
	if (other) return `it came in the wrong language (${other.rendered.title ?? ''})`;
	const refusal = sandbox.recorder.refusals().find((r) => r.channel === channel);
	if (refusal)
		return `the ${channel} simulator refused: ${refusal.status} ${refusal.code} ${refusal.why}`;
	const row = reasons.find((r) => r.channel === channel && r.status !== 'sent');
	const error = row?.error as { code?: string; message?: string } | null | undefined;
	return row
		? `nothing reached the simulator; the store says ${String(row.status)}, ${String(row.reason)}${error ? ` (${error.code}: ${error.message})` : ''}`
		: 'nothing reached the simulator';
}
