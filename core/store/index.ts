export type * from './types';
export { preferenceKeys } from './keys';
export { createMemoryStore } from './memory/index';
export { openStore, testConnection, type StoreOptions } from './open';
export { defaultStoreFile, n8nFolder } from './paths';
export { assertStoreAllowed, isQueueMode } from './queue-mode';
export { signingKey } from './signing-key';
export type { PostgresConnection } from './sql/postgres';
