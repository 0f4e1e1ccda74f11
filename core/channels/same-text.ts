import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Equal texts, compared in constant time whatever their lengths. A blank one is equal to nothing. */
export const sameText = (given: string | undefined, expected: string | undefined): boolean =>
	Boolean(given) &&
	Boolean(expected) &&
	timingSafeEqual(digest(given ?? ''), digest(expected ?? ''));
