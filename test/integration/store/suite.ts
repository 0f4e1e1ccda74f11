// The one suite of behaviour that every backend passes.
import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import type { Store } from '../../../core/store/types';
import { actionsSuite } from './suite-actions';
import { auditSuite } from './suite-audit';
import { claimSuite } from './suite-claim';
import { documentsSuite } from './suite-documents';
import { exclusiveSuite } from './suite-exclusive';
import { heldSuite } from './suite-held';
import { inboxSuite } from './suite-inbox';
import { intakeSuite } from './suite-intake';
import { ledgerSuite } from './suite-ledger';
import { peopleSuite } from './suite-people';
import { sharedSuite } from './suite-shared';
import { stateSuite } from './suite-state';

export interface Backend {
	/** A store without rows. */
	fresh(): Promise<Store>;
	/** A further handle on the same rows, as another node of the same process has. */
	again(store: Store): Promise<Store>;
	stop?(): Promise<void>;
}

export type Open = () => Promise<Store>;

export function describeStore(name: string, start: () => Promise<Backend>): void {
	describe(name, () => {
		let backend: Backend;
		const opened: Store[] = [];
		const open: Open = async () => {
			const store = await backend.fresh();
			opened.push(store);
			return store;
		};
		beforeAll(async () => {
			backend = await start();
		});
		afterEach(async () => {
			for (const store of opened.splice(0)) await store.close();
		});
		afterAll(async () => backend?.stop?.(), 30_000);
		peopleSuite(open);
		documentsSuite(open);
		stateSuite(open);
		ledgerSuite(open);
		claimSuite(open);
		heldSuite(open);
		inboxSuite(open);
		intakeSuite(open);
		actionsSuite(open);
		sharedSuite(open);
		auditSuite(open);
		exclusiveSuite(open, (store) => backend.again(store));
	});
}
