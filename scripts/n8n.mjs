// The pinned n8n's own command line: node scripts/bootstrap.mjs n8n --help
import { join } from 'node:path';
import { takeOver } from './lib/run.mjs';

const n8n = join(process.env.ITSM_NOTIFY_N8N, 'bin', 'n8n');
await takeOver(process.execPath, [n8n, ...process.argv.slice(2)], process.env);
