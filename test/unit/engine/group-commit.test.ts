import { groupCommit, type Gathering } from '../../../core/engine/group-commit';

/** A step that ends when it is let go of, and notes what it was given. */
function steps(gathering?: Gathering<number>) {
	const groups: number[][] = [];
	const open: Array<() => void> = [];
	const commit = groupCommit<number, string>(async (inputs) => {
		groups.push([...inputs]);
		await new Promise<void>((done) => open.push(done));
		if (inputs.includes(13)) throw new Error('13 is refused');
		return inputs.map((n) => `done ${n}`);
	}, gathering);
	const next = async (): Promise<void> => {
		await new Promise((done) => setImmediate(done));
		open.shift()?.();
		await new Promise((done) => setImmediate(done));
	};
	return { groups, commit, next };
}

describe('durable intake: calls that come together are committed together', () => {
	test('those of one moment in one step, those that come meanwhile in the next; each gets its own answer', async () => {
		const { groups, commit, next } = steps();
		const calls = [commit(1)];
		await new Promise((done) => setImmediate(done));
		calls.push(commit(2), commit(3));
		let answered = 0;
		for (const call of calls) void call.then(() => answered++);
		await next();
		expect(groups).toEqual([[1], [2, 3]]);
		// The others have not been committed yet.
		expect(answered).toBe(1);
		await next();
		expect(await Promise.all(calls)).toEqual(['done 1', 'done 2', 'done 3']);
		const later = commit(4);
		await next();
		expect(await later).toBe('done 4');
	});

	test('a bad one fails alone', async () => {
		const { groups, commit, next } = steps();
		const calls = [1, 2, 13, 3].map(commit);
		const settled = Promise.allSettled(calls);
		for (let i = 0; i < 6; i++) await next();
		expect((await settled).map((one) => one.status)).toEqual([
			'fulfilled',
			'fulfilled',
			'rejected',
			'fulfilled',
		]);
		expect(groups).toEqual([[1, 2, 13, 3], [1], [2], [13], [3]]);
	});

	test('where others are expected the first waits for them, and goes as soon as they are there', async () => {
		const { groups, commit, next } = steps({
			isComplete: (inputs) => inputs.length >= 3,
			patienceMs: () => 60_000,
		});
		const calls = [commit(1)];
		await next();
		calls.push(commit(2));
		await next();
		expect(groups).toEqual([]);
		calls.push(commit(3));
		await next();
		expect(groups).toEqual([[1, 2, 3]]);
		await Promise.all(calls);
	});

	test('and it goes alone once its patience ends', async () => {
		const { groups, commit, next } = steps({ isComplete: () => false, patienceMs: () => 1 });
		const call = commit(1);
		while (groups.length === 0) await next();
		await next();
		expect(await call).toBe('done 1');
		expect(groups).toEqual([[1]]);
	});
});
