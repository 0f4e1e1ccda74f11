import { CHANNEL_IDS, toEvents } from '../../../core/events';
import { parseDelivery, parseEvent, parseInteraction } from '../../../core/events/validate';
import { parsePreference } from '../../../core/preferences/document';
import { effective } from '../../../core/preferences/merge';
import { parsePolicy } from '../../../core/preferences/policy';
import { simulate } from '../../../core/simulation';
import { validateTemplate } from '../../../core/templates/index';
import { filesBelow } from '../../../scripts/build/tree.mjs';
import { blocksOf, readPage } from './docs.ts';

type Json = Record<string, unknown>;

/** What an example is, by its fields; each kind says what must be true of it. */
const KINDS: ReadonlyArray<
	[kind: string, is: (json: Json) => boolean, check: (json: Json, page: Json[]) => unknown]
> = [
	['scenario', has('start', 'timeline'), isQuietly],
	// What a scenario gives is compared with it in test/unit/simulation.
	['result', has('messages', 'decisions'), () => undefined],
	['template', has('template_id'), isSoundTemplate],
	['interaction', has('interaction_id'), parseInteraction],
	['delivery', has('delivery_id', 'recipient'), isDelivery],
	['event', has('event_id', 'content'), parseEvent],
	['policy', isPolicy, parsePolicy],
	['table of times', (json) => Array.isArray(json), (time) => parsePolicy({ priority: { time } })],
	['preferences', has('user_id'), (json) => canBeReached(parsePreference(json))],
	['dead addresses', isPart('bound'), (part) => expect(usable(asDocument(part))).toEqual([])],
	['channel part', has('channels'), (part) => canBeReached(asDocument(part))],
	['body of a generic call', has('event_type', 'ticket_id'), isGenericBody],
];

/** Examples that are none of these: what another system sends, takes or is shown. Each has tests beside its subject. */
const OTHERS: ReadonlyArray<[page: RegExp, is: (json: Json) => boolean]> = [
	[/sources\.md$/, has('source')],
	[/itsm-ticket\.md$/, has('status', 'before', 'after')],
	[/wechat\.md$/, has('template_data')],
	[/wechat\.md$/, has('thing2')],
	[/dingtalk\.md$/, has('msgtype')],
];

function has(...fields: string[]) {
	return (json: Json): boolean => fields.every((field) => Object.hasOwn(json, field));
}

/** Parts of `notification_preferences` of which each, or one of its tokens, has this mark. */
function isPart(mark: string) {
	return (json: Json): boolean =>
		Object.entries(json).some(
			([id, part]) => CHANNEL_IDS.some((known) => known === id) && has(mark)(part as Json),
		);
}

function isPolicy(json: Json): boolean {
	const sections = Object.keys(parsePolicy({}));
	return Object.keys(json).length > 0 && Object.keys(json).every((key) => sections.includes(key));
}

async function isQuietly(json: Json): Promise<void> {
	const { warnings, messages } = await simulate(json);
	expect(warnings).toEqual([]);
	expect(messages).not.toEqual([]);
}

function isSoundTemplate(json: Json): void {
	expect(validateTemplate(json)).toMatchObject({ errors: [], warnings: [] });
}

/** `"…": "as above"` stands for the event that the page has shown. */
function isDelivery(json: Json, page: Json[]): void {
	const shown = page.find(has('event_id', 'content'));
	parseDelivery({ ...json, event: { ...shown, ...(json.event as Json) } });
}

function isGenericBody(body: Json): void {
	const rawBody = Buffer.from(JSON.stringify(body));
	const [event] = toEvents('generic', { body, rawBody, headers: {} });
	expect(event).toMatchObject({
		event_type: body.event_type,
		content: {
			ticket_id: body.ticket_id,
			ticket_title: body.ticket_title,
			assignee: { email: body.assignee },
			priority: body.priority,
		},
	});
}

const asDocument = (notification_preferences: Json): Json =>
	parsePreference({ user_id: 'user-001', notification_preferences });

/** Channels on which the person can be written to. */
const usable = (document: Json): string[] =>
	effective(document, parsePolicy({}))
		.channels.filter((channel) => channel.usable)
		.map(({ id }) => id);

function canBeReached(document: Json): void {
	const { channels } = document.notification_preferences as { channels: string[] };
	expect(usable(document)).toEqual(channels);
}

/** Jira's smart values stand without quotes where they bring their own. */
const parse = (json: string): Json =>
	JSON.parse(json.replaceAll(/: (\{\{[\w.]+\.asJsonString\}\})/g, ': "$1"')) as Json;

const pages = ['README.md', 'README.zh-CN.md', ...filesBelow('docs', '.md')]
	.map((page): [string, Json[]] => [page, blocksOf(readPage(page), ['json', 'jsonc']).map(parse)])
	.filter(([, examples]) => examples.length > 0);

test('there are examples of every kind', () => {
	const all = pages.flatMap(([, examples]) => examples);
	for (const [kind, is] of KINDS) expect([kind, all.some(is)]).toEqual([kind, true]);
});

const examples = pages.flatMap(([page, all]) =>
	all.map((json, i): [string, Json, Json[]] => [`${page}, example ${i + 1}`, json, all]),
);

test.each(examples)('%s is what it is said to be', async (name, json, page) => {
	const path = name.split(',')[0];
	if (OTHERS.some(([on, is]) => on.test(path) && is(json))) return;
	const [found] = KINDS.filter(([, is]) => is(json));
	expect(found).toBeDefined();
	await found[2](json, page);
});
