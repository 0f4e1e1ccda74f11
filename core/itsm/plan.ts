import type { Wish } from './types';

/** The words of an escalation that raises nothing are written only where they are the person's own. */
export const isWorthSaying = (wish: Wish, isChange: boolean): boolean =>
	isChange || !wish.escalate || !wish.comment?.automatic;

/** Systems break lines and trim in their own way. */
export const sameWords = (one: string, other: string): boolean =>
	one.replace(/\s+/g, ' ').trim() === other.replace(/\s+/g, ' ').trim();

/** The instants of comments are whole seconds, and clocks differ a little. */
export const floored = (since: Date): number => Math.floor(since.getTime() / 1000) * 1000 - 5000;
