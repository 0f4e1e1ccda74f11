import type { MessageRecord } from '../../simulators/record.ts';

/** How one channel's app draws a message. Adding a channel: one such module, one line in `index.ts`. */
export interface Drawer {
	name: string;
	/** Inline SVG, 20 by 20. */
	icon: string;
	/** Accent colour of badges. */
	color: string;
	/** Rules below `.<channel>`. */
	css: string;
	/**
	 * HTML; everything that came from outside is escaped. What can be pressed is made by `buttonHtml` (`../html.ts`):
	 * `<button class="press" data-button="…" data-action="…">`. The page sends `{channel, messageId: record.ref, button:
	 * data-button}` to `/press`, which calls the simulator's `press`. A button with a web link becomes a link instead.
	 * `inputHtml` makes a text input (`class="press-text"`, `data-for` = the button's `data-action`, empty = any): its
	 * text goes with the press.
	 */
	draw(record: MessageRecord, nameOf: NameOf): string;
}

/** The name of the person behind an address, where it is known. */
export type NameOf = (address: string) => string | undefined;

/** The app's picture beside its messages. */
export const BOT_ICON =
	'<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">' +
	'<path d="M6 10a6 6 0 0 1 12 0c0 5 2 6 2 6H4s2-1 2-6M10 20a2.2 2.2 0 0 0 4 0"/></svg>';

export type Json = Record<string, unknown>;

export const obj = (value: unknown): Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const arr = (value: unknown): Json[] => (Array.isArray(value) ? value.map(obj) : []);
