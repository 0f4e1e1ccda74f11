import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { filesBelow } from '../../../scripts/build/tree.mjs';

export const ROOT = resolve(import.meta.dirname, '../../..');

export interface Import {
	/** Path of the importing file, relative to the root. */
	from: string;
	/** A path relative to the root for files of ours, else the name as written. */
	to: string;
	/** Erased when compiled. */
	typeOnly: boolean;
}

function resolveTarget(file: string, name: string): string {
	if (!name.startsWith('.')) return name;
	const path = resolve(ROOT, dirname(file), name);
	const candidates = [path, `${path}.ts`, join(path, 'index.ts')];
	const found = candidates.find((candidate) => /\.\w+$/.test(candidate) && existsSync(candidate));
	return relative(ROOT, found ?? path)
		.split(sep)
		.join('/');
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
	if (ts.isExportDeclaration(node)) return node.isTypeOnly;
	const clause = node.importClause;
	if (!clause) return false;
	if (clause.isTypeOnly) return true;
	const named = clause.namedBindings;
	if (clause.name || !named || !ts.isNamedImports(named)) return false;
	return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

function importsOf(file: string): Import[] {
	const text = readFileSync(join(ROOT, file), 'utf8');
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
	const found: Import[] = [];
	const add = (name: string, typeOnly: boolean) =>
		found.push({ from: file, to: resolveTarget(file, name), typeOnly });
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
			const name = node.moduleSpecifier;
			if (name && ts.isStringLiteral(name)) add(name.text, isTypeOnly(node));
		} else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
			const [name] = node.arguments;
			if (name && ts.isStringLiteral(name)) add(name.text, false);
		} else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
			const name = node.argument.literal;
			if (ts.isStringLiteral(name)) add(name.text, true);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** Every import of the TypeScript files below a folder, tests left out. */
export function importsBelow(folder: string): Import[] {
	return filesBelow(folder, '.ts')
		.filter((file: string) => !file.endsWith('.test.ts') && !file.includes('node_modules/'))
		.flatMap(importsOf);
}
