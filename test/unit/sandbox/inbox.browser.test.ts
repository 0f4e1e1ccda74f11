import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

import { INBOX_PEOPLE, SECRETS, SLACK_IDS, slackConfig } from '../../../sandbox/data/index.ts';
import { startInbox } from '../../../sandbox/inbox/index.ts';
import type { Inbox } from '../../../sandbox/inbox/index.ts';
import { createRecorder, startSlack } from '../../../sandbox/simulators/index.ts';
import type { Recorder, SlackSimulator } from '../../../sandbox/simulators/index.ts';

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
	let slack: SlackSimulator;
	let n8n: Server;
	let inbox: Inbox;
	let browser: BrowserContext;
	let page: Page;
	const profile = mkdtempSync(join(tmpdir(), 'inbox-'));
	/** Callbacks as they arrive. */
	const pressed: URLSearchParams[] = [];
	const said: string[] = [];
	const problems: string[] = [];

	beforeAll(async () => {
		recorder = createRecorder();
		slack = await startSlack({ recorder, config: slackConfig() });
		n8n = createServer((request, response) => {
			let body = '';
			request.setEncoding('utf8').on('data', (part: string) => (body += part));
			request.on('end', () => {
				if (body.startsWith('{'))
					said.push((JSON.parse(body) as { event: { text: string } }).event.text);
				else pressed.push(new URLSearchParams(body));
				response.end();
			});
		});
		await new Promise<void>((resolve) => n8n.listen(0, '127.0.0.1', resolve));
		slack.setCallbackUrl(`http://127.0.0.1:${(n8n.address() as AddressInfo).port}/slack`);
		inbox = await startInbox({
			recorder,
			people: INBOX_PEOPLE,
			faults: { slack: slack.faults },
			actors: { slack },
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
		n8n.close();
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
			{
				type: 'button',
				text: { type: 'plain_text', text: 'Open' },
				action_id: 'open',
				url: 'https://itsm.test/1',
			},
		],
	};
	const comment = {
		type: 'input',
		block_id: 'input:acknowledge',
		label: { type: 'plain_text', text: 'Your comment' },
		element: { type: 'plain_text_input', action_id: 'comment' },
	};

	it('shows a message live, hands on its button, edits it in place and shows refusals', async () => {
		await page.waitForSelector('.live.on');
		expect(await page.textContent('#feed')).toContain('Waiting for the first message');

		const sent = await api('chat.postMessage', {
			channel: SLACK_IDS.john,
			text: 'n',
			blocks: [section('<b onclick=x>*INC-1* <img src=x onerror=alert(1)>'), comment, ack],
		});
		await page.waitForSelector('.item.message');
		expect(await page.textContent('.item .to')).toContain('John Doe');
		expect(await page.locator('.drawn a').getAttribute('target')).toBe('_blank');
		await page.fill('.press-text', 'on it');
		await page.click('text=Acknowledge');
		await page.waitForSelector('.toast:has-text("Sent to n8n")');
		expect(JSON.parse(pressed[0].get('payload')!)).toMatchObject({
			type: 'block_actions',
			user: { id: SLACK_IDS.john },
			state: { values: { 'input:acknowledge': { comment: { value: 'on it' } } } },
			actions: [{ action_id: 'acknowledge', value: 'token-1' }],
		});
		await page.fill('.say input', 'ack 42');
		await page.keyboard.press('Enter');
		// Asked from here: the page's policy lets nobody evaluate a text in it.
		while ((await page.inputValue('.say input')) !== '') await page.waitForTimeout(20);
		expect(said).toEqual(['ack 42']);

		await api('chat.update', {
			channel: sent.channel,
			ts: sent.ts,
			text: 'n',
			blocks: [section('taken by John')],
		});
		await page.waitForSelector('text=taken by John');
		expect(await page.textContent('.tag')).toBe('edited');
		expect(await page.locator('.item.message').count()).toBe(1);
		// What was done stands there too, with what n8n answered.
		expect(await page.locator('.item.answer .said').allTextContents()).toEqual([
			'ack 42',
			'Acknowledge',
		]);
		expect(await page.locator('.item.answer .tag').allTextContents()).toEqual([
			'n8n: 200',
			'n8n: 200',
		]);

		await api('chat.postMessage', { channel: SLACK_IDS.emma, text: '' });
		await page.waitForSelector('.item.refusal');
		expect(await page.textContent('.item.refusal')).toContain('no_text');

		await page.click('.nav:has-text("John Doe")');
		expect(await page.locator('.item').count()).toBe(3);
		await page.click('.item.message .link');
		expect(await page.textContent('.raw')).toContain('"taken by John"');
		await page.click('#clear');
		await page.waitForSelector('.empty');
		expect(problems).toEqual([]);
	}, 60_000);

	it('lets somebody answer what a room got, and write on their own, three times', async () => {
		pressed.length = said.length = 0;
		await page.click('.nav:has-text("Everything")');
		await api('chat.postMessage', {
			channel: 'C0ITSMOPS1',
			text: 'n',
			blocks: [section('x'), ack],
		});
		await page.waitForSelector('.item.message');
		await page.selectOption('.say select', SLACK_IDS.emma);
		await page.click('text=Acknowledge');
		await page.waitForSelector('.item.answer');
		expect(JSON.parse(pressed[0].get('payload')!)).toMatchObject({ user: { id: SLACK_IDS.emma } });

		const wei = JSON.stringify({ channel: 'slack', user: SLACK_IDS.wei });
		await page.selectOption('.write select', wei);
		await page.selectOption('.faults select', 'repeat');
		await page.fill('.write .field', 'resolve 7');
		await page.click('.write button');
		await page.waitForSelector('.item.answer:has-text("resolve 7")');
		expect(said).toEqual(['resolve 7', 'resolve 7', 'resolve 7']);
		expect(await page.locator('.item.answer').first().locator('.tag').allTextContents()).toEqual([
			'sent 3 times',
			'n8n: 200, 200, 200',
		]);
		expect(problems).toEqual([]);
	}, 60_000);
});
