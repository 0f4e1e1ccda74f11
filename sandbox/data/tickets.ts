import type { NewTicket } from '../itsm/index.ts';
import { glideTime } from '../itsm/model.ts';
import type { MessageRecord } from '../simulators/index.ts';
import {
	ANNA,
	CHEN,
	JOHN,
	LI_NA,
	PLATFORM,
	SERVICE_DESK,
	SLACK_IDS,
	WECOM_IDS,
	WEI,
} from './people.ts';

const inMinutes = (minutes: number, now: Date): string =>
	glideTime(new Date(now.getTime() + minutes * 60_000));

/**
 * The first ticket of the demo: High, for a group of two people who read different languages.
 * Its own words are English only, so that Chinese in a message can only come from its template.
 */
export const highTicket = (now = new Date()): NewTicket => ({
	short_description: 'Checkout API answers 502 for a third of all requests',
	description:
		'Since 09:42 UTC the load balancer marks two of six checkout nodes as unhealthy.\n' +
		'Customers see "Payment could not be completed"; the shop loses every third order.',
	urgency: '1',
	impact: '2',
	category: 'software',
	caller_id: ANNA.sys_id,
	assignment_group: PLATFORM.sys_id,
	cmdb_ci: 'checkout-api-prod',
	business_service: 'Online Shop',
	sla_due: inMinutes(110, now),
	due_date: inMinutes(110, now),
});

/** Where the High ticket must arrive, by address. */
export const EXPECTED_DELIVERIES = [
	{ channel: 'wecom', to: WECOM_IDS.wei, language: 'zh-CN' },
	{ channel: 'email', to: WEI.email, language: 'zh-CN' },
	{ channel: 'slack', to: SLACK_IDS.john, language: 'en' },
	{ channel: 'email', to: JOHN.email, language: 'en' },
] as const;

/** Whether the words of a message about the High ticket are of this language. */
export function isInLanguage(record: MessageRecord, language: string): boolean {
	const { title, text, fields = [], buttons = [] } = record.rendered;
	const parts = [title, text, ...fields.map((field) => field.label + field.value)];
	const words = [...parts, ...buttons.map((button) => button.label)].join(' ');
	return /\p{Script=Han}/u.test(words) === language.startsWith('zh');
}

/** Which expected deliveries of a ticket have not arrived, or not in their reader's language. */
export const missingDeliveries = (messages: MessageRecord[], number: string) =>
	EXPECTED_DELIVERIES.filter(
		({ channel, to, language }) =>
			!messages.some(
				(record) =>
					record.channel === channel &&
					record.to.includes(to) &&
					JSON.stringify(record.payload).includes(number) &&
					isInLanguage(record, language),
			),
	);

/** Quieter tickets, so that the list and the inbox have something to show. */
export const moreTickets = (now = new Date()): NewTicket[] => [
	{
		short_description: '华东机房核心交换机 SW-SH-02 丢包率超过 5%',
		description:
			'监控显示 SW-SH-02 上联口自 10:15 起持续丢包，影响 ERP 与视频会议。已切换备用链路，待现场确认光模块。',
		urgency: '2',
		impact: '2',
		category: 'network',
		caller_id: CHEN.sys_id,
		assignment_group: PLATFORM.sys_id,
		assigned_to: WEI.sys_id,
		cmdb_ci: 'SW-SH-02',
		business_service: 'ERP',
		sla_due: inMinutes(360, now),
	},
	{
		short_description: 'VPN drops every 20 minutes on macOS',
		description: 'After the client update to 5.2 the tunnel restarts and open sessions are lost.',
		urgency: '2',
		impact: '3',
		category: 'network',
		caller_id: ANNA.sys_id,
		assignment_group: PLATFORM.sys_id,
		assigned_to: JOHN.sys_id,
		cmdb_ci: 'vpn-gw-eu-1',
	},
	{
		short_description: '申请开通财务系统报表权限',
		description: '新入职员工需要查看月度费用报表，主管已在邮件中同意。',
		urgency: '3',
		impact: '3',
		category: 'inquiry',
		caller_id: CHEN.sys_id,
		assignment_group: SERVICE_DESK.sys_id,
		assigned_to: LI_NA.sys_id,
	},
];
