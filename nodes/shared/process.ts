import { hostname } from 'node:os';

/**
 * Names this process in leases: the same after a restart, so that it takes back at once what it had in work.
 * Several mains may share a host; there the process id tells them apart, and leases run out instead.
 */
export const processName = (
	env: Readonly<Record<string, string | undefined>>,
	pid: number,
	host = hostname(),
): string =>
	env.N8N_MULTI_MAIN_SETUP_ENABLED?.trim().toLowerCase() === 'true' ? `${host}:${pid}` : host;
