export type TemplateErrorCode = 'template_failed' | 'variable_missing';

/** What is wrong with one template leaf; the path inside the document is added by whoever renders it. */
export class TemplateError extends Error {
	path?: string;

	constructor(
		readonly code: TemplateErrorCode,
		message: string,
		readonly extra: { variable?: string; line?: number } = {},
	) {
		super(message);
		this.name = 'TemplateError';
	}
}

/** The line that a Handlebars message names: "Parse error on line 2:" or "… - 2:5". */
export function lineOf(message: string): number | undefined {
	const found = /on line (\d+)/.exec(message) ?? / - (\d+):\d+$/.exec(message);
	return found ? Number(found[1]) : undefined;
}
