// One person's or ticket's part of the release fails: the others go out, and the fault is told.
import { gate } from '../../../core/engine/index.ts';
import { parseDelivery } from '../../../core/events/index.ts';
import { parsePolicy } from '../../../core/preferences/index.ts';
import { createMemoryStore, type Store } from '../../../core/store/index.ts';
import { releaseOnce } from '../../../nodes/ItsmReleaseTrigger/loop.ts';
import { delivery, event } from '../kit/data.ts';

const NOW = Date.parse('2027-03-10T10:00:00Z');
const MINUTE = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** A comment that waits half a minute for more, by the policy of this id. */
async function hold(store: Store, user_id: string, policyId: string | null): Promise<void> {
	const item = delivery({ recipient: { user_id, username: user_id } }, event('ticket_comment'));
	const options = { policy: parsePolicy({}), policyId, now: NOW };
	const { held } = await gate(store, [parseDelivery({ ...item, delivery_id: user_id })], options);
	expect(held).toHaveLength(1);
}

async function look(store: Store, at: number) {
	const emitted: string[] = [];
	const warnings: string[] = [];
	const pause = await releaseOnce({
		store,
		owner: 'me',
		pollMs: 10_000,
		leaseMs: 15 * MINUTE,
		now: () => at,
		emit: (list) => emitted.push(...list.map((d) => d.recipient.user_id)),
		warn: (message) => warnings.push(message),
	});
	return { emitted, warnings, pause };
}

it('held by a policy that this version refuses: the other person has the message, and the loop does not spin', async () => {
	const store = createMemoryStore();
	await store.policies.keep('p_old', { aggregation: { of_old: true } }, iso(NOW));
	await hold(store, 'ann', 'p_old');
	await hold(store, 'bob', null);
	const { emitted, warnings, pause } = await look(store, NOW + MINUTE);
	expect(emitted).toEqual(['bob']);
	expect(warnings).toEqual([expect.stringMatching(/^1 part\(s\) could not be .*: Held for ann: /)]);
	expect(pause).toBe(10_000);
	// Mended: what was held is still there.
	await store.policies.keep('p_old', {}, iso(NOW));
	store.policies.get = async () => undefined;
	expect((await look(store, NOW + 2 * MINUTE)).emitted).toEqual(['ann']);
});

it('the store is gone: the look fails as a whole', async () => {
	const store = createMemoryStore();
	await hold(store, 'ann', null);
	store.held.duePairs = async () => {
		throw new Error('no connection');
	};
	await expect(look(store, NOW + MINUTE)).rejects.toThrow('no connection');
});
