import type { IDataObject } from 'n8n-workflow';
import { setClock } from '../kit/clock.ts';
import { event, JOHN } from '../kit/data.ts';
import { outputsOf } from '../kit/run.ts';
import { freshStore, savePeople, savePolicy, storeNode } from '../kit/store.ts';

const NOON = '2027-03-01T12:00:00Z';
const at = (time: string) => `2027-03-01T${time}:00.000Z`;

/** What the simulator decides of one event for John, in a store that was made ready. */
async function decided(ready: (credentials: ReturnType<typeof freshStore>) => Promise<unknown>) {
	setClock(NOON);
	const credentials = freshStore();
	await savePeople(credentials, {
		...JOHN,
		notification_preferences: { ...JOHN.notification_preferences, channels: ['slack'] },
	});
	await ready(credentials);
	const items = [event('ticket_assigned', {}, { target_users: ['john'] })];
	const parameters = { operation: 'events', hours: 4 };
	const [[json]] = await outputsOf('itsmSimulator', { credentials, items, parameters });
	const { decisions, messages, warnings } = json as Record<string, IDataObject[]>;
	expect(warnings).toEqual([]);
	return [...decisions.map((d) => `${d.action} ${d.reason}`), ...messages.map((m) => m.at)];
}

const silence = (more: IDataObject) => (credentials: ReturnType<typeof freshStore>) =>
	storeNode(credentials, 'silence', 'create', {
		matchers: ['event_type="ticket_assigned"'],
		endsAt: at('14:00'),
		comment: 'move',
		...more,
	});

describe('Try Events takes the store as it is now', () => {
	it('people and policy', async () => {
		expect(await decided(async () => undefined)).toEqual(['send send_now', at('12:00')]);
		const eager = { priority: { thresholds: { immediate: 1 } } };
		expect(await decided((credentials) => savePolicy(credentials, eager))).toEqual([
			'send strategy_immediate',
			at('12:00'),
		]);
	});

	it("a person's presence", async () => {
		const meeting = { userId: 'john', status: 'in_meeting', until: at('13:00') };
		const found = await decided((credentials) =>
			storeNode(credentials, 'presence', 'set', meeting),
		);
		expect(found).toEqual(['hold in_meeting', at('13:00')]);
	});

	it('a silence that runs', async () => {
		expect(await decided(silence({}))).toEqual(['hold silenced_by_administrator', at('14:00')]);
	});
});
