// Pictures of the documentation, from a real n8n in a headless Chromium: node sandbox/pictures.ts [folder]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { highTicket, LI_NA, moreTickets } from './data/index.ts';
import { startSandbox } from './demo/sandbox.ts';
import type { Sandbox } from './demo/sandbox.ts';
import { OWNER } from './lib/n8n-api.ts';
import { ROOT } from './lib/package.ts';
import type { MessageRecord } from './simulators/index.ts';

const SIZE = { width: 1600, height: 1000 };
const ZOOM = 0.8;
const PATIENCE = 90_000;
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGS = [
	'--headless',
	'--no-sandbox',
	'--disable-gpu',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];
const ROUTING = 'itsmnotify01rout';
const INTERACTION = 'itsmnotify04intr';
const STORE = 'itsmnotifysandbx';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function logIn(page: Page, sandbox: Sandbox): Promise<void> {
	await page.goto(`${sandbox.n8n.url}/signin`);
	await page.locator('input[type=email], input[name=emailOrLdapLoginId]').first().fill(OWNER.email);
	await page.locator('input[type=password]').fill(OWNER.password);
	await page.locator('button[data-test-id=form-submit-button]').click();
	await page.waitForURL((url) => !url.pathname.includes('signin'));
}

async function open(page: Page, sandbox: Sandbox, workflow: string): Promise<void> {
	await page.goto(`${sandbox.n8n.url}/workflow/${workflow}`);
	await page.locator('[data-test-id=canvas-node]').first().waitFor({ timeout: 60_000 });
}

async function canvas(page: Page, sandbox: Sandbox, workflow: string, file: string): Promise<void> {
	await open(page, sandbox, workflow);
	await page.waitForLoadState('networkidle').catch(() => undefined);
	// n8n's advice for new users hides a part of the canvas.
	const close = page.locator('[data-test-id=suggested-actions-close]');
	await close.waitFor({ timeout: 5000 }).then(
		() => close.click(),
		() => undefined,
	);
	await page.mouse.click(SIZE.width / 4, SIZE.height - 120);
	await page.keyboard.press('1');
	// Nothing hovered.
	await page.mouse.move(SIZE.width - 20, SIZE.height / 2);
	await page.waitForTimeout(1500);
	await page.screenshot({ path: file });
}

/** Opens a node's panel by its name on the canvas. */
async function panel(page: Page, name: string, file: string): Promise<void> {
	await page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`).dblclick();
	await page.locator('[data-test-id=ndv], .ndv-wrapper').first().waitFor();
	await page.waitForTimeout(1200);
	await page.screenshot({ path: file });
	await page.keyboard.press('Escape');
	await page.waitForTimeout(500);
}

/** A little smaller than life: several messages fit. */
async function inbox(
	browser: Browser,
	sandbox: Sandbox,
	file: string,
	search?: string,
): Promise<void> {
	const viewport = { width: SIZE.width / ZOOM, height: SIZE.height / ZOOM };
	const page = await browser.newPage({ viewport, deviceScaleFactor: ZOOM, locale: 'en-US' });
	await page.goto(sandbox.inbox.url);
	await page.waitForTimeout(1500);
	if (search) await page.locator('#search').fill(search);
	await page.waitForTimeout(500);
	await page.screenshot({ path: file });
}

/** The message about a ticket in a channel, with its buttons. */
function messageOf({ recorder }: Sandbox, channel: string, number: string): MessageRecord {
	const found = recorder
		.messages()
		.find((m) => m.channel === channel && JSON.stringify(m.payload).includes(number));
	if (!found) throw new Error(`no message of ${channel} about ${number}`);
	return found;
}

/** The page behind the button of a mail. */
async function signedPage(
	browser: Browser,
	sandbox: Sandbox,
	number: string,
	file: string,
): Promise<void> {
	const { buttons = [] } = messageOf(sandbox, 'email', number).rendered;
	const url = buttons.find(({ label }) => label === 'Add comment')?.url;
	if (!url) throw new Error('the mail has no signed button');
	const viewport = { width: 800, height: 640 };
	const page = await browser.newPage({ viewport, locale: 'en-US' });
	await page.goto(url);
	await page.locator('textarea').fill('The new client is out: please update and try again.');
	await page.screenshot({ path: file });
}

/** John presses in Slack: the ticket changes, his messages change, he is answered. */
async function press(sandbox: Sandbox, number: string): Promise<void> {
	const { recorder, simulators } = sandbox;
	const known = recorder.messages().length;
	await simulators.slack.press(messageOf(sandbox, 'slack', number).ref, 'acknowledge');
	const isNew = (kind: string): boolean =>
		recorder
			.messages()
			.slice(known)
			.some((m) => m.kind === kind);
	for (let left = PATIENCE; !(isNew('update') && isNew('ephemeral')); left -= 500) {
		if (left <= 0) throw new Error('the press had no effect');
		await new Promise((done) => setTimeout(done, 500));
	}
}

/** The demo's tickets; the newest message is a Chinese card, the ones below it are English. Gives one of John's. */
async function fill({ itsm, recorder }: Sandbox): Promise<string> {
	const arrived = async (number: string, count: number): Promise<unknown> =>
		await recorder.waitForCount(count, (m) => JSON.stringify(m.payload).includes(number), PATIENCE);
	const [network, vpn, access] = moreTickets();
	let last = '';
	for (const [input, count] of [
		[highTicket(), 4],
		[network, 2],
		[vpn, 2],
	] as const) {
		last = (await itsm.create(input)).ticket.number;
		await arrived(last, count);
	}
	const { ticket } = await itsm.create({ ...access, assigned_to: '' });
	await itsm.update(ticket.sys_id, { assigned_to: LI_NA.sys_id });
	await arrived(ticket.number, 1);
	return last;
}

const out = resolve(process.argv[2] ?? join(ROOT, 'docs', 'images'));
const panels = process.argv.includes('--panels');
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'itsm-notify-pictures-'));
const sandbox = await startSandbox({ folder, say });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
try {
	const number = await fill(sandbox);
	const page = await browser.newPage({ viewport: SIZE, locale: 'en-US' });
	await logIn(page, sandbox);
	const wrote = (name: string): string => {
		say(`writing ${name}`);
		return join(out, name);
	};
	await canvas(page, sandbox, ROUTING, wrote('canvas.png'));
	await canvas(page, sandbox, INTERACTION, wrote('interaction.png'));
	if (panels) {
		for (const name of ['ITSM Trigger', 'Who and Where', 'Now or Later', 'Slack', 'Render'])
			await panel(page, name, join(out, `panel-${name.replaceAll(' ', '-')}.png`));
		await open(page, sandbox, STORE);
		for (const name of ['Import Preferences', 'Get Deliveries'])
			await panel(page, name, join(out, `panel-${name.replaceAll(' ', '-')}.png`));
	}
	await inbox(browser, sandbox, wrote('inbox.png'));
	await signedPage(browser, sandbox, number, wrote('signed-page.png'));
	await press(sandbox, number);
	await inbox(browser, sandbox, wrote('answered.png'), number);
} finally {
	await browser.close();
	await sandbox.stop();
	rmSync(folder, { recursive: true, force: true });
}
