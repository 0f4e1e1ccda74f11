import { lines } from '../html.ts';
import type { MessageRecord } from '../../simulators/record.ts';
import { dingtalk } from './dingtalk.ts';
import { email } from './email.ts';
import { feishu } from './feishu.ts';
import { push, sms } from './phone.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import type { Drawer, NameOf } from './types.ts';
import { wechat } from './wechat.ts';
import { wecom } from './wecom.ts';

export const DRAWERS: Record<string, Drawer> = {
	slack,
	email,
	wecom,
	teams,
	wechat,
	dingtalk,
	feishu,
	push,
	sms,
};

/** A channel without its own drawer still shows its text. */
export function drawMessage(record: MessageRecord, nameOf: NameOf = () => undefined): string {
	const drawer = DRAWERS[record.channel];
	const { title, text } = record.rendered;
	const body = drawer?.draw(record, nameOf) ?? `<h4>${lines(title)}</h4><p>${lines(text)}</p>`;
	return `<div class="${drawer ? record.channel : 'unknown'}">${body}</div>`;
}
