import type { IDataObject } from 'n8n-workflow';
import { setClock } from '../kit/clock.ts';
import { event, JOHN } from '../kit/data.ts';
import { outputsOf, runNode } from '../kit/run.ts';
import { freshStore, savePeople } from '../kit/store.ts';

/** A day of which one event was recorded, at 10:00 UTC. */
async function recordedDay() {
	setClock('2027-03-01T10:00:00Z');
	const credentials = freshStore();
	await savePeople(credentials, JOHN);
	const items = [event('ticket_assigned', {}, { target_users: ['john'] })];
	const [deliver] = await outputsOf('itsmPreferenceResolver', { credentials, items });
	await outputsOf('itsmAggregateSilence', {
		credentials,
		mode: 'trigger',
		items: deliver,
	});
	return credentials;
}

const replayed = (parameters: IDataObject, timezone?: string) => ({
	parameters: { operation: 'replay', policy: '', preferences: '[]', ...parameters },
	timezone,
});

it.each([
	['2027-03-01T17:59:00', '2027-03-01T18:01:00', 'Asia/Shanghai', 1],
	['2027-03-01T09:59:00', '2027-03-01T10:01:00', 'Asia/Shanghai', 0],
	['2027-03-01T04:59:00', '2027-03-01T05:01:00', 'America/New_York', 1],
	['2027-03-01T09:59:00Z', '2027-03-01T10:01:00Z', 'Asia/Shanghai', 1],
])('%s to %s, as the picker writes it in %s: %d event(s)', async (start, end, zone, count) => {
	const credentials = await recordedDay();
	const options = { credentials, ...replayed({ start, end }, zone) };
	const [[item]] = await outputsOf('itsmSimulator', options);
	expect(item).toMatchObject({ events: count });
});

it.each([
	['no date in From', { start: 'soon', end: '2027-03-02T00:00:00' }, '"From" is no time'],
	['no date in To', { start: '2027-03-01T00:00:00', end: 'soon' }, '"To" is no time'],
	[
		'an end before the start',
		{ start: '2027-03-01T12:00:00', end: '2027-03-01T09:00:00' },
		'end: must be after start',
	],
])('%s is refused by name', async (_name, span, message) => {
	const result = await runNode('itsmSimulator', { credentials: freshStore(), ...replayed(span) });
	expect(result.error()?.message).toContain(message);
});
