// CPU time of processes and all that they started, as Linux counts it.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

interface Stat {
	pid: number;
	parent: number;
	ticks: number;
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** `undefined` where the process ended while it was read. */
function statOf(pid: number): Stat | undefined {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The name stands in parentheses and may hold anything; field 3 comes after it.
		const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
		// utime, stime, and those of ended children (cutime, cstime): nothing is lost when a child ends.
		const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
		return { pid, parent: Number(fields[1]), ticks };
	} catch {
		return undefined;
	}
}

/** CPU milliseconds that the trees below `roots` have used so far. */
export function cpuMs(roots: readonly number[]): number {
	const all = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => statOf(Number(name)) ?? []);
	const tree = new Set(roots);
	for (let before = 0; before !== tree.size; ) {
		before = tree.size;
		for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
	}
	const ticks = all.filter(({ pid }) => tree.has(pid)).reduce((sum, stat) => sum + stat.ticks, 0);
	return (ticks * 1000) / TICKS_PER_SECOND;
}

const STEP_MS = 250;

/** Waits until the trees do next to nothing: what n8n writes after the last message belongs to the event too. */
export async function untilQuiet(roots: readonly number[], timeoutMs = 15_000): Promise<void> {
	const end = Date.now() + timeoutMs;
	let quiet = 0;
	let before = cpuMs(roots);
	while (quiet < 2 && Date.now() < end) {
		await new Promise((done) => setTimeout(done, STEP_MS));
		const now = cpuMs(roots);
		quiet = now - before <= STEP_MS / 12 ? quiet + 1 : 0;
		before = now;
	}
}
