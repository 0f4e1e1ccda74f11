import fc from 'fast-check';

import { dingtalk } from '../../../core/channels/dingtalk';
import { toNotice, toParams, toRobot, toRobotMessage } from '../../../core/channels/dingtalk/forms';
import { registerCallback } from '../../../core/channels/dingtalk/request';
import type { HttpRequest } from '../../../core/channels/types';
import { anyCard, contextFor, digest, incident, pressable } from './cards';

type Json = Record<string, unknown>;

const app = {
	mode: 'app',
	appKey: 'dingapp',
	appSecret: 'app-secret',
	agentId: '42',
	cardTemplateId: 'tpl.schema',
	baseUrl: 'https://api.ding.test/',
	oapiBaseUrl: 'https://oapi.ding.test',
};
const notice = { ...app, sendAs: 'workNotice' };
const card = { ...app, sendAs: 'card', callbackRouteKey: 'itsm', callbackSecret: 'cb-secret' };
const robot = {
	mode: 'robot',
	webhookSecretUrl: 'https://oapi.ding.test/robot/send?access_token=tok',
	signSecret: 'this is secret',
};
const seed = {
	msgtype: 'link',
	link: {
		title: '新工单分配 - 磁盘满',
		text: '工单编号：INC-1\n优先级：High\n描述：*磁盘* [满]',
		messageUrl: 'https://itsm.test/tickets/INC-1',
	},
};
const send = (payload: Json, credential: Json = app, id = 'd_1', userid = 'user-1') =>
	dingtalk.request(payload, contextFor('dingtalk', { userid }, credential, id), {
		token: 'tok',
	}) as HttpRequest;
const bodyOf = (payload: Json, credential: Json = app, id = 'd_1') =>
	send(payload, credential, id).body as Json;
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');
const codeOf = (run: () => unknown): unknown => {
	try {
		run();
	} catch (error) {
		return (error as { code?: unknown }).code;
	}
	return undefined;
};
const paramOf = (body: Json): Json => JSON.parse(String(body.msgParam)) as Json;

describe('the modes', () => {
	it('posts to a robot, signed in milliseconds', () => {
		const request = send(dingtalk.draw(incident), robot);
		const url = new URL(request.url);
		const now = contextFor('dingtalk', {}, robot).now;
		expect(url.searchParams.get('timestamp')).toBe(String(now.getTime()));
		expect(url.searchParams.get('sign')).toMatch(/^[\w+/]{43}=$/);
		expect(request.url).not.toMatch(/sign=[^&]*[+/]/);
		expect(Object.keys(request.body as Json).sort()).toEqual(['actionCard', 'msgtype']);
		expect(send(dingtalk.draw(incident), { ...robot, signSecret: '' }).url).toBe(
			robot.webhookSecretUrl,
		);
		expect(
			send(dingtalk.draw(incident), {
				mode: 'robot',
				webhookSecretUrl: 't k',
				oapiBaseUrl: 'https://p.test',
			}).url,
		).toBe('https://p.test/robot/send?access_token=t%20k');
	});

	it('writes one-to-one by default', () => {
		const request = send(dingtalk.draw(incident));
		expect(request.url).toBe('https://api.ding.test/v1.0/robot/oToMessages/batchSend');
		expect(request.headers).toMatchObject({ 'x-acs-dingtalk-access-token': 'tok' });
		expect(request.body).toMatchObject({
			robotCode: 'dingapp',
			userIds: ['user-1'],
			msgKey: 'sampleActionCard',
		});
		expect(paramOf(request.body as Json)).toMatchObject({
			singleTitle: 'Open ticket',
			singleURL: 'https://itsm.test/INC0010001?a=1&b=2',
		});
		expect(bodyOf(dingtalk.draw(digest))).toMatchObject({ msgKey: 'sampleMarkdown' });
		expect(bodyOf(dingtalk.draw(incident), { ...app, robotCode: 'other' })).toMatchObject({
			robotCode: 'other',
		});
	});

	it('gives each signed page a button', () => {
		const buttons = ['acknowledge', 'resolve', 'escalate'].map((action) => ({
			action,
			label: action,
			url: `https://n8n.test/a/${action}?t=${'x'.repeat(420)}`,
		}));
		const payload = dingtalk.draw({ ...incident, buttons });
		const body = bodyOf(payload);
		expect(body.msgKey).toBe('sampleActionCard4');
		expect(paramOf(body)).toMatchObject({
			actionTitle1: 'acknowledge',
			actionURL3: buttons[2].url,
			actionTitle4: 'Open ticket',
		});
		expect(toRobot(payload).actionCard).toMatchObject({
			btns: [{ title: 'acknowledge' }, {}, {}, { title: 'Open ticket' }],
		});
		const msg = bodyOf(payload, notice).msg as Json;
		expect(bytes(msg)).toBeLessThanOrEqual(2048);
		expect((msg.action_card as Json).btn_json_list).toHaveLength(2);
	});

	it('writes to a group of the robot', () => {
		const group = `cid${'A1+/'.repeat(6)}==`;
		const request = send(dingtalk.draw(incident), app, 'd_1', group);
		expect(request.url).toMatch(/groupMessages\/send$/);
		expect(request.body).toMatchObject({ openConversationId: group });
		expect(codeOf(() => send(dingtalk.draw(incident), notice, 'd_1', group))).toBe('no_address');
		expect(send(dingtalk.draw(incident), card, 'd_1', group).body).toMatchObject({
			openSpaceId: `dtv1.card//IM_GROUP.${group}`,
			imGroupOpenDeliverModel: { robotCode: 'dingapp' },
		});
	});

	it('sends a work notice with a line of its own', () => {
		const request = send(dingtalk.draw(incident), notice);
		expect(request.url).toBe(
			'https://oapi.ding.test/topapi/message/corpconversation/asyncsend_v2?access_token=tok',
		);
		expect(request.body).toMatchObject({ agent_id: 42, userid_list: 'user-1', to_all_user: false });
		const again = bodyOf(dingtalk.draw(incident), notice);
		expect(again).toEqual(request.body);
		const other = bodyOf(dingtalk.draw(incident), notice, 'd_2');
		expect(other.msg).not.toEqual(again.msg);
		expect(JSON.stringify(other.msg)).toMatch(/No\. [0-9a-f]{8}/);
	});

	it('creates a card by the delivery id, texts only, and updates it', () => {
		const request = send(dingtalk.draw(pressable), card);
		expect(request.url).toBe('https://api.ding.test/v1.0/card/instances/createAndDeliver');
		expect(request.body).toMatchObject({
			cardTemplateId: 'tpl.schema',
			outTrackId: 'd_1',
			callbackType: 'HTTP',
			callbackRouteKey: 'itsm',
			openSpaceId: 'dtv1.card//IM_ROBOT.user-1',
			imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode: 'dingapp' },
			cardData: {
				cardParamMap: {
					button1_text: 'Acknowledge',
					button1_value: 'signed-1',
					button1_style: 'primary',
					button2_value: 'signed-2',
					button3_text: '',
					url: 'https://itsm.test/INC0010001?a=1&b=2',
				},
			},
		});
		const context = contextFor('dingtalk', { userid: 'user-1' }, card);
		const update = dingtalk.update?.(dingtalk.draw(incident), { out_track_id: 'd_1' }, context, {
			token: 't',
		});
		expect(update).toMatchObject({
			method: 'PUT',
			url: 'https://api.ding.test/v1.0/card/instances',
			body: {
				outTrackId: 'd_1',
				cardUpdateOptions: { updateCardDataByKey: true },
				cardData: { cardParamMap: { button1_text: '', button1_value: '' } },
			},
		});
		for (const ref of [{}, { task_id: '1' }])
			expect(codeOf(() => dingtalk.update?.(dingtalk.draw(incident), ref, context, {}))).toBe(
				'not_updatable',
			);
	});

	it('says how people answer, and what a repeat is', () => {
		expect([robot, app, notice].map((one) => dingtalk.answers?.(one))).toEqual([
			'link',
			'link',
			'link',
		]);
		expect(dingtalk.answers?.(card)).toBe('callback');
		const repeats = (credential: Json) =>
			dingtalk.recognisesRepeats?.(contextFor('dingtalk', { userid: 'u' }, credential));
		expect([robot, app, notice, card].map(repeats)).toEqual([false, false, true, true]);
		expect(dingtalk.rate?.(robot).perCredential).toMatchObject({
			count: 15,
			perMs: 60_000,
			burst: 5,
		});
	});

	it('needs a recipient and a whole credential', () => {
		const payload = dingtalk.draw(incident);
		expect(codeOf(() => dingtalk.request(payload, contextFor('dingtalk', {}, app), {}))).toBe(
			'no_address',
		);
		for (const broken of [
			{ ...notice, agentId: '' },
			{ ...card, cardTemplateId: ' ' },
			{ mode: 'robot' },
			{ ...app, baseUrl: 'x' },
		])
			expect(codeOf(() => send(payload, broken))).toBe('invalid_credential');
	});

	it('registers where presses go', () => {
		expect(registerCallback(card, 'https://n8n.test/hook/dingtalk', { token: 't' })).toMatchObject({
			url: 'https://api.ding.test/v1.0/card/callbacks/register',
			body: {
				callbackRouteKey: 'itsm',
				callbackUrl: 'https://n8n.test/hook/dingtalk',
				apiSecret: 'cb-secret',
				forceUpdate: true,
			},
		});
	});
});

describe('raw', () => {
	it("takes the seed's link in every mode", () => {
		const payload = dingtalk.raw(seed);
		expect(() => dingtalk.check(payload)).not.toThrow();
		expect(bodyOf(payload, robot)).toEqual(seed);
		expect(bodyOf(payload)).toMatchObject({ msgKey: 'sampleLink' });
		expect(paramOf(bodyOf(payload))).toMatchObject({ ...seed.link, picUrl: '' });
		// A notice refuses a link without a picture.
		expect(bodyOf(payload, notice).msg).toMatchObject({
			msgtype: 'action_card',
			action_card: { title: seed.link.title, single_url: seed.link.messageUrl },
		});
		const pictured = dingtalk.raw({
			...seed,
			link: { ...seed.link, picUrl: 'https://x.test/p.png' },
		});
		expect(bodyOf(pictured, notice).msg).toMatchObject({
			msgtype: 'link',
			link: { picUrl: 'https://x.test/p.png' },
		});
		const params = (bodyOf(payload, card).cardData as Json).cardParamMap as Json;
		expect(params).toMatchObject({ title: seed.link.title, url: seed.link.messageUrl });
		expect(params.content).toContain('优先级：High');
		expect(params.content).not.toMatch(/\*磁盘\*|\[满\]/);
		expect(dingtalk.summary(payload)).toBe(seed.link.title);
	});

	it.each<[string, Json, string]>([
		['text', { msgtype: 'text', text: { content: 'x' }, at: { isAtAll: true } }, 'text'],
		['bare markdown', { markdown: { title: 'T', text: '**x**' } }, 'markdown'],
		['title and text', { title: 'T', text: 'x' }, 'text'],
		[
			'title, description, url',
			{ title: 'T', description: 'x', url: 'https://x.test' },
			'actionCard',
		],
		[
			'an action card',
			{
				actionCard: { title: 'T', text: 'x', btns: [{ title: 'a', actionURL: 'https://x.test' }] },
			},
			'actionCard',
		],
		[
			'a feed',
			{
				msgtype: 'feedCard',
				feedCard: { links: [{ title: 'T', messageURL: 'https://x.test', picURL: '' }] },
			},
			'feedCard',
		],
		[
			'a notice',
			{
				msgtype: 'action_card',
				action_card: { title: 'T', markdown: 'x', single_title: 'a', single_url: 'https://x.test' },
			},
			'actionCard',
		],
		[
			'an oa notice',
			{
				msgtype: 'oa',
				oa: {
					message_url: 'https://x.test',
					head: { text: 'H' },
					body: { title: 'T', form: [{ key: 'a', value: 'b' }] },
				},
			},
			'oa',
		],
		[
			'a robot message',
			{ msgKey: 'sampleMarkdown', msgParam: '{"title":"T","text":"x"}' },
			'markdown',
		],
		[
			'a robot card',
			{
				msgKey: 'sampleActionCard2',
				msgParam: { title: 'T', text: 'x', actionTitle1: 'a', actionURL1: 'https://x.test' },
			},
			'actionCard',
		],
	])('takes %s', (_name, document, type) => {
		const payload = dingtalk.raw(document);
		expect(payload.msgtype).toBe(type);
		expect(() => dingtalk.check(payload)).not.toThrow();
		expect(bodyOf(payload, robot).msgtype).not.toBe('oa');
		expect(bodyOf(payload).msgKey).toMatch(/^sample/);
		expect(bytes(bodyOf(payload, notice).msg)).toBeLessThanOrEqual(2048);
		expect(dingtalk.summary(payload)).toMatch(/^[xT]$/);
	});

	it('keeps every notice within its bytes', () => {
		for (const [type, part] of [
			['text', { content: '级"\n'.repeat(3000) }],
			['markdown', { title: 'T', text: '**级**\n'.repeat(2000) }],
			[
				'link',
				{
					title: 'T',
					text: '级\n'.repeat(2000),
					messageUrl: 'https://x.test',
					picUrl: 'https://x.test/p',
				},
			],
		] as const) {
			const payload = dingtalk.raw({ msgtype: type, [type]: part });
			expect(bytes(bodyOf(payload, notice).msg)).toBeLessThanOrEqual(2048);
		}
	});

	it('refuses what would show nothing, and what it does not know', () => {
		for (const document of [
			{},
			{ text: ' ' },
			{ msgtype: 'link', link: {} },
			{ feedCard: { links: [] } },
			{ markdown: { title: '' } },
		])
			expect(codeOf(() => dingtalk.raw(document))).toBe('empty_message');
		expect(codeOf(() => dingtalk.raw({ msgKey: 'sampleAudio', msgParam: '{}' }))).toBe(
			'invalid_payload',
		);
		expect(codeOf(() => dingtalk.raw({ msgKey: 'sampleText', msgParam: '{' }))).toBe(
			'invalid_payload',
		);
		expect(codeOf(() => dingtalk.check(dingtalk.raw({ msgtype: 'image', image: {} })))).toBe(
			'invalid_payload',
		);
		expect(
			codeOf(() =>
				dingtalk.check(
					dingtalk.raw({ link: { title: 'T', text: 'x', messageUrl: 'javascript:1' } }),
				),
			),
		).toBe('invalid_payload');
	});
});

it('escapes what is markup', () => {
	expect(dingtalk.escape('# a\n<font> *b* [c](d) `e` &lt; 5 * 3 db_main')).not.toMatch(
		/^#|[<>[\]`]|\*b|&lt;/m,
	);
	expect(dingtalk.escape('5 * 3 db_main R&D')).toBe('5 * 3 db_main R&D');
	expect(dingtalk.escape('Title\n---')).not.toMatch(/^---/m);
});

it('tells the true number where not all entries fit a notice', () => {
	const entries = Array.from({ length: 60 }, (_, i) => ({ title: `INC${i} ${'x'.repeat(60)}` }));
	const msg = toNotice(dingtalk.draw({ ...digest, entries, more: undefined }));
	const text = String((msg.markdown as Json).text);
	const shown = entries.filter(({ title }) => text.includes(title)).length;
	expect(shown).toBeGreaterThan(3);
	expect(text).toContain(`+${60 - shown} more`);
});

it('is within every limit, whatever the card, with no markup from outside', () => {
	fc.assert(
		fc.property(anyCard, (any) => {
			const payload = dingtalk.draw(any);
			dingtalk.check(payload);
			expect(bytes(bodyOf(payload, robot))).toBeLessThanOrEqual(20_000);
			expect(bytes(bodyOf(payload, notice).msg)).toBeLessThanOrEqual(2048);
			expect(Object.values(toParams(payload)).every((value) => typeof value === 'string')).toBe(
				true,
			);
			expect(JSON.parse(toRobotMessage(payload).msgParam)).toBeTruthy();
			const text = String(((payload.markdown ?? payload.actionCard) as Json).text);
			const rest = text
				.replace(/<\/?font(?: color="#[0-9A-F]{6}")?>/g, '')
				.replace(/\[[^\]\n]*\]\(https?:[^)\s]*\)/g, '');
			expect(rest).not.toMatch(/[<>`]|\]\(|&#?\w{1,31};/);
		}),
		{ numRuns: 150 },
	);
});
