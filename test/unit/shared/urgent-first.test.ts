import { setTimeout as pause } from 'node:timers/promises';

import { eventSchema } from '../../../core/events';
import { UrgentFirst, goesFirst, takeTurn, urgentFirst } from '../../../nodes/shared/urgent-first';

/** True where a wait is over within a few turns of the process. */
async function isOver(wait: Promise<void> | undefined): Promise<boolean> {
	return Promise.race([Promise.resolve(wait).then(() => true), pause(20).then(() => false)]);
}

const eventOf = (event_type: string, priority: string) =>
	eventSchema.parse({
		event_id: 'e',
		event_type,
		timestamp: '2027-03-10T10:00:00Z',
		source: 'test',
		content: { ticket_id: 'T', ticket_title: 'T', priority },
	});

describe('urgent work first, in one process', () => {
	test('without urgent work nobody waits', () => {
		expect(new UrgentFirst().giveWay()()).toBeUndefined();
	});

	test('while some goes on, the next step of other work waits; at its end it goes on', async () => {
		const first = new UrgentFirst();
		const leave = first.enter();
		const wait = first.giveWay()();
		expect(await isOver(wait)).toBe(false);
		leave();
		expect(await isOver(wait)).toBe(true);
	});

	test('with two pieces of urgent work it waits for both; leaving twice counts once', async () => {
		const first = new UrgentFirst();
		const [one, two] = [first.enter(), first.enter()];
		const wait = first.giveWay()();
		one();
		one();
		expect(await isOver(wait)).toBe(false);
		two();
		expect(await isOver(wait)).toBe(true);
	});

	test('one piece of work gives way for half a second in all, however long urgent work goes on', async () => {
		const first = new UrgentFirst();
		first.enter();
		const mine = first.giveWay();
		const wait = mine();
		expect(await isOver(wait)).toBe(false);
		await wait;
		expect(mine()).toBeUndefined();
		// Another piece of work has its own patience.
		expect(await isOver(first.giveWay()())).toBe(false);
	});

	test('announced events go first until their run begins, then the run does', async () => {
		const first = new UrgentFirst();
		first.announce();
		first.announce();
		const wait = first.giveWay()();
		expect(await isOver(wait)).toBe(false);
		const leave = first.run();
		expect(await isOver(wait)).toBe(false);
		leave();
		expect(await isOver(wait)).toBe(true);
	});

	test('in a worker: from the first node of an urgent run to the end of its sender', async () => {
		expect(urgentFirst.isOn).toBe(false);
		await takeTurn([eventOf('ticket_updated', 'Medium')]);
		expect(urgentFirst.isOn).toBe(false);
		await takeTurn([eventOf('ticket_updated', 'Critical')]);
		await takeTurn([eventOf('ticket_updated', 'Critical')]);
		const other = takeTurn([eventOf('ticket_updated', 'Medium')]);
		const leave = urgentFirst.run();
		expect(await isOver(other)).toBe(false);
		leave();
		expect(await isOver(other)).toBe(true);
		expect(urgentFirst.isOn).toBe(false);
	});

	test('in a worker: where nothing urgent is sent in the end, others go on after half a second', async () => {
		await takeTurn([eventOf('system_failure', 'Low')]);
		const other = takeTurn([eventOf('ticket_updated', 'Medium')]);
		expect(await isOver(other)).toBe(false);
		await other;
		await pause(50);
		expect(urgentFirst.isOn).toBe(false);
	});

	test('the seed’s rule says what is urgent', () => {
		const urgent = [
			['ticket_updated', 'Critical'],
			['ticket_updated', 'High'],
			['system_failure', 'Low'],
			['ticket_updated', 'Medium'],
		].map(([type, priority]) => goesFirst(eventOf(type, priority)));
		expect(urgent).toEqual([true, true, true, false]);
	});
});
