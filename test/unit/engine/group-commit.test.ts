import { groupCommit } from '../../../core/engine/group-commit';

/** A step that ends when it is let go of, and notes what it was given. */
function steps() {
	const groups: number[][] = [];
	const open: Array<() => void> = [];
	const commit = groupCommit<number, string>(async (inputs) => {
		groups.push([...inputs]);
		await new Promise<void>((done) => open.push(done));
		if (inputs.includes(13)) throw new Error('13 is refused');
		return inputs.map((n) => `done ${n}`);
	});
	const next = async (): Promise<void> => {
		await new Promise((done) => setImmediate(done));
		open.shift()?.();
		await new Promise((done) => setImmediate(done));
	};
	return { groups, commit, next };
}

describe('durable intake: calls that come together are committed together', () => {
	test('the first goes at once, those that come meanwhile in one step; each gets its own answer', async () => {
		const { groups, commit, next } = steps();
		const calls = [1, 2, 3].map(commit);
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
		expect(groups).toEqual([[1], [2, 13, 3], [2], [13], [3]]);
	});
});
