import { createRequire } from 'node:module';
import { join } from 'node:path';

const { ITSM_NOTIFY_SDKS } = process.env;
if (!ITSM_NOTIFY_SDKS)
	throw new Error('The providers’ libraries are missing: run npm test -- differential');

/** Holds node_modules with the providers' own libraries, as package-lock.json here pins them. */
export const SDKS: string = ITSM_NOTIFY_SDKS;

/** A provider's own library; `T` is what a test uses of it. */
export const sdk = createRequire(join(SDKS, 'package.json')) as unknown as <T>(name: string) => T;
