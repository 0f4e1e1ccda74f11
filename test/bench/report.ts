export const say = (text = ''): void => void process.stdout.write(`${text}\n`);

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const half = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

export function percentile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const digits = (value: number, places = 1): string => value.toFixed(places);

/** Median with the lowest and highest round. */
export const spread = (values: readonly number[], places = 1): string =>
	`${digits(median(values), places)} (${digits(Math.min(...values), places)}–${digits(Math.max(...values), places)})`;

/** Columns of a table, the first to the left and all others to the right. */
export function table(head: string[], rows: string[][]): void {
	const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
	const line = (row: string[]): string =>
		`  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('   ')}`;
	say(line(head));
	say(`  ${widths.map((width) => '-'.repeat(width)).join('   ')}`);
	for (const row of rows) say(line(row));
}
