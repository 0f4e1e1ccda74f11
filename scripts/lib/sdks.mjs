import { join } from 'node:path';
import { ensureLocked } from './locked.mjs';
import { ROOT } from './run.mjs';

/** The providers' own libraries, for the differential tests; gives the folder that holds node_modules. */
export const ensureSdks = (node) =>
	ensureLocked(node, {
		id: 'differential',
		source: join(ROOT, 'test', 'differential'),
		title: "Installing the providers' libraries (once, about a minute, 170 MB)",
		hint: 'Check that npm reaches its registry (npm ping), then run the command again.',
	});
