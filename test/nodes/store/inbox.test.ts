import { delivery, event } from '../kit/data.ts';
import { runNode } from '../kit/run.ts';
import { freshStore, ledger, storeNode } from '../kit/store.ts';

it('a delivery is kept without any credential but the store, shown, and read', async () => {
	const credentials = freshStore();
	const message = { title: 'Mail is down', text: 'Nobody <b>can</b> send', severity: 'high' };
	const item = delivery({ channel: 'in_app', address: {}, message }, event());
	const sent = await runNode('itsmInAppSender', { credentials, items: [item] });
	expect(sent.error()).toBeUndefined();
	const [one] = sent.json('Node', 0);
	expect(one).toMatchObject({ status: { status: 'delivered' } });
	const userId = String((one.recipient as { user_id: string }).user_id);

	const inbox = (operation: string, more = {}) =>
		storeNode(credentials, 'inbox', operation, { userId, ...more });
	expect(await inbox('countUnread', { userId: `${userId}, nobody` })).toEqual([
		{ user_id: userId, unread: 1 },
		{ user_id: 'nobody', unread: 0 },
	]);
	expect(await inbox('getAll')).toMatchObject([{ title: 'Mail is down', read_at: null }]);
	const [page] = await inbox('getPage', { options: { markRead: false, language: 'zh-CN' } });
	expect(page).toMatchObject({ unread: 1, shown: 1 });
	expect(page.html).toContain('Nobody &lt;b&gt;can&lt;/b&gt; send');
	expect(await inbox('markRead')).toEqual([{ user_id: userId, read: 1 }]);
	expect(await inbox('markRead')).toEqual([{ user_id: userId, read: 0 }]);
	expect(await ledger(credentials)).toMatchObject([
		{ status: 'delivered', provider_ref: { read_at: expect.any(String) } },
	]);
});
