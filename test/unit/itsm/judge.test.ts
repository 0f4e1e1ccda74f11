import { judge, type ItsmTicket, type Question } from '../../../core/itsm/index';

const JOHN = { id: 'u-john', login: 'john.doe', name: 'John Doe' };
const EMMA = { id: 'u-emma', login: 'emma', name: 'Emma Ng' };

const ticket = (
	status: ItsmTicket['status'],
	assignee: ItsmTicket['assignee'] = null,
): ItsmTicket => ({
	id: 't',
	number: null,
	title: 'Disk full',
	status,
	native_status: status ?? '?',
	assignee,
	priority: 'High',
	group: null,
	url: null,
	version: '1',
	native: {},
});

const T = (minute: number): string => `2027-03-13T09:${String(minute).padStart(2, '0')}:00.000Z`;
const byEmma = (minute: number) => ({ acknowledged: { by: 'emma', name: 'emma', at: T(minute) } });
const byJohn = (minute: number) => ({ acknowledged: { by: 'john', name: 'john', at: T(minute) } });

/** `kind` or `kind code`. */
function verdict(
	action: Question['action'],
	now: ItsmTicket,
	more: Partial<Question> = {},
): string {
	const given = judge({
		action,
		ticket: now,
		userId: 'john',
		mine: ['john.doe', 'john@example.test'],
		shown: {},
		history: {},
		...more,
	});
	return 'code' in given ? `${given.kind} ${given.code}` : given.kind;
}

const FIRST = 'conflict acknowledged_by_other';
const CHANGED = 'conflict ticket_changed';
const OVER = 'conflict already_done';

describe('acknowledge', () => {
	const shownNew = { shown: { status: 'new', assignee: null } };
	test.each([
		['new, nobody’s', ticket('new'), shownNew, 'write'],
		['new, theirs', ticket('new', JOHN), shownNew, 'write'],
		['new, given to another since', ticket('new', EMMA), shownNew, CHANGED],
		[
			'new, another’s as it was shown',
			ticket('new', EMMA),
			{ shown: { status: 'new', assignee: 'emma' } },
			'write',
		],
		['new, another’s, nothing shown', ticket('new', EMMA), {}, 'write'],
		[
			'assigned is as good as new',
			ticket('new', JOHN),
			{ shown: { status: 'assigned', assignee: 'john.doe' } },
			'write',
		],
		['begun by another', ticket('in_progress', EMMA), shownNew, FIRST],
		['begun by another, nothing shown', ticket('in_progress', EMMA), {}, FIRST],
		['begun and theirs', ticket('in_progress', JOHN), shownNew, 'unchanged already_yours'],
		['begun by nobody', ticket('in_progress'), shownNew, CHANGED],
		['begun by nobody, nothing shown', ticket('in_progress'), {}, 'write'],
		[
			'begun, acknowledged by another',
			ticket('in_progress'),
			{ ...shownNew, history: byEmma(5) },
			FIRST,
		],
		[
			'new again after another’s acknowledgement',
			ticket('new'),
			{ ...shownNew, history: byEmma(5) },
			'write',
		],
		['put on hold by another', ticket('pending', EMMA), shownNew, FIRST],
		['resolved', ticket('resolved', EMMA), shownNew, OVER],
		['closed', ticket('closed'), {}, OVER],
		['of a status that nobody knows', ticket(null), shownNew, 'write'],
		// An escalation asks of a ticket in progress.
		[
			'escalating, theirs',
			ticket('in_progress', JOHN),
			{ shown: { status: 'in_progress', assignee: 'john.doe', at: T(10) } },
			'write',
		],
		[
			'escalating, answered already',
			ticket('in_progress', JOHN),
			{ shown: { status: 'in_progress', assignee: 'john.doe', at: T(10) }, history: byJohn(11) },
			'unchanged already_yours',
		],
		[
			'escalating, another’s',
			ticket('in_progress', EMMA),
			{ shown: { status: 'in_progress', assignee: 'emma', at: T(10) } },
			'write',
		],
		[
			'escalating, another answered since',
			ticket('in_progress', EMMA),
			{ shown: { status: 'in_progress', assignee: 'emma', at: T(10) }, history: byEmma(11) },
			FIRST,
		],
		[
			'escalating again, another answered before',
			ticket('in_progress', EMMA),
			{ shown: { status: 'in_progress', assignee: 'emma', at: T(10) }, history: byEmma(9) },
			'write',
		],
	])('%s', (_name, now, more, expected) => {
		expect(verdict('acknowledge', now, more)).toBe(expected);
	});
});

describe('resolve, escalate, assign', () => {
	const shown = { shown: { status: 'in_progress', assignee: 'john.doe' } };
	const last = { by: 'john', at: T(1), status: 'in_progress' as const, assignee: 'u-john' };
	test.each([
		['as it was shown', ticket('in_progress', JOHN), shown, 'write', 'write'],
		['nothing shown', ticket('in_progress', EMMA), {}, 'write', 'write'],
		['on hold since', ticket('pending', JOHN), shown, CHANGED, CHANGED],
		['another’s since', ticket('in_progress', EMMA), shown, CHANGED, CHANGED],
		[
			'theirs since',
			ticket('in_progress', JOHN),
			{ shown: { status: 'in_progress', assignee: 'emma' } },
			'write',
			'write',
		],
		[
			'begun by themselves since',
			ticket('in_progress', JOHN),
			{ shown: { status: 'new', assignee: null }, history: { last } },
			'write',
			'write',
		],
		[
			'begun by themselves, then changed',
			ticket('in_progress', EMMA),
			{ shown: { status: 'new', assignee: null }, history: { last } },
			CHANGED,
			CHANGED,
		],
		['resolved since', ticket('resolved', EMMA), shown, 'unchanged already_done', OVER],
		['closed since', ticket('closed', EMMA), shown, 'unchanged already_done', OVER],
	])('%s', (_name, now, more, resolve, escalate) => {
		expect(verdict('resolve', now, more)).toBe(resolve);
		expect(verdict('escalate', now, more)).toBe(escalate);
		const target = { id: 'u-wei', login: 'wei' };
		expect(verdict('assign', now, { ...more, target })).toBe(escalate);
	});

	test('assign to whom has it', () => {
		expect(verdict('assign', ticket('new', EMMA), { target: EMMA })).toBe(
			'unchanged already_assigned',
		);
	});
});

test.each([
	['new', 'write'],
	['in_progress', 'write'],
	['resolved', 'write'],
	['closed', OVER],
] as const)('a comment overwrites nothing: %s', (status, expected) => {
	expect(verdict('comment', ticket(status, EMMA), { shown: { status: 'new' } })).toBe(expected);
});

test('a workflow of one’s own shares no history with another', () => {
	const last = { by: '', at: T(1), status: 'in_progress' as const, assignee: null };
	const asked = { userId: null, mine: [], shown: { status: 'new' }, history: { last } };
	expect(verdict('resolve', ticket('in_progress'), asked)).toBe(CHANGED);
});
