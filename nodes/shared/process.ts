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

/** Loops that ran in this process before: what is leased under their names is being worked on, not left behind. */
const begun = new Set<string>();

/** How a trigger's background loop is named in leases, and whether what bears the name was left by a process that ended. */
export function loopName(trigger: string): { owner: string; takeBack: boolean } {
	const owner = `${processName(process.env, process.pid)}|${trigger}`;
	const takeBack = !begun.has(owner);
	begun.add(owner);
	return { owner, takeBack };
}
