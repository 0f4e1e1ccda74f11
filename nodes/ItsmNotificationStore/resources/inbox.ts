import type { IDataObject } from 'n8n-workflow';

import { inboxPage } from '../../../core/channels';
import { readInbox } from '../../../core/engine';
import { ItsmNotifyError } from '../../../core/errors';
import { readFlag, readNumber, readText, readTexts } from '../../shared/parameters';
import { paging, readPages, textOf, type OperationContext, type Resource } from './types';

const show = (...operations: string[]): { show: { resource: string[]; operation: string[] } } => ({
	show: { resource: ['inbox'], operation: operations },
});

function userOf(run: OperationContext, index: number): string {
	const id = textOf(run, index, 'userId', 'User ID');
	if (id !== '') return id;
	throw new ItsmNotifyError('no_address', 'No user ID is given: whose inbox?', {
		field: 'userId',
		fix: 'Look at what "User ID" gives for this item.',
	});
}

export const inbox: Resource = {
	properties: [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['inbox'] } },
			options: [
				{
					name: 'Count Unread',
					value: 'countUnread',
					description: 'Count what people have not read, for a badge',
					action: 'Count unread inbox messages',
				},
				{
					name: 'Get Many',
					value: 'getAll',
					description: 'Get many messages of a person, unread ones first',
					action: 'Get many inbox messages',
				},
				{
					name: 'Get Page',
					value: 'getPage',
					description: 'Get the inbox of a person as an HTML page for a portal',
					action: 'Get an inbox page',
				},
				{
					name: 'Mark Read',
					value: 'markRead',
					description: 'Mark messages of a person as read',
					action: 'Mark inbox messages as read',
				},
			],
			default: 'getAll',
		},
		{
			displayName: 'User ID',
			name: 'userId',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. user-001',
			description: 'Whose inbox; for Count Unread several, separated by commas',
			displayOptions: show('countUnread', 'getAll', 'getPage', 'markRead'),
		},
		{
			displayName: 'Delivery IDs',
			name: 'deliveryIds',
			type: 'string',
			default: '',
			placeholder: 'e.g. d_1f0c…, d_77ab…',
			description: 'Separated by commas. Leave empty to mark all.',
			displayOptions: show('markRead'),
		},
		{
			displayName: 'Unread Only',
			name: 'unreadOnly',
			type: 'boolean',
			default: false,
			description: 'Whether to leave out what was read',
			displayOptions: show('getAll', 'getPage'),
		},
		...paging('inbox'),
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			displayOptions: show('getPage'),
			options: [
				{
					displayName: 'Language',
					name: 'language',
					type: 'string',
					default: '',
					placeholder: 'e.g. zh-CN',
					description:
						'Of the page itself, English or Chinese. Leave empty for that of the person.',
				},
				{
					displayName: 'Mark Read',
					name: 'markRead',
					type: 'boolean',
					default: true,
					description: 'Whether what the page shows counts as read from now on',
				},
				{
					displayName: 'Messages',
					name: 'messages',
					type: 'number',
					typeOptions: { minValue: 1, maxValue: 200 },
					default: 50,
					description: 'How many the page shows at most',
				},
				{
					displayName: 'Time Zone',
					name: 'timezone',
					type: 'string',
					default: '',
					placeholder: 'e.g. Asia/Shanghai',
					description: 'Leave empty for that of the person',
				},
				{ displayName: 'Title', name: 'title', type: 'string', default: '' },
			],
		},
	],
	operations: {
		async getAll(run, index) {
			const user_id = userOf(run, index);
			const unread_only = readFlag(run.context.getNodeParameter('unreadOnly', index, false));
			return readPages(run, index, (page) =>
				run.store.inbox.list({ user_id, unread_only, ...page }),
			);
		},
		async countUnread({ context, store }, index) {
			const ids = readTexts(context.getNodeParameter('userId', index), 'User ID');
			const counts = await store.inbox.unread(ids);
			return ids.map((user_id) => ({ user_id, unread: counts.get(user_id) ?? 0 }));
		},
		async markRead(run, index) {
			const user_id = userOf(run, index);
			const given = run.context.getNodeParameter('deliveryIds', index, '');
			const ids = readTexts(given, 'Delivery IDs');
			// A list that came out empty, or an expression that finds nothing, means nothing and not everything.
			const wanted = ids.length === 0 && typeof given === 'string' ? ('all' as const) : ids;
			return [{ user_id, read: await readInbox(run.store, user_id, wanted, run.now.getTime()) }];
		},
		getPage: page,
	},
};

async function page(run: OperationContext, index: number): Promise<object[]> {
	const { context, store, now } = run;
	const user_id = userOf(run, index);
	const options = context.getNodeParameter('options', index, {}) as IDataObject;
	const messages = readNumber(options.messages, 'Messages', { fallback: 50, min: 1, max: 200 });
	const items = await store.inbox.list({
		user_id,
		unread_only: readFlag(context.getNodeParameter('unreadOnly', index, false)),
		limit: Math.floor(messages),
	});
	const unread = (await store.inbox.unread([user_id])).get(user_id) ?? 0;
	const [person] = await store.preferences.get([user_id]);
	const of = (name: string): string | undefined => {
		const value = person?.document[name];
		return typeof value === 'string' ? value : undefined;
	};
	const html = inboxPage(items, {
		unread,
		language: readText(options.language, 'Language') || of('language'),
		timezone: readText(options.timezone, 'Time Zone') || of('timezone') || context.getTimezone(),
		title: readText(options.title, 'Title'),
	});
	if (options.markRead === undefined || readFlag(options.markRead)) {
		const ids = items.filter((item) => item.read_at === null).map((item) => item.delivery_id);
		await readInbox(store, user_id, ids, now.getTime());
	}
	return [{ user_id, unread, shown: items.length, html }];
}
