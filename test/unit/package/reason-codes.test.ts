import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { filesBelow } from '../../../scripts/build/tree.mjs';
import { GATE_CODES } from '../../../core/gate/codes';
import { ROOT } from './imports.ts';

/** Properties that carry a code to the user. */
const CARRIERS = new Set(['code', 'reason', 'skipped', 'problem']);
/** Functions and errors that are given a code; elsewhere `refuse` names a field. */
const GIVEN =
	/^(ItsmNotifyError|ItsmFailure|TransportError|refused|refusal|failed|failure|lost|no|leave|send|hold|decision)$/;
/** Names of errors of Node and its libraries: `EMFILE: 'local_limit'`. */
const SYSTEM = /^(E[A-Z]+|ERR_[A-Z_]+|UND_[A-Z_]+|HPE_[A-Z_]+)$/;
/** What zod wants to be told. */
const NOT_OURS = new Set(['custom']);

/** The texts that an expression can be: `a ? 'x' : 'y'`, `found ?? 'x'`. */
function textsOf(node: ts.Expression): string[] {
	if (ts.isStringLiteral(node)) return [node.text];
	if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node))
		return textsOf(node.expression);
	if (ts.isConditionalExpression(node))
		return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
	if (ts.isBinaryExpression(node)) return textsOf(node.right);
	return [];
}

/** The codes that a file can give: of errors that it throws and of the properties that carry one. */
function codesIn(path: string): string[] {
	const file = ts.createSourceFile(
		path,
		readFileSync(join(ROOT, path), 'utf8'),
		ts.ScriptTarget.Latest,
	);
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isPropertyAssignment(node)) {
			const name = node.name.getText(file);
			if (CARRIERS.has(name) || SYSTEM.test(name)) found.push(...textsOf(node.initializer));
		}
		if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
			const callee = node.expression.getText(file).split('.').at(-1) as string;
			// A single word is a class or an action here; all codes of these have two.
			if (GIVEN.test(callee))
				found.push(...(node.arguments ?? []).flatMap(textsOf).filter((text) => text.includes('_')));
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	return found.filter((text) => /^[a-z][a-z\d]*(_[a-z\d]+)*$/.test(text) && !NOT_OURS.has(text));
}

/** Words in backticks on a page. */
const namedOn = (page: string): Set<string> =>
	new Set(
		[...readFileSync(join(ROOT, page), 'utf8').matchAll(/`([^`\n]+)`/g)].map(([, word]) => word),
	);

const PAGE = 'docs/reason-codes.md';
const named = namedOn(PAGE);

/** A provider's own codes stand on its channel's page, to which the common one leads. */
function isNamed(path: string, code: string): boolean {
	if (named.has(code)) return true;
	const channel = /^core\/channels\/([a-z_]+)\//.exec(path)?.[1].replace('_', '-');
	const pages = [`docs/channels/${channel}.md`];
	return channel !== undefined && channel !== 'stream' && channel !== 'transport'
		? pages.some((page) => namedOn(page).has(code))
		: false;
}

const files: string[] = ['core', 'nodes'].flatMap((folder) => filesBelow(folder, '.ts'));

test('there are codes to look for', () => {
	const all = new Set(files.flatMap(codesIn));
	expect(all.size).toBeGreaterThan(120);
	for (const known of [
		'not_found',
		'gave_up',
		'no_manager',
		'unknown_person',
		'send_now',
		'timeout',
	])
		expect(all).toContain(known);
});

test('every code that the package can give stands in docs/reason-codes.md', () => {
	const missing = files.flatMap((path) =>
		codesIn(path)
			.filter((code) => !isNamed(path, code))
			.map((code) => `${code} (${path})`),
	);
	expect([...new Set(missing)]).toEqual([]);
});

test('every code of the gate does', () => {
	expect(Object.keys(GATE_CODES).filter((code) => !named.has(code))).toEqual([]);
});
