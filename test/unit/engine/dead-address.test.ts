import { markDead, savePreferences } from '../../../core/engine/index.ts';
import { usableAddress } from '../../../core/preferences/index.ts';
import { openStore, type Store } from '../../../core/store/index.ts';

const NOW = Date.parse('2027-03-13T09:00:00Z');
let store: Store;
beforeEach(async () => {
	store = await openStore({ kind: 'memory' });
	await savePreferences(store, [person], NOW);
});

const person = {
	user_id: 'u1',
	notification_preferences: {
		channels: ['push', 'email'],
		email: { address: 'John@Example.com' },
		push: {
			tokens: [
				{ platform: 'ios', token: 'aa' },
				{ platform: 'android', token: 'bb' },
			],
		},
	},
};
const mark = (channel: string, ...addresses: string[]) =>
	markDead(store, { user_id: 'u1', channel, addresses, code: '5.1.1' }, NOW);
const part = async (channel: string) => {
	const [row] = await store.preferences.get(['u1']);
	const all = row.document.notification_preferences as Record<string, Record<string, unknown>>;
	return all[channel];
};
const usable = async (channel: string) => usableAddress(channel, await part(channel));

it('an address that is dead is used no more, whatever its case; the record says why', async () => {
	expect(await usable('email')).toBe('John@Example.com');
	expect(await mark('email', 'john@example.com')).toBe(true);
	expect(await usable('email')).toBeUndefined();
	expect(await part('email')).toMatchObject({
		bound: false,
		unbound_reason: { code: '5.1.1', at: '2027-03-13T09:00:00.000Z' },
	});
	expect(await store.audit.list({})).toMatchObject([{ action: 'address_dead', subject: 'u1' }]);
	expect(await mark('email', 'john@example.com')).toBe(false);
});

it('of several devices the others go on', async () => {
	await mark('push', 'aa');
	expect(await usable('push')).toBe('bb');
	await mark('push', 'bb');
	expect(await usable('push')).toBeUndefined();
});

it('an address that the person no longer has changes nothing', async () => {
	expect(await mark('email', 'old@example.com')).toBe(false);
	expect(await mark('sms', '+15550100')).toBe(false);
	expect(await usable('email')).toBe('John@Example.com');
});

it('a document that is saved anew counts as it is', async () => {
	await mark('email', 'john@example.com');
	await savePreferences(store, [person], NOW);
	expect(await usable('email')).toBe('John@Example.com');
});
