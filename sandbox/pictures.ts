// Pictures of the documentation, from a real n8n in a headless Chromium: node sandbox/pictures.ts [folder]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { highTicket, moreTickets } from './data/index.ts';
import { startSandbox } from './demo/sandbox.ts';
import type { Sandbox } from './demo/sandbox.ts';
import { OWNER } from './lib/n8n-api.ts';
import { ROOT } from './lib/package.ts';

const SIZE = { width: 1600, height: 1000 };
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

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function logIn(page: Page, sandbox: Sandbox): Promise<void> {
	await page.goto(`${sandbox.n8n.url}/signin`);
	await page.locator('input[type=email], input[name=emailOrLdapLoginId]').first().fill(OWNER.email);
	await page.locator('input[type=password]').fill(OWNER.password);
	await page.locator('button[data-test-id=form-submit-button]').click();
	await page.waitForURL((url) => !url.pathname.includes('signin'));
}

async function canvas(page: Page, sandbox: Sandbox, file: string): Promise<void> {
	await page.goto(`${sandbox.n8n.url}/workflow/${ROUTING}`);
	await page.locator('[data-test-id=canvas-node]').first().waitFor({ timeout: 60_000 });
	await page.waitForLoadState('networkidle').catch(() => undefined);
	await page.keyboard.press('Escape');
	await page.mouse.click(SIZE.width / 2, SIZE.height - 120);
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

async function inbox(page: Page, sandbox: Sandbox, file: string): Promise<void> {
	await page.goto(sandbox.inbox.url);
	await page.waitForTimeout(1500);
	await page.screenshot({ path: file });
}

const out = resolve(process.argv[2] ?? join(ROOT, 'docs', 'images'));
const panels = process.argv.includes('--panels');
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'itsm-notify-pictures-'));
const sandbox = await startSandbox({ folder, say });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
try {
	const { ticket } = await sandbox.itsm.create(highTicket());
	for (const more of moreTickets()) await sandbox.itsm.create(more);
	const names = (text: string): boolean => text.includes(ticket.number);
	await sandbox.recorder.waitForCount(4, (m) => names(JSON.stringify(m.payload)), 90_000);
	const page = await browser.newPage({ viewport: SIZE, locale: 'en-US' });
	await logIn(page, sandbox);
	await canvas(page, sandbox, join(out, 'canvas.png'));
	say(`wrote ${join(out, 'canvas.png')}`);
	if (panels)
		for (const name of ['ITSM Trigger', 'Who and Where', 'Now or Later', 'Slack', 'Render'])
			await panel(page, name, join(out, `panel-${name.replaceAll(' ', '-')}.png`));
	await inbox(page, sandbox, join(out, 'inbox.png'));
	say(`wrote ${join(out, 'inbox.png')}`);
} finally {
	await browser.close();
	await sandbox.stop();
	rmSync(folder, { recursive: true, force: true });
}
