/** CPU time of `run` in ms: a busy machine makes it wait, not work. */
export function cpuMs(run: () => void): number {
	const before = process.cpuUsage();
	run();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}
