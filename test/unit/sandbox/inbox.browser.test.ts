import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

import { INBOX_PEOPLE, SECRETS, SLACK_IDS, slackConfig } from '../../../sandbox/data/index.ts';
import { startInbox } from '../../../sandbox/inbox/index.ts';
import type { Inbox, Press } from '../../../sandbox/inbox/index.ts';
import { createRecorder, startSlack } from '../../../sandbox/simulators/index.ts';
import type { Recorder, Simulator } from '../../../sandbox/simulators/index.ts';

const CHROMIUM = '/usr/bin/chromium';
const ARGS = [
	...[
		'--headless',
		'--no-sandbox',
		'--disable-gpu',
		'--no-first-run',
		'--disable-background-networking',
	],
	...['--disable-component-update', '--disable-sync'],
];
const withBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

withBrowser('the inbox in a browser', () => {
	let recorder: Recorder;
	let slack: Simulator;
	let inbox: Inbox;
	let browser: BrowserContext;
	let page: Page;
	const profile = mkdtempSync(join(tmpdir(), 'inbox-'));
	const pressed: Press[] = [];
	const problems: string[] = [];

	beforeAll(async () => {
		recorder = createRecorder();
		slack = await startSlack({ recorder, config: slackConfig() });
		const onPress = async (press: Press) => {
			pressed.push(press);
			return { ok: true, message: 'pressed' };
		};
		inbox = await startInbox({
			recorder,
			people: INBOX_PEOPLE,
			faults: { slack: slack.faults },
			onPress,
		});
		browser = await chromium.launchPersistentContext(profile, {
			executablePath: CHROMIUM,
			headless: true,
			args: ARGS,
		});
		page = await browser.newPage();
		page.on('pageerror', (error) => problems.push(error.message));
		page.on('dialog', (dialog) => {
			problems.push(`dialog: ${dialog.message()}`);
			void dialog.dismiss();
		});
		await page.goto(inbox.url);
	}, 60_000);
	afterAll(async () => {
		await browser?.close();
		await Promise.all([inbox.close(), slack.close()]);
		rmSync(profile, { recursive: true, force: true });
	}, 30_000);

	const api = async (method: string, body: object) => {
		const headers = {
			authorization: `Bearer ${SECRETS.slack.token}`,
			'content-type': 'application/json; charset=utf-8',
		};
		const response = await fetch(`${slack.url}/api/${method}`, {
			method: 'POST',
			headers,
			body: JSON.stringify(body),
		});
		return (await response.json()) as { channel: string; ts: string };
	};
	const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
	const ack = {
		type: 'actions',
		elements: [
			{
				type: 'button',
				text: { type: 'plain_text', text: 'Acknowledge' },
				action_id: 'acknowledge',
				value: 'token-1',
			},
		],
	};

	it('shows a message live, hands on its button, edits it in place and shows refusals', async () => {
		await page.waitForSelector('.live.on');
		expect(await page.textContent('#feed')).toContain('Waiting for the first message');

		const sent = await api('chat.postMessage', {
			channel: SLACK_IDS.john,
			text: 'n',
			blocks: [section('<b onclick=x>*INC-1* <img src=x onerror=alert(1)>'), ack],
		});
		await page.waitForSelector('.item.message');
		expect(await page.textContent('.item .to')).toContain('John Doe');
		await page.click('text=Acknowledge');
		await page.waitForSelector('.toast');
		expect(pressed).toMatchObject([
			{ action: 'acknowledge', value: 'token-1', record: { to: [SLACK_IDS.john] } },
		]);

		await api('chat.update', {
			channel: sent.channel,
			ts: sent.ts,
			text: 'n',
			blocks: [section('taken by John')],
		});
		await page.waitForSelector('text=taken by John');
		expect(await page.locator('.item').count()).toBe(1);

		await api('chat.postMessage', { channel: SLACK_IDS.emma, text: '' });
		await page.waitForSelector('.item.refusal');
		expect(await page.textContent('.item.refusal')).toContain('no_text');

		await page.click('.nav:has-text("John Doe")');
		expect(await page.locator('.item').count()).toBe(1);
		await page.click('.item .link');
		expect(await page.textContent('.raw')).toContain('"taken by John"');
		await page.click('#clear');
		await page.waitForSelector('.empty');
		expect(problems).toEqual([]);
	}, 60_000);
});
