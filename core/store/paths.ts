import { join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** n8n's own rule for its folder. */
export function n8nFolder(env: Env, platform: string = process.platform): string {
	const home = platform === 'win32' ? env.USERPROFILE : env.HOME;
	return join(env.N8N_USER_FOLDER ?? home ?? process.cwd(), '.n8n');
}

/** The store of an instance that selected none: `<n8n folder>/itsm-notify/store.sqlite`. */
export const defaultStoreFile = (env: Env): string =>
	resolve(n8nFolder(env), 'itsm-notify', 'store.sqlite');
