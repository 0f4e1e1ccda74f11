import { initial } from './0001-initial';
import { providerIds } from './0002-provider-ids';
import { inbox } from './0003-inbox';
import { actions } from './0004-actions';
import { parents } from './0005-parents';

/** What columns are made of on a dialect: text that sorts by bytes, whole and real numbers. */
export interface ColumnTypes {
	text: string;
	int: string;
	real: string;
}

/** In order; the store's version is how many of them have run. One that was published is never changed. */
export const MIGRATIONS: ReadonlyArray<(types: ColumnTypes) => string[]> = [
	initial,
	providerIds,
	inbox,
	actions,
	parents,
];
