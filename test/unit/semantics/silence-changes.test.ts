import { event, instant, person, runTimetable, type Timetable } from './timetable';

const ann = person('ann');
const silence = (
	ends: string,
	matchers = ['content.priority="Low"'],
): { silence: Record<string, unknown> } => ({
	silence: { id: 's1', matchers, ends_at: instant(ends), author: 'eve', comment: '' },
});
const low = (id: string): { event: Record<string, unknown> } =>
	event('ticket_assigned', id, undefined, { priority: 'Low' });

const tables: Record<string, Timetable & { warnings?: string[] }> = {
	'RS5 a silence whose end is moved forward lets go at the new end': {
		people: [ann],
		push: [
			['09:00', silence('12:00')],
			['10:00', low('T1')],
			['10:10', silence('11:00')],
		],
		want: [['11:00', 'slack', 'ann', 'T1']],
	},
	'RS5 a silence whose end is moved back holds on': {
		people: [ann],
		push: [
			['09:00', silence('12:00')],
			['10:00', low('T1')],
			['10:10', silence('13:00')],
		],
		want: [['13:00', 'slack', 'ann', 'T1']],
	},
	'RS5 a silence that is made narrower lets go of what it no longer means': {
		people: [ann],
		push: [
			['09:00', silence('12:00')],
			['10:00', low('T1')],
			['10:00', low('T2')],
			['10:10', silence('12:00', ['content.ticket_id="T2"'])],
		],
		want: [
			['10:10', 'slack', 'ann', 'T1'],
			['12:00', 'slack', 'ann', 'T2'],
		],
	},
	'RS5 an ended silence never comes back, and whoever tries is told': {
		people: [ann],
		push: [
			['09:00', silence('12:00')],
			['09:30', { end_silence: 's1' }],
			['09:40', silence('12:00')],
			['10:00', low('T1')],
		],
		want: [['10:00', 'slack', 'ann', 'T1']],
		warnings: ['silence_ended id'],
	},
	'RS5 ending a silence that does not run is a warning': {
		people: [ann],
		push: [
			['09:00', { end_silence: 's9' }],
			['10:00', low('T1')],
		],
		want: [['10:00', 'slack', 'ann', 'T1']],
		warnings: ['not_found end_silence'],
	},
};

describe('gate: changed silences', () => {
	test.each(Object.entries(tables))('%s', async (_name, table) => {
		const { warnings } = await runTimetable(table);
		expect(warnings.map(({ code, field }) => `${code} ${field}`)).toEqual(table.warnings ?? []);
	});
});
