import { join } from 'node:path';

import ts from 'typescript';

import { SDKS } from './sdk';

const OPTIONS: ts.CompilerOptions = {
	strict: true,
	noEmit: true,
	skipLibCheck: true,
	target: ts.ScriptTarget.ES2022,
	module: ts.ModuleKind.CommonJS,
	moduleResolution: ts.ModuleResolutionKind.Node10,
	ignoreDeprecations: '5.0',
	types: [],
};

/** What the compiler says to TypeScript that may import the providers' types. */
export function typeErrors(source: string): string[] {
	const file = join(SDKS, 'fixture.ts');
	const host = ts.createCompilerHost(OPTIONS);
	const { getSourceFile, fileExists, readFile } = host;
	host.fileExists = (name) => name === file || fileExists.call(host, name);
	host.readFile = (name) => (name === file ? source : readFile.call(host, name));
	host.getSourceFile = (name, options, ...more) =>
		name === file
			? ts.createSourceFile(name, source, options)
			: getSourceFile.call(host, name, options, ...more);
	return ts
		.getPreEmitDiagnostics(ts.createProgram([file], OPTIONS, host))
		.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
