import {
	EXPECTED_DELIVERIES,
	highTicket,
	INBOX_PEOPLE,
	missingDeliveries,
	ITSM_PEOPLE,
	moreTickets,
	PREFERENCES,
	SECRETS,
	slackConfig,
	dingtalkConfig,
	emailConfig,
	wechatConfig,
	wecomConfig,
} from '../../../sandbox/data/index.ts';
import type { MessageRecord } from '../../../sandbox/simulators/index.ts';

/** Every address of a preference document is one that its simulator knows. */
it.each(PREFERENCES.map((document) => [document.username, document] as const))(
	'%s can be reached',
	(_name, document) => {
		const { slack, email, wecom, dingtalk, wechat } = document.notification_preferences as Record<
			string,
			{ userid?: string; openid?: string; address?: string } | undefined
		>;
		if (slack) expect(slackConfig().users.map((user) => user.id)).toContain(slack.userid);
		if (wecom) expect(wecomConfig().users.map((user) => user.userid)).toContain(wecom.userid);
		if (dingtalk)
			expect(dingtalkConfig().users.map((user) => user.userid)).toContain(dingtalk.userid);
		if (wechat) expect(wechatConfig().followers.map((one) => one.openid)).toContain(wechat.openid);
		expect(emailConfig().mailboxes).toContain(email?.address);
		expect(
			document.notification_preferences.channels.every(
				(channel) => channel in document.notification_preferences,
			),
		).toBe(true);
		expect(ITSM_PEOPLE.map((person) => person.sys_id)).toContain(document.identities.serviceNow);
		expect(() => new Intl.DateTimeFormat('en', { timeZone: document.timezone })).not.toThrow();
		const inbox = INBOX_PEOPLE.find((person) => person.addresses.includes(email!.address!));
		expect(inbox).toBeDefined();
	},
);

it('names where the High ticket arrives: the group, in their channels and languages', () => {
	const ticket = highTicket();
	// ServiceNow's matrix: impact 2 and urgency 1 make priority 2.
	expect([ticket.urgency, ticket.impact]).toEqual(['1', '2']);
	const group = PREFERENCES.filter((document) => document.groups?.includes('Platform Operations'));
	const reached = group.flatMap((document) =>
		document.notification_preferences.channels.map((channel) => {
			const part = (
				document.notification_preferences as unknown as Record<
					string,
					{ userid?: string; address?: string }
				>
			)[channel]!;
			return { channel, to: part.userid ?? part.address, language: document.language };
		}),
	);
	expect(EXPECTED_DELIVERIES).toEqual(reached);
	expect(new Set(reached.map((entry) => entry.language))).toEqual(new Set(['zh-CN', 'en']));
	expect(new Set(reached.map((entry) => entry.channel))).toEqual(
		new Set(['slack', 'email', 'wecom']),
	);
});

it('finds the deliveries that are missing or in the wrong language', () => {
	const message = ({ channel, to }: { channel: string; to: string }, text: string) =>
		({ channel, to: [to], payload: { text }, rendered: { text } }) as unknown as MessageRecord;
	const arrived = (text: (language: string) => string) =>
		EXPECTED_DELIVERIES.map((expected) => message(expected, text(expected.language)));
	const right = arrived((language) => (language === 'en' ? 'New ticket INC1' : '新工单 INC1'));
	expect(missingDeliveries(right, 'INC1')).toEqual([]);
	expect(missingDeliveries(right, 'INC2')).toHaveLength(4);
	expect(missingDeliveries(right.slice(1), 'INC1')).toEqual([EXPECTED_DELIVERIES[0]]);
	const english = arrived(() => 'New ticket INC1');
	expect(missingDeliveries(english, 'INC1').map((entry) => entry.language)).toEqual([
		'zh-CN',
		'zh-CN',
	]);
	const { short_description, description } = highTicket();
	expect(short_description + description).not.toMatch(/\p{Script=Han}/u);
});

it('has tickets of people who exist', () => {
	const known = ['', ...ITSM_PEOPLE.map((person) => person.sys_id)];
	for (const ticket of moreTickets()) {
		expect(known).toContain(ticket.caller_id);
		expect(known).toContain(ticket.assigned_to);
	}
	expect(Buffer.from(`${SECRETS.wecom.encodingAesKey}=`, 'base64')).toHaveLength(32);
});
