/** Told at once: a run that is cut short has said what it knew. */
export function report(point: string, faults: readonly string[]): void {
	process.stderr.write(`crash drill: ${point}: ${faults.length > 0 ? faults.join('\n') : 'ok'}\n`);
}
