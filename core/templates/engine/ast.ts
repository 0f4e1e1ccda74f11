import Handlebars from 'handlebars';

import { lineOf, TemplateError } from './errors';
import { BLOCK_HELPERS, VALUE_HELPERS, WRITE } from './helpers';

type Expression = hbs.AST.Expression;
type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

export const MAX_SOURCE = 64 * 1024;
const MAX_NODES = 4000;
const MAX_DEPTH = 40;
const DATA_NAMES = new Set(['root', 'index', 'key', 'first', 'last']);
const REFUSED: Record<string, string> = {
	PartialStatement: 'partials ({{> …}}) are not available in templates',
	PartialBlockStatement: 'partials ({{#> …}}) are not available in templates',
	Decorator: 'decorators ({{* …}}) are not available in templates',
	DecoratorBlock: 'decorators ({{#* …}}) are not available in templates',
};

export interface Prepared {
	ast: hbs.AST.Program;
	/** Variables used outside of `each`/`with`, for warnings at save time. */
	variables: string[];
}

interface Walk {
	nodes: number;
	depth: number;
	/** > 0 inside a block that changes what names mean. */
	scoped: number;
	variables: Set<string>;
}

/**
 * Parses one leaf, refuses what templates may not do, and sends every `{{…}}` through the `write`
 * helper, which escapes for the channel: `{{{x}}}` and `{{&x}}` are escaped like `{{x}}`.
 * Throws TemplateError with Handlebars' own message and the line.
 */
export function prepare(source: string): Prepared {
	if (source.length > MAX_SOURCE) throw fail(`longer than ${MAX_SOURCE} characters`);
	const ast = parse(source);
	if (ast instanceof TemplateError) throw ast;
	const walk: Walk = { nodes: 0, depth: 0, scoped: 0, variables: new Set() };
	program(ast, walk);
	return { ast, variables: [...walk.variables] };
}

function parse(source: string): hbs.AST.Program | TemplateError {
	try {
		return Handlebars.parse(source);
	} catch (error) {
		const { message } = error as Error;
		return new TemplateError('template_failed', message, { line: lineOf(message) });
	}
}

function fail(message: string, node?: hbs.AST.Node): TemplateError {
	const line = node?.loc?.start.line;
	return new TemplateError('template_failed', line ? `line ${line}: ${message}` : message, {
		line,
	});
}

function program(node: hbs.AST.Program | undefined, walk: Walk): void {
	if (!node) return;
	walk.depth += 1;
	if (walk.depth > MAX_DEPTH) throw fail(`blocks are nested deeper than ${MAX_DEPTH}`, node);
	node.body.forEach((statement, index) => {
		walk.nodes += 1;
		if (walk.nodes > MAX_NODES) throw fail(`more than ${MAX_NODES} parts`, statement);
		if (Object.hasOwn(REFUSED, statement.type)) throw fail(REFUSED[statement.type], statement);
		if (statement.type === 'BlockStatement') block(statement as hbs.AST.BlockStatement, walk);
		if (statement.type === 'MustacheStatement') {
			node.body[index] = written(statement as hbs.AST.MustacheStatement, walk);
		}
	});
	walk.depth -= 1;
}

function block(node: hbs.AST.BlockStatement, walk: Walk): void {
	const name = nameOf(node.path);
	const isHelper = (BLOCK_HELPERS as readonly string[]).includes(name);
	if (isHelper && node.params.length !== 1) throw fail(`#${name} takes one value`, node);
	if (!isHelper && (node.params.length > 0 || Object.hasOwn(VALUE_HELPERS, name))) {
		throw fail(`"${name}" is no block helper: use ${BLOCK_HELPERS.join(', ')}`, node);
	}
	if (isHelper) args(node, walk);
	else expression(node.path, walk);
	const scopes = !isHelper || name === 'each' || name === 'with';
	if (scopes) walk.scoped += 1;
	program(node.program, walk);
	if (scopes) walk.scoped -= 1;
	program(node.inverse, walk);
}

/** `{{x}}` becomes `{{write x "x"}}`. */
function written(node: hbs.AST.MustacheStatement, walk: Walk): hbs.AST.MustacheStatement {
	const value: Expression = node.params.length > 0 ? call(node, walk) : node.path;
	if (value === node.path) expression(value, walk);
	const label = nameOf(node.params.find((param) => param.type === 'PathExpression') ?? node.path);
	const name = { type: 'StringLiteral', value: label, original: label, loc: node.loc };
	return {
		...node,
		escaped: false,
		path: identifier(WRITE, node.loc),
		params: [value, name as hbs.AST.StringLiteral],
		hash: undefined as unknown as hbs.AST.Hash,
	};
}

function call(node: Call, walk: Walk): hbs.AST.SubExpression {
	const { path, params, hash, loc } = node;
	checkHelper(node, walk);
	return { type: 'SubExpression', path: path as hbs.AST.PathExpression, params, hash, loc };
}

function checkHelper(node: Call, walk: Walk): void {
	const name = nameOf(node.path);
	const range = Object.hasOwn(VALUE_HELPERS, name) ? VALUE_HELPERS[name] : undefined;
	if (!range) {
		throw fail(`unknown helper "${name}": use ${Object.keys(VALUE_HELPERS).join(', ')}`, node);
	}
	const [least, most] = range;
	if (node.params.length < least || node.params.length > most) {
		const wanted = least === most ? String(least) : `${least} to ${most}`;
		throw fail(`"${name}" takes ${wanted} values, ${node.params.length} given`, node);
	}
	args(node, walk);
}

function args(node: Call, walk: Walk): void {
	walk.depth += 1;
	if (walk.depth > MAX_DEPTH) throw fail(`nested deeper than ${MAX_DEPTH}`, node);
	for (const param of node.params) expression(param, walk);
	for (const pair of node.hash?.pairs ?? []) expression(pair.value, walk);
	walk.depth -= 1;
}

function expression(node: Expression, walk: Walk): void {
	walk.nodes += 1;
	if (walk.nodes > MAX_NODES) throw fail(`more than ${MAX_NODES} parts`, node);
	if (node.type === 'SubExpression') return checkHelper(node as hbs.AST.SubExpression, walk);
	if (node.type !== 'PathExpression') return;
	const path = node as hbs.AST.PathExpression;
	if (path.data && !DATA_NAMES.has(String(path.parts[0]))) {
		throw fail(`"${path.original}" is not available in templates`, node);
	}
	if (!path.data && path.depth === 0 && walk.scoped === 0 && path.parts.length > 0) {
		walk.variables.add(path.parts.join('.'));
	}
}

const nameOf = (node: Expression): string =>
	String((node as Partial<hbs.AST.PathExpression>).original ?? nameOfCall(node));

const nameOfCall = (node: Expression): string => {
	const { path, params } = node as Partial<hbs.AST.SubExpression>;
	const inner = params?.find((param) => param.type === 'PathExpression') ?? path;
	return inner ? String((inner as Partial<hbs.AST.PathExpression>).original) : node.type;
};

const identifier = (name: string, loc: hbs.AST.SourceLocation): hbs.AST.PathExpression => ({
	type: 'PathExpression',
	data: false,
	depth: 0,
	parts: [name],
	original: name,
	loc,
});
