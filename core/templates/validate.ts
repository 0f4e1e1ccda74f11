import { ItsmNotifyError } from '../errors/index';
import { CHANNEL_IDS } from '../events/delivery';
import { CONTEXT_NAMES } from './context/index';
import { partFor, templateSchema, type TemplateDocument } from './document';
import { prepare } from './engine/ast';
import { TemplateError } from './engine/errors';
import { mapLeaves, pathText } from './leaves';

export interface TemplateIssue {
	/** `templates.email.subject`; `(the document)` for the whole. */
	path: string;
	message: string;
	/** Line inside the leaf. */
	line?: number;
}

export interface TemplateCheck {
	/** The document; absent where there are errors. */
	template?: TemplateDocument;
	errors: TemplateIssue[];
	warnings: TemplateIssue[];
}

/** Checks a template document at save time: its shape, and the syntax of every leaf. Never throws. */
export function validateTemplate(value: unknown): TemplateCheck {
	const result = templateSchema.safeParse(value);
	if (!result.success) {
		const errors = result.error.issues.map((issue) => ({
			path: pathText(issue.path as Array<string | number>) || '(the document)',
			message: issue.message,
		}));
		return { errors, warnings: [] };
	}
	const template = result.data;
	const errors: TemplateIssue[] = [];
	const warnings = channelWarnings(template);
	mapLeaves(template.templates, (leaf, path) =>
		checkLeaf(leaf, pathText(['templates', ...path]), errors, warnings),
	);
	if (!template.channels.some((channel) => partFor(template, channel))) {
		const message = 'serves none of its channels: add a card, or a key for one of them';
		errors.push({ path: 'templates', message });
	}
	return errors.length > 0 ? { errors, warnings } : { template, errors, warnings };
}

function checkLeaf(
	leaf: string,
	path: string,
	errors: TemplateIssue[],
	warnings: TemplateIssue[],
): string {
	try {
		const { variables } = prepare(leaf);
		const inEntry = path.startsWith('templates.card.entry.');
		const names: readonly string[] = CONTEXT_NAMES;
		const unknown = inEntry ? [] : variables.filter((name) => !names.includes(name.split('.')[0]));
		for (const name of unknown) {
			warnings.push({
				path,
				message: `"${name}" is unknown: variables begin with ${names.join(', ')}`,
			});
		}
	} catch (error) {
		const { line } = error instanceof TemplateError ? error.extra : {};
		errors.push({ path, message: (error as Error).message, ...(line ? { line } : {}) });
	}
	return leaf;
}

function channelWarnings(template: TemplateDocument): TemplateIssue[] {
	const warnings: TemplateIssue[] = [];
	const known: readonly string[] = CHANNEL_IDS;
	template.channels.forEach((channel, index) => {
		const path = `channels[${index}]`;
		if (!known.includes(channel)) {
			warnings.push({
				path,
				message: `"${channel}" is no channel of this version: it is kept, not used`,
			});
		} else if (!partFor(template, channel)) {
			const message = `"${channel}" has neither a key of its own nor a card: another template serves it`;
			warnings.push({ path, message });
		}
	});
	for (const key of Object.keys(template.templates)) {
		if (key !== 'card' && !template.channels.includes(key)) {
			const message = `"${key}" is not in channels: this part is not used`;
			warnings.push({ path: `templates.${key}`, message });
		}
	}
	return warnings;
}

/** The document, or ItsmNotifyError `invalid_template` naming the first leaf at fault and listing all. */
export function parseTemplate(value: unknown): TemplateDocument {
	const { template, errors } = validateTemplate(value);
	if (template) return template;
	const [first] = errors;
	const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
	throw new ItsmNotifyError(
		'invalid_template',
		`Template: ${first.path}: ${first.message}${rest}`,
		{
			field: first.path,
			fix: `Correct ${first.path} in the template.`,
			status: 400,
			details: { issues: errors },
		},
	);
}
