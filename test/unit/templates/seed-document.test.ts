import { parseTemplate, renderDelivery, validateTemplate } from '../../../core/templates/index';
import { delivery, options, seedTemplate } from './helpers';

const message = (channel: string) => {
	const result = renderDelivery(delivery({ channel }), options({ overrides: [seedTemplate] }));
	if (!result.ok) throw new Error(result.message);
	return result.message;
};

describe("the seed's template document", () => {
	it('is valid without warnings and kept to the letter', () => {
		expect(validateTemplate(seedTemplate)).toEqual({
			template: seedTemplate,
			errors: [],
			warnings: [],
		});
		expect(parseTemplate(seedTemplate)).toEqual(seedTemplate);
	});

	it('renders e-mail', () => {
		expect(message('email')).toEqual({
			subject: '[ITSM] 新工单分配 - Web服务器CPU使用率过高',
			body: '您好 john.doe，\n\n您有一个新的工单需要处理：\n标题：Web服务器CPU使用率过高\n编号：INC-001234\n优先级：High\n描述：监控系统检测到web-server-01 CPU使用率超过90%\n\n请登录ITSM平台查看详情并及时处理。\n\nhttps://itsm.company.com/tickets/INC-001234',
		});
	});

	it('renders WeChat, template_data leaf by leaf', () => {
		expect(message('wechat')).toEqual({
			title: '新工单分配',
			description: 'john.doe，您有一个新的工单需要处理',
			url: 'https://itsm.company.com/tickets/INC-001234',
			template_data: {
				first: '您有一个新的工单需要处理',
				keyword1: 'INC-001234',
				keyword2: 'Web服务器CPU使用率过高',
				keyword3: 'High',
				remark: '请及时处理',
			},
		});
	});

	it('renders DingTalk, the link leaf by leaf, as plain text', () => {
		expect(message('dingtalk')).toEqual({
			msgtype: 'link',
			link: {
				title: '新工单分配 - Web服务器CPU使用率过高',
				text: '工单编号：INC-001234\n优先级：High\n描述：监控系统检测到web-server-01 CPU使用率超过90%',
				messageUrl: 'https://itsm.company.com/tickets/INC-001234',
			},
		});
	});

	it('serves a channel that it does not list from the shipped template', () => {
		const result = renderDelivery(
			delivery({ channel: 'slack' }),
			options({ overrides: [seedTemplate] }),
		);
		expect(result).toMatchObject({
			ok: true,
			card: { title: '工单已分配给您：INC-001234 Web服务器CPU使用率过高' },
		});
	});

	it('still goes out for a ticket without description', () => {
		const bare = delivery({ channel: 'dingtalk' }, {}, { description: undefined });
		const result = renderDelivery(bare, options({ overrides: [seedTemplate] }));
		expect(result).toMatchObject({
			ok: true,
			message: { link: { text: expect.stringContaining('描述：–') } },
		});
	});

	it('names the address that it lacks where neither the system nor the ticket has one', () => {
		const result = renderDelivery(delivery(), options({ overrides: [seedTemplate], system: {} }));
		expect(result).toMatchObject({
			ok: false,
			code: 'variable_missing',
			path: 'templates.email.body',
		});
		expect(result).toHaveProperty('message', expect.stringContaining('system.url'));
	});
});
