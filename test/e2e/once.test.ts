// npm start -- --once: healthy it says so, and of each thing that is broken on purpose it names that one.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../sandbox/lib/package.ts';

const LIMIT = 240_000;
const FLAGS = [
	'--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
	'--disable-warning=ExperimentalWarning',
];

interface Result {
	code: number | null;
	output: string;
	/** Lines that say that something is missing. */
	missing: string[];
}

/** The command itself, on the dist/ that is there. */
async function once(...args: string[]): Promise<Result> {
	const start = join(ROOT, 'sandbox', 'start.ts');
	const options = ['--once', '--no-build', ...args];
	const node = process.env.ITSM_NOTIFY_NODE ?? process.execPath;
	const child = spawn(node, [...FLAGS, start, ...options], {
		cwd: ROOT,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
	const code = await new Promise<number | null>((done, fail) => {
		child.once('error', fail);
		child.once('close', done);
	});
	const missing = output.split('\n').filter((line) => line.startsWith('MISSING'));
	return { code, output, missing };
}

beforeAll(() => {
	const bundle = join(ROOT, 'dist', 'nodes.js');
	if (!existsSync(bundle) || statSync(bundle).size === 0)
		throw new Error('Run npm run build first');
});

test(
	'healthy: exit 0, every delivery is listed, the last line says OK',
	async () => {
		const { code, output, missing } = await once();
		expect(missing).toEqual([]);
		expect(output.trimEnd().split('\n').at(-1)).toMatch(
			/^OK: INC\d+ reached Slack, email and WeCom, two people in two languages$/,
		);
		expect(output.match(/^arrived: /gm)).toHaveLength(4);
		expect(code).toBe(0);
	},
	LIMIT,
);

const SLACK = 'slack → U0JOHNDOE1';
const WECOM = 'wecom → ZhangWei';
const MAILS = ['email → wei.zhang@example.test', 'email → john.doe@example.test'];

const BROKEN: Array<{ name: string; says: RegExp[]; missing: number; arrived: string[] }> = [
	{
		name: 'smtp-password',
		says: [/^MISSING: email → .*the email simulator refused: 535 .*password not accepted/],
		missing: 2,
		arrived: [SLACK, WECOM],
	},
	{
		name: 'wecom-secret',
		says: [/^MISSING: wecom → ZhangWei in Chinese: the wecom simulator refused: .*40001/],
		missing: 1,
		arrived: [SLACK, ...MAILS],
	},
	{
		name: 'cut-wire',
		says: [/^MISSING: slack → U0JOHNDOE1 in English: the slack simulator refused: 0 reset/],
		missing: 1,
		arrived: [WECOM, ...MAILS],
	},
	{
		name: 'empty-template',
		says: [/^MISSING: email → .*template/i],
		missing: 2,
		arrived: [SLACK, WECOM],
	},
	{
		name: 'wrong-language',
		says: [
			/^MISSING: slack → U0JOHNDOE1 in English: it came in the wrong language \(.*新工单/,
			/^MISSING: email → john\.doe@example\.test in English: it came in the wrong language \(.*新工单/,
		],
		missing: 2,
		arrived: [WECOM, MAILS[0]],
	},
];

test.each(BROKEN)(
	'broken on purpose, $name: exit 1, and that alone is named',
	async ({ name, says, missing, arrived }) => {
		const result = await once('--break', name, '--wait', '12');
		expect(result.missing).toHaveLength(missing);
		for (const pattern of says)
			expect(result.missing).toContainEqual(expect.stringMatching(pattern) as string);
		// What is broken must not take the others along.
		for (const other of arrived) expect(result.output).toContain(`arrived: ${other}: `);
		expect(result.output).not.toMatch(/^OK/m);
		expect(result.output.trimEnd().split('\n').at(-1)).toBe('FAILED');
		expect(result.code).toBe(1);
	},
	LIMIT,
);

test('a word that names nothing to break is refused before anything starts', async () => {
	const { code, output } = await once('--break', 'everything');
	expect(output).toContain('--break takes one of: smtp-password, wecom-secret, cut-wire');
	expect(code).toBe(1);
}, 30_000);
