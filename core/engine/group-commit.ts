/** Calls of one group are done in one step: at least one, at most so many. */
const MOST = 200;

/** How long a call waits for others that are about to come, so that they share its step. */
export interface Gathering<I> {
	/** True where nobody else is to be waited for, with these waiting already. */
	isComplete(waiting: readonly I[]): boolean;
	/** The longest that the first of a group waits, ms of real time. */
	patienceMs(): number;
}

const AT_ONCE: Gathering<unknown> = { isComplete: () => true, patienceMs: () => 0 };

interface Waiting<I, O> {
	input: I;
	resolve(output: O): void;
	reject(error: unknown): void;
}

/**
 * Joins calls that come together, or while a step is going on, to one step: a storm of webhooks, or many outcomes of a
 * sender, cost one commit (and one wait for the disk) for many of them. Nobody is answered before the step with their
 * input has ended. Where a joint step fails, each of its inputs is tried alone, so that one bad input costs nobody else.
 */
export function groupCommit<I, O>(
	step: (inputs: readonly I[]) => Promise<readonly O[]>,
	{ isComplete, patienceMs }: Gathering<I> = AT_ONCE,
): (input: I) => Promise<O> {
	const waiting: Array<Waiting<I, O>> = [];
	let busy = false;
	/** Ends the wait for others; set while there is one. */
	let go: (() => void) | undefined;

	const settle = async (group: ReadonlyArray<Waiting<I, O>>): Promise<void> => {
		try {
			const outputs = await step(group.map(({ input }) => input));
			group.forEach(({ resolve }, index) => resolve(outputs[index]));
		} catch (error) {
			if (group.length === 1) return group[0].reject(error);
			for (const one of group) await settle([one]);
		}
	};
	const areAll = (): boolean =>
		waiting.length >= MOST || isComplete(waiting.map(({ input }) => input));
	const gathered = async (): Promise<void> => {
		if (areAll()) return;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, patienceMs());
			go = () => {
				clearTimeout(timer);
				resolve();
			};
		});
		go = undefined;
	};
	const work = async (): Promise<void> => {
		busy = true;
		while (waiting.length > 0) {
			await gathered();
			await settle(waiting.splice(0, MOST));
		}
		busy = false;
	};

	return async (input) =>
		await new Promise<O>((resolve, reject) => {
			waiting.push({ input, resolve, reject });
			if (!busy) void work();
			else if (go && areAll()) go();
		});
}
