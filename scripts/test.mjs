// Builds, runs the test projects one after the other, ends with one summary line:
// npm test [-- <project>… [jest arguments]]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/run.mjs';
import { runJest } from './lib/jest.mjs';

const MINUTE = 60_000;
// In the order of their cost.
const PROJECTS = {
	unit: { limit: 20 * MINUTE, args: ['--testTimeout=20000'] },
	nodes: { limit: 20 * MINUTE, args: ['--testTimeout=30000'] },
	differential: { limit: 10 * MINUTE, args: ['--testTimeout=30000'] },
	integration: { limit: 20 * MINUTE, args: ['--testTimeout=60000'] },
	e2e: { limit: 45 * MINUTE, args: ['--runInBand', '--testTimeout=120000'] },
	crash: { limit: 45 * MINUTE, args: ['--runInBand', '--testTimeout=300000'] },
};
const CI = Boolean(process.env.CI);

function parse(args) {
	const split = args.findIndex((arg) => !(arg in PROJECTS));
	const named = split === -1 ? args : args.slice(0, split);
	const rest = split === -1 ? [] : args.slice(split);
	return { projects: named.length > 0 ? named : Object.keys(PROJECTS), rest };
}

function build() {
	const gulp = join(ROOT, 'node_modules', 'gulp', 'bin', 'gulp.js');
	return spawnSync(process.execPath, [gulp, 'build'], { cwd: ROOT, stdio: 'inherit' }).status === 0;
}

const skippedTitles = (report) =>
	report.testResults
		.flatMap((file) => file.assertionResults)
		.filter(({ status }) => status === 'pending' || status === 'todo')
		.map(({ fullName }) => fullName);

async function runProject(name, rest) {
	const { limit, args = [] } = PROJECTS[name];
	const output = join(ROOT, '.cache', `jest-${name}-${process.pid}.json`);
	mkdirSync(join(ROOT, '.cache'), { recursive: true });
	console.log(`\n== ${name}`);
	const report = [
		'--json',
		`--outputFile=${output}`,
		'--passWithNoTests',
		'--selectProjects',
		name,
	];
	const code = await runJest([...rest, ...args, ...report], process.env, limit);
	const result = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : undefined;
	rmSync(output, { force: true });
	return judge(name, code, result, rest.length > 0);
}

/** What one project adds to the summary; whatever is unclear counts as failed. */
function judge(name, code, report, filtered) {
	if (!report) {
		console.log(`FAILED: the project ${name} ended without a result (exit ${code})`);
		return { passed: 0, failed: 1, skipped: 0 };
	}
	const passed = report.numPassedTests;
	let failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
	const skipped = report.numPendingTests + report.numTodoTests;
	const fail = (text) => {
		console.log(`FAILED: ${text}`);
		failed += 1;
	};
	if (!filtered) {
		for (const title of skippedTitles(report)) {
			console.log(`skipped: ${name}: ${title}`);
			// A skip says in its title what it lacks, so that CI never loses a test silently.
			if (CI && !/\(needs .+\)/.test(title))
				fail('a skipped test must say "(needs …)" in its title');
		}
		if (report.numTotalTests === 0 && CI) fail(`the project ${name} has no tests`);
	}
	if (code !== 0 && failed === 0) fail(`jest ended with exit ${code} in the project ${name}`);
	return { passed, failed, skipped };
}

async function main() {
	const { projects, rest } = parse(process.argv.slice(2));
	const total = { passed: 0, failed: 0, skipped: 0 };
	if (build()) {
		for (const name of projects) {
			const result = await runProject(name, rest);
			for (const key of Object.keys(total)) total[key] += result[key];
		}
	} else {
		console.log('FAILED: the build');
		total.failed += 1;
	}
	console.log(`tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
	process.exitCode = total.failed > 0 ? 1 : 0;
}

await main();
