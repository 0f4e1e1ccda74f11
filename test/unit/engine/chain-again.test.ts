import { intake, savePolicy, savePreferences, tick } from '../../../core/engine';
import { parsePolicy } from '../../../core/preferences';
import { createMemoryStore } from '../../../core/store';
import { person } from '../semantics/timetable';
import { at, eventOf, iso } from './morning';

const POLICY = {
	priority: { base: { default: 100 } },
	escalation: { steps: [{ after: '10m', to: 'manager' }] },
};

test('the run of an event comes again after its chain has ended: the steps do not fire once more', async () => {
	const store = createMemoryStore();
	const people = [{ ...person('ann'), manager: 'max' }, person('max')];
	await savePreferences(store, people, at('09:00:00'));
	await savePolicy(store, POLICY, at('09:00:00'));
	const event = eventOf('e1', '10:00:00', { event_type: 'ticket_assigned' });
	const run = (time: string) =>
		intake(store, [event], {
			policy: parsePolicy(POLICY),
			policyId: null,
			now: at(time),
			knownChannels: ['slack'],
		});
	const fired: string[] = [];
	const look = async (time: string): Promise<void> => {
		await tick(store, { now: at(time), knownChannels: ['slack'] });
		const rows = await store.deliveries.leaseDue(iso(time), 9, 'me', iso('23:00:00'));
		fired.push(...rows.map(({ user_id, purpose }) => `${user_id} ${purpose}`));
	};
	await run('10:00:00');
	await look('10:10:00');
	// Nobody told how the first run ended, and its message has not been sent.
	expect((await run('10:15:00')).send).toHaveLength(1);
	await look('10:25:00');
	expect(fired).toEqual(['max escalation:1']);
});
