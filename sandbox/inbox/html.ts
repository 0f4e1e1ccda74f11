const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Everything that came from outside goes through here before it is HTML. */
export const esc = (value: unknown): string =>
	(typeof value === 'string'
		? value
		: value === undefined || value === null
			? ''
			: String(value)
	).replace(/[&<>"']/g, (char) => ENTITIES[char]!);

/** The address if it may be opened, else nothing: no `javascript:`, no `data:`. */
export function safeUrl(value: unknown): string | undefined {
	if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
	return ['http:', 'https:', 'mailto:', 'tel:'].includes(new URL(value).protocol)
		? value
		: undefined;
}

export function anchor(url: unknown, label: string, className = ''): string {
	const href = safeUrl(url);
	const classes = className === '' ? '' : ` class="${className}"`;
	if (href === undefined) return `<span${classes}>${label}</span>`;
	return `<a${classes} href="${esc(href)}" target="_blank" rel="noopener noreferrer">${label}</a>`;
}

/** Escaped text with its line breaks. */
export const lines = (value: unknown): string => esc(value).replace(/\r?\n/g, '<br>');

/**
 * Markup in which some parts are already HTML: `hold` puts them aside, so that escaping and the
 * rules for marks cannot touch them, `restore` puts them back.
 */
export function createHolder(): { hold(html: string): string; restore(text: string): string } {
	const held: string[] = [];
	return {
		hold(html) {
			held.push(html);
			return `\ue000${held.length - 1}\ue001`;
		},
		restore(text) {
			let result = text;
			// Held parts may hold others, the newest ones are outermost.
			for (let index = held.length - 1; index >= 0; index -= 1) {
				result = result.replaceAll(`\ue000${index}\ue001`, () => held[index]!);
			}
			return result;
		},
	};
}

/** Marks of `createHolder` that came from outside would point into it. */
export const withoutMarks = (text: string): string => text.replace(/[\ue000\ue001]/g, '');

export interface ButtonParts {
	label: string;
	url?: unknown;
	action?: unknown;
	value?: unknown;
	className: string;
}

/** A button that opens a link in a new tab, or that the page sends to `/press`. */
export function buttonHtml({ label, url, action, value, className }: ButtonParts): string {
	if (safeUrl(url) !== undefined) return anchor(url, esc(label), className);
	const data = `data-action="${esc(action)}" data-button="${esc(value ?? action)}"`;
	return `<button type="button" class="press ${className}" ${data}>${esc(label)}</button>`;
}

/** An input whose text goes with the press of the button of this action; without one, of any button. */
export function inputHtml({
	label,
	action,
	className,
}: {
	label: string;
	action?: unknown;
	className: string;
}): string {
	return `<label class="${className}">${esc(label)}<textarea class="press-text" rows="2" data-for="${esc(action)}"></textarea></label>`;
}
