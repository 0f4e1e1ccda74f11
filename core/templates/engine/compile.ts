import Handlebars from 'handlebars';

import { MAX_SOURCE, prepare } from './ast';
import { TemplateError } from './errors';
import { BLOCK_HELPERS, registerHelpers, VALUE_HELPERS, WRITE } from './helpers';
import { Lru } from './lru';
import { spendOutput, type RenderState } from './state';

export type Compiled = (context: unknown, state: RenderState) => string;

const env = Handlebars.create();
registerHelpers(env);

const names = [...Object.keys(VALUE_HELPERS), ...BLOCK_HELPERS, WRITE];
const knownHelpers = Object.fromEntries(names.map((name) => [name, true]));

const compileOptions = {
	knownHelpers: knownHelpers as never,
	knownHelpersOnly: true,
	// Escaping is the `write` helper's, per channel.
	noEscape: true,
};

/** The runtime's own set-up: merged helpers, the closed prototype access, hooks. */
type Runtime = Record<
	'helpers' | 'partials' | 'decorators' | 'hooks' | 'protoAccessControl',
	unknown
>;

/**
 * Handlebars merges and wraps all helpers again at every call, which costs more than a leaf does. So the
 * set-up is made once, taken over through a function partial, and given to every leaf as to a partial.
 */
function setUpOnce(): Runtime {
	let taken: Runtime | undefined;
	env.registerPartial('take', ((_context: unknown, options: Runtime) => {
		taken = options;
		return '';
	}) as never);
	const closed = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false };
	env.compile('{{> take}}', compileOptions)({}, closed);
	env.unregisterPartial('take');
	const { helpers, hooks, protoAccessControl } = taken as unknown as Runtime;
	return { helpers, hooks, protoAccessControl, partials: {}, decorators: {} };
}

const runtime = setUpOnce();

/** Keyed by the leaf itself: equal text is the same template, whatever document it came in. */
const cache = new Lru<Compiled | TemplateError>({ entries: 2000, weight: 4 * 1024 * 1024 });

/** Compiles a leaf once; throws TemplateError (each time, from the cache) where it is broken. */
export function compile(source: string): Compiled {
	let compiled = cache.get(source);
	if (!compiled) {
		compiled = build(source);
		cache.set(source, compiled, source.length);
	}
	if (compiled instanceof TemplateError) throw compiled;
	return compiled;
}

function build(source: string): Compiled | TemplateError {
	if (!source.includes('{{') && source.length <= MAX_SOURCE) {
		return (_context, state) => {
			spendOutput(state, source.length);
			return source;
		};
	}
	try {
		const { ast } = prepare(source);
		const run = env.compile(ast, compileOptions);
		return (context, state) =>
			run(context, { ...runtime, partial: true, data: { root: context, render: state } } as never);
	} catch (error) {
		if (error instanceof TemplateError) return error;
		return new TemplateError('template_failed', (error as Error).message);
	}
}
