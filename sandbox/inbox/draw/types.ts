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
	/** HTML; everything that came from outside is escaped. */
	draw(record: MessageRecord): string;
}

export type Json = Record<string, unknown>;

export const obj = (value: unknown): Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
export const arr = (value: unknown): Json[] => (Array.isArray(value) ? value.map(obj) : []);
