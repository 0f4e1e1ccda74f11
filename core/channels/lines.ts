import { bytes } from './cut';

/** Collects lines as long as they fit into `max` bytes; a line is never taken in part, so that no markup is split. */
export class Lines {
	private readonly lines: string[] = [];
	private used = 0;

	constructor(
		private readonly max: number,
		private readonly join = '\n',
	) {}

	get room(): number {
		return this.max - this.used - (this.lines.length > 0 ? bytes(this.join) : 0);
	}

	/** False where the line does not fit with `reserve` bytes left behind it. */
	add(line: string, reserve = 0): boolean {
		if (!line || bytes(line) + reserve > this.room) return false;
		this.used = this.max - this.room + bytes(line);
		this.lines.push(line);
		return true;
	}

	text(): string {
		return this.lines.join(this.join);
	}
}
