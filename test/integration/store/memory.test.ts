import { openStore } from '../../../core/store/index';
import { describeStore } from './suite';

describeStore('memory', async () => ({
	fresh: () => openStore({ kind: 'memory' }),
	// Nobody else has a handle on a memory store.
	again: async (store) => ({
		...store,
		exclusive: store.exclusive.bind(store),
		close: async () => undefined,
	}),
}));
