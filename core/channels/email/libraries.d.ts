/** The parts of two libraries without types of their own that are used here. */
declare module 'planer' {
	export function extractFromPlain(text: string): string;
}

declare module 'html-to-text' {
	interface Builder {
		openBlock(options: { leadingLineBreaks?: number }): void;
		addInline(text: string): void;
		closeBlock(options: { trailingLineBreaks?: number }): void;
	}
	interface Options {
		wordwrap?: number | false;
		limits?: { maxInputLength?: number; maxDepth?: number; maxChildNodes?: number };
		formatters?: Record<string, (element: unknown, walk: unknown, builder: Builder) => void>;
		selectors?: Array<{ selector: string; format?: string; options?: Record<string, unknown> }>;
	}
	export function convert(html: string, options?: Options): string;
}
