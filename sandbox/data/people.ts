import type { Group, Person } from '../itsm/index.ts';

/** The group that owns the demo tickets. */
export const PLATFORM: Group = {
	sys_id: 'a715cd759f2002002920bde8132e7018',
	name: 'Platform Operations',
};
export const SERVICE_DESK: Group = {
	sys_id: 'd625dccec0a8016700a222a0f7900d06',
	name: 'Service Desk',
};
export const GROUPS: Group[] = [PLATFORM, SERVICE_DESK];

const person = (sys_id: string, user_name: string, name: string): Person => ({
	sys_id,
	user_name,
	name,
	email: `${user_name}@example.test`,
});

/** As the ITSM knows them. The last two have no preferences: they ask, the others answer. */
export const WEI = person('5137153cc611227c000bbd1bd8cd2005', 'wei.zhang', '张伟');
export const JOHN = person('46d44a23a9fe19810012d100cca80666', 'john.doe', 'John Doe');
export const EMMA = person('46ca0887a9fe19810191e08e51927ebf', 'emma.wilson', 'Emma Wilson');
export const LI_NA = person('46b87022a9fe198101a78787e40d7547', 'li.na', '李娜');
export const ANNA = person('681ccaf9c0a8016400b98a06818d57c7', 'anna.keller', 'Anna Keller');
export const CHEN = person('77ad8176731313005754660c4cf6a7de', 'chen.jie', '陈洁');
export const ITSM_PEOPLE: Person[] = [WEI, JOHN, EMMA, LI_NA, ANNA, CHEN];

export const SLACK_IDS = { john: 'U0JOHNDOE1', emma: 'U0EMMAWIL1', wei: 'U0WEIZHAN1' };
export const FEISHU_IDS = {
	john: 'ou_46d44a23a9fe19810012d100cca80666',
	wei: 'ou_5137153cc611227c000bbd1bd8cd2005',
};
export const TEAMS_IDS = {
	john: '46d44a23-a9fe-4981-8012-d100cca80666',
	wei: '5137153c-c611-427c-800b-bd1bd8cd2005',
};
export const WECOM_IDS = { john: 'JohnDoe', wei: 'ZhangWei', liNa: 'LiNa' };
export const DINGTALK_IDS = { john: 'johndoe0001', wei: 'zhangwei0001' };
export const WECHAT_IDS = {
	john: 'oSandbox000000000000000JohnDoe',
	wei: 'oSandbox0000000000000ZhangWei',
};
/** Numbers that no provider gives to anybody. */
export const SMS_NUMBERS = { john: '+12025550123', wei: '+8613800138000' };
export const PUSH_TOKENS = {
	john: { ios: '46d44a23a9fe1981'.repeat(4), android: 'sandbox-android-john-doe' },
	wei: { ios: '5137153cc611227c'.repeat(4), android: 'sandbox-android-wei-zhang' },
};
const devices = ({ ios, android }: { ios: string; android: string }) => [
	{ platform: 'ios', token: ios },
	{ platform: 'android', token: android },
];

/** Every address of a person, each with the categories `all`; only what `channels` lists is on. */
const everywhere = (name: 'john' | 'wei', email: string) => {
	const all = { frequency: 'immediate', categories: ['all'] };
	return {
		slack: { userid: SLACK_IDS[name], ...all },
		teams: { aad_object_id: TEAMS_IDS[name], ...all },
		wecom: { userid: WECOM_IDS[name], ...all },
		wechat: { openid: WECHAT_IDS[name], ...all },
		dingtalk: { userid: DINGTALK_IDS[name], ...all },
		feishu: { open_id: FEISHU_IDS[name], ...all },
		email: { address: email, ...all },
		push: { tokens: devices(PUSH_TOKENS[name]), ...all },
		sms: { number: SMS_NUMBERS[name], ...all },
		in_app: all,
	};
};

const OFFICE_DAYS = Object.fromEntries(
	['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [
		day,
		[['09:00', '18:00']],
	]),
);

/** Preference documents, as they are pasted into the Notification Store. */
export const PREFERENCES = [
	{
		user_id: 'user-wei',
		username: WEI.user_name,
		notification_preferences: {
			channels: ['wecom', 'email'],
			...everywhere('wei', WEI.email),
		},
		timezone: 'Asia/Shanghai',
		language: 'zh-CN',
		team: 'platform',
		groups: [PLATFORM.name],
		identities: { serviceNow: WEI.sys_id },
		manager: 'user-emma',
		role: 'engineer',
	},
	{
		user_id: 'user-john',
		username: JOHN.user_name,
		notification_preferences: {
			channels: ['slack', 'email'],
			...everywhere('john', JOHN.email),
		},
		timezone: 'America/New_York',
		language: 'en',
		team: 'platform',
		groups: [PLATFORM.name],
		identities: { serviceNow: JOHN.sys_id },
		manager: 'user-emma',
		role: 'engineer',
	},
	{
		user_id: 'user-emma',
		username: EMMA.user_name,
		notification_preferences: {
			channels: ['slack', 'email'],
			slack: {
				userid: SLACK_IDS.emma,
				frequency: 'immediate',
				categories: ['escalated', 'sla_breached'],
			},
			email: {
				address: EMMA.email,
				frequency: 'batch',
				batch_time: '09:00,14:00,17:00',
				categories: ['all'],
			},
		},
		timezone: 'Europe/London',
		language: 'en',
		team: 'platform',
		identities: { serviceNow: EMMA.sys_id },
		working_hours: OFFICE_DAYS,
		role: 'manager',
	},
	{
		user_id: 'user-lina',
		username: LI_NA.user_name,
		notification_preferences: {
			channels: ['wecom', 'email'],
			wecom: {
				userid: WECOM_IDS.liNa,
				frequency: 'immediate',
				categories: ['assigned', 'comment'],
			},
			email: {
				address: LI_NA.email,
				frequency: 'batch',
				batch_time: '09:00,14:00',
				categories: ['all'],
			},
		},
		timezone: 'Asia/Shanghai',
		language: 'zh-CN',
		team: 'service-desk',
		groups: [SERVICE_DESK.name],
		identities: { serviceNow: LI_NA.sys_id },
		manager: 'user-emma',
		role: 'agent',
	},
];

/** Who (or which room) stands behind an address, for the inbox. */
export const INBOX_PEOPLE = [
	{
		name: '张伟 Wei Zhang',
		addresses: [
			WECOM_IDS.wei,
			SLACK_IDS.wei,
			FEISHU_IDS.wei,
			DINGTALK_IDS.wei,
			WECHAT_IDS.wei,
			TEAMS_IDS.wei,
			SMS_NUMBERS.wei,
			...Object.values(PUSH_TOKENS.wei),
			WEI.email,
		],
	},
	{
		name: 'John Doe',
		addresses: [
			SLACK_IDS.john,
			TEAMS_IDS.john,
			WECOM_IDS.john,
			FEISHU_IDS.john,
			DINGTALK_IDS.john,
			WECHAT_IDS.john,
			SMS_NUMBERS.john,
			...Object.values(PUSH_TOKENS.john),
			JOHN.email,
		],
	},
	{ name: 'Emma Wilson', addresses: [SLACK_IDS.emma, EMMA.email] },
	{ name: '李娜 Li Na', addresses: [WECOM_IDS.liNa, LI_NA.email] },
	{ name: 'Anna Keller', addresses: [ANNA.email] },
	{ name: '陈洁 Chen Jie', addresses: [CHEN.email] },
	{ name: '#itsm-ops', addresses: ['C0ITSMOPS1'] },
	{ name: '#major-incidents', addresses: ['C0MAJORIN1'] },
	{ name: '运维值班群', addresses: ['运维值班群'] },
];
