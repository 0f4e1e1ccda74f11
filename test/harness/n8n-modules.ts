import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type * as Core from 'n8n-core';
import type * as Workflow from 'n8n-workflow';

// n8n-core writes a settings file into this folder as soon as it is loaded.
const folder = mkdtempSync(join(tmpdir(), 'itsm-notify-engine-'));
process.env.N8N_USER_FOLDER = folder;
process.env.N8N_LOG_LEVEL ??= 'silent';
const clean = () => rmSync(folder, { recursive: true, force: true });
// Inside jest a module's own exit listener is never called.
if (typeof afterAll === 'function') afterAll(clean);
else process.once('exit', clean);

const require = createRequire(import.meta.url);
require('reflect-metadata');

/** Both as CommonJS, as n8n itself loads them: one copy, so that `instanceof` holds. */
export const core = require('n8n-core') as typeof Core;
export const n8nWorkflow = require('n8n-workflow') as typeof Workflow;
/** The one whose log nodes write into: n8n-core has a copy of its own. */
export const { Logger } = createRequire(require.resolve('n8n-core'))('@n8n/backend-common') as {
	Logger: { prototype: { warn(message: string): void } };
};
export const requireFile = (path: string): Record<string, unknown> => require(path);

export const ROOT = resolve(import.meta.dirname, '../..');
