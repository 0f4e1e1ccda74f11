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

async function canvas(page: Page, sandbox: Sandbox, file: string): Promise<void> {
	await open(page, sandbox, ROUTING);
	await page.waitForLoadState('networkidle').catch(() => undefined);
	// n8n's advice for new users hides a part of the canvas.
	const close = page.locator('[data-test-id=suggested-actions-close]');
	if (await close.isVisible()) await close.click();
	await page.mouse.click(SIZE.width / 4, SIZE.height - 120);
	await page.keyboard.press('1');
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
async function inbox(browser: Browser, sandbox: Sandbox, file: string): Promise<void> {
	const viewport = { width: SIZE.width / ZOOM, height: SIZE.height / ZOOM };
	const page = await browser.newPage({ viewport, deviceScaleFactor: ZOOM, locale: 'en-US' });
	await page.goto(sandbox.inbox.url);
	await page.waitForTimeout(1500);
	await page.screenshot({ path: file });
}

/** The demo's tickets; the newest message is a Chinese card, the ones below it are English. */
async function fill({ itsm, recorder }: Sandbox): Promise<void> {
	const arrived = async (number: string, count: number): Promise<unknown> =>
		await recorder.waitForCount(count, (m) => JSON.stringify(m.payload).includes(number), PATIENCE);
	const [network, vpn, access] = moreTickets();
	for (const [input, count] of [
		[highTicket(), 4],
		[network, 2],
		[vpn, 2],
	] as const)
		await arrived((await itsm.create(input)).ticket.number, count);
	const { ticket } = await itsm.create({ ...access, assigned_to: '' });
	await itsm.update(ticket.sys_id, { assigned_to: LI_NA.sys_id });
	await arrived(ticket.number, 1);
}

const out = resolve(process.argv[2] ?? join(ROOT, 'docs', 'images'));
const panels = process.argv.includes('--panels');
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'itsm-notify-pictures-'));
const sandbox = await startSandbox({ folder, say });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
try {
	await fill(sandbox);
	const page = await browser.newPage({ viewport: SIZE, locale: 'en-US' });
	await logIn(page, sandbox);
	await canvas(page, sandbox, join(out, 'canvas.png'));
	say(`wrote ${join(out, 'canvas.png')}`);
	if (panels) {
		for (const name of ['ITSM Trigger', 'Who and Where', 'Now or Later', 'Slack', 'Render'])
			await panel(page, name, join(out, `panel-${name.replaceAll(' ', '-')}.png`));
		await open(page, sandbox, STORE);
		for (const name of ['Import Preferences', 'Get Deliveries'])
			await panel(page, name, join(out, `panel-${name.replaceAll(' ', '-')}.png`));
	}
	await inbox(browser, sandbox, join(out, 'inbox.png'));
	say(`wrote ${join(out, 'inbox.png')}`);
} finally {
	await browser.close();
	await sandbox.stop();
	rmSync(folder, { recursive: true, force: true });
}
