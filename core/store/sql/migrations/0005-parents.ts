import type { ColumnTypes } from './index';

/** By which inhibition rules a ticket is a parent. */
export const parents = ({ text }: ColumnTypes): string[] => [
	`alter table tickets add column parent_of ${text}`,
];
