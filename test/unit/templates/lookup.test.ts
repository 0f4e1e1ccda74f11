import { renderDelivery } from '../../../core/templates/index';
import { delivery, options } from './helpers';

/** A stored template whose text is its own name. */
const stored = (template_id: string, language?: string, channel = 'slack') => ({
	template_id,
	channels: [channel],
	templates: { [channel]: { text: `${template_id}/${language ?? 'any'}` } },
	...(language ? { language } : {}),
});

interface Wish {
	purpose?: string;
	type?: string;
	templateId?: string;
	defaultLanguage?: string;
}

function lookUp(reader: string | null, overrides: unknown[], wish: Wish = {}): string {
	const { purpose = 'first', type = 'ticket_assigned', ...rest } = wish;
	const result = renderDelivery(
		delivery({ recipient: { language: reader }, channel: 'slack', purpose }, { event_type: type }),
		options({ overrides, ...rest }),
	);
	if (!result.ok) return result.code;
	return result.card
		? `shipped ${result.template_id}/${result.language}`
		: String(result.message.text);
}

const T = 'ticket_assigned';

describe('template lookup', () => {
	it.each<[string, string | null, unknown[], Wish, string]>([
		['shipped, exact language', 'zh-CN', [], {}, `shipped ${T}/zh-CN`],
		['shipped, another case and form', 'ZH_cn', [], {}, `shipped ${T}/zh-CN`],
		['shipped, base language: zh-TW reads zh-CN', 'zh-TW', [], {}, `shipped ${T}/zh-CN`],
		['shipped, base language: en-GB reads en', 'en-GB', [], {}, `shipped ${T}/en`],
		[
			'policy default for a language that nobody wrote',
			'fr',
			[],
			{ defaultLanguage: 'en' },
			`shipped ${T}/en`,
		],
		['policy default zh', 'fr', [], { defaultLanguage: 'zh' }, `shipped ${T}/zh-CN`],
		['any, English first, where there is no default', 'fr', [], {}, `shipped ${T}/en`],
		['no language at all: the default', null, [], { defaultLanguage: 'en' }, `shipped ${T}/en`],
		['stored beats shipped, exact', 'zh-CN', [stored(T, 'zh-CN')], {}, `${T}/zh-CN`],
		[
			'stored exact beats stored base',
			'zh-TW',
			[stored(T, 'zh'), stored(T, 'zh-TW')],
			{},
			`${T}/zh-TW`,
		],
		['stored base beats shipped sibling', 'zh-TW', [stored(T, 'zh')], {}, `${T}/zh`],
		['stored sibling beats shipped sibling', 'zh-TW', [stored(T, 'zh-HK')], {}, `${T}/zh-HK`],
		[
			'shipped exact beats stored base: an earlier step',
			'zh-CN',
			[stored(T, 'zh')],
			{},
			`shipped ${T}/zh-CN`,
		],
		[
			"shipped in the reader's language beats stored in another",
			'en',
			[stored(T, 'zh-CN')],
			{},
			`shipped ${T}/en`,
		],
		[
			'stored default beats shipped default',
			'fr',
			[stored(T, 'en')],
			{ defaultLanguage: 'en' },
			`${T}/en`,
		],
		[
			"stored in the reader's own language",
			'fr',
			[stored(T, 'fr')],
			{ defaultLanguage: 'en' },
			`${T}/fr`,
		],
		['stored without a language serves everybody', 'en', [stored(T)], {}, `${T}/any`],
		[
			"but a stored one in the reader's language comes first",
			'en',
			[stored(T), stored(T, 'en')],
			{},
			`${T}/en`,
		],
		[
			'and one in another language does not',
			'en',
			[stored(T, 'fr'), stored(T)],
			{ defaultLanguage: 'fr' },
			`${T}/any`,
		],
		[
			'stored for another channel does not serve',
			'en',
			[stored(T, 'en', 'sms')],
			{},
			`shipped ${T}/en`,
		],
		["the node's choice", 'en', [stored('mine', 'en')], { templateId: 'mine' }, 'mine/en'],
		[
			"the node's choice in any language",
			'en',
			[stored('mine', 'fr')],
			{ templateId: 'mine' },
			'mine/fr',
		],
		[
			"the node's choice of a shipped one",
			'en',
			[],
			{ templateId: 'ticket_created' },
			'shipped ticket_created/en',
		],
		["the node's choice that does not exist", 'en', [], { templateId: 'mine' }, 'template_missing'],
		[
			"the node's choice without this channel",
			'en',
			[stored('mine', 'en', 'sms')],
			{ templateId: 'mine' },
			'template_missing',
		],
		[
			'an unknown kind of event is an update',
			'en',
			[],
			{ type: 'ticket_danced' },
			'shipped ticket_updated/en',
		],
		[
			'an unknown kind with a stored template',
			'en',
			[stored('ticket_danced')],
			{ type: 'ticket_danced' },
			'ticket_danced/any',
		],
		['escalation', 'en', [], { purpose: 'escalation:2' }, 'shipped escalation/en'],
		[
			'stored escalation',
			'en',
			[stored('escalation')],
			{ purpose: 'escalation:2' },
			'escalation/any',
		],
		[
			"the node's choice for an escalation",
			'en',
			[stored('mine')],
			{ purpose: 'escalation:2', templateId: 'mine' },
			'mine/any',
		],
		['reminder', 'zh-CN', [], { purpose: 'reminder:1' }, 'shipped reminder/zh-CN'],
		["repeat and update are the event's own", 'en', [], { purpose: 'repeat:1' }, `shipped ${T}/en`],
	])('%s', (_name, reader, overrides, wish, expected) => {
		expect(lookUp(reader, overrides, wish)).toBe(expected);
	});

	it('an event template that stands in for an escalation says that it is one', () => {
		const card = { title: '{{ticket.id}}', text: 'Hello.' };
		const mine = { template_id: 'mine', language: 'en', channels: ['slack'], templates: { card } };
		const render = (purpose: string) =>
			renderDelivery(
				delivery({ recipient: { language: 'en' }, channel: 'slack', purpose }),
				options({ overrides: [mine], templateId: 'mine' }),
			);
		expect(render('escalation:1')).toMatchObject({
			card: { text: 'Not acknowledged yet, so it now comes to you. Hello.' },
		});
		expect(render('reminder:1')).toMatchObject({
			card: { text: 'Reminder: acknowledged, no progress since. Hello.' },
		});
		expect(render('first')).toMatchObject({ card: { text: 'Hello.' } });
	});

	it('a message speaks one language: labels follow the template', () => {
		const mine = {
			...stored(T),
			language: 'en',
			templates: { slack: { text: '{{ticket.priority_label}} {{event.type_label}}' } },
		};
		const zh = { ...mine, language: 'zh-CN' };
		expect(lookUp('fr', [mine])).toBe('High Assigned');
		expect(lookUp('fr', [zh])).toBe('高 工单分配');
		expect(lookUp('zh-TW', [{ ...mine, language: undefined }])).toBe('高 工单分配');
		expect(lookUp('fr', [{ ...mine, language: undefined }])).toBe('High Assigned');
	});

	it('a broken stored document is not hidden by the shipped one', () => {
		const broken = { template_id: T, channels: ['slack'], templates: { card: { titel: 'x' } } };
		const result = renderDelivery(delivery({ channel: 'slack' }), options({ overrides: [broken] }));
		expect(result).toMatchObject({
			ok: false,
			code: 'template_failed',
			path: 'templates.card.title',
		});
		const good = renderDelivery(
			delivery({ channel: 'slack' }),
			options({ overrides: [broken, stored(T)] }),
		);
		expect(good).toMatchObject({ ok: true, message: { text: `${T}/any` } });
	});

	it.each([null, 5, 'x', [], {}, { template_id: 'other' }])(
		'passes over what is no document of this id: %j',
		(junk) => {
			expect(lookUp('en', [junk])).toBe(`shipped ${T}/en`);
		},
	);
});
