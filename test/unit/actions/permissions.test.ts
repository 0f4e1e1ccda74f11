import {
	chooseTicket,
	permit,
	permittedActions,
	type KnownTicket,
} from '../../../core/actions/index.ts';

describe('buttons by role and status, the rule of the seed', () => {
	it.each([
		['assignee', 'new', ['acknowledge', 'escalate', 'comment']],
		['assignee', 'assigned', ['resolve', 'escalate', 'comment']],
		['assignee', 'in_progress', ['resolve', 'escalate', 'comment']],
		['assignee', 'pending', ['escalate', 'comment']],
		['assignee', 'resolved', ['comment']],
		['assignee', 'closed', []],
		['requester', 'new', ['comment']],
		['watcher', 'in_progress', ['comment']],
		['manager', 'new', ['acknowledge', 'escalate', 'comment']],
		['assignee', null, ['acknowledge', 'resolve', 'escalate', 'comment']],
	])('%s of a ticket that is %s', (role, status, expected) => {
		expect(permittedActions({ roles: [role], status })).toEqual(expected);
	});

	it('somebody without a role has none, and is told why', () => {
		expect(permittedActions({ roles: [], status: 'new' })).toEqual([]);
		expect(permit('acknowledge', { roles: [], status: 'new' })).toEqual({
			allowed: false,
			reason: 'not_your_ticket',
		});
	});

	it('while it escalates, an open ticket can be acknowledged in any status; a resolved one cannot', () => {
		const ask = (status: string) =>
			permit('acknowledge', { roles: ['assignee'], status, escalating: true }).allowed;
		expect([ask('assigned'), ask('in_progress'), ask('resolved')]).toEqual([true, true, false]);
	});

	it('a strongest role among several counts; the refusal names what stands against it', () => {
		expect(permit('resolve', { roles: ['watcher', 'assignee'], status: 'assigned' }).allowed).toBe(
			true,
		);
		expect(permit('resolve', { roles: ['watcher'], status: 'assigned' }).reason).toBe(
			'role_not_permitted',
		);
		expect(permit('resolve', { roles: ['assignee'], status: 'closed' }).reason).toBe(
			'status_not_permitted',
		);
		expect(permit('status', { roles: ['watcher'], status: 'closed' }).allowed).toBe(true);
	});
});

describe('which ticket is meant', () => {
	const ticket = (id: string, open = true, number: string | null = null): KnownTicket => ({
		ticket_key: `jira:${id}`,
		ticket_id: id,
		number,
		open,
		told_at: '2027-03-13T09:00:00.000Z',
	});
	const chosen = (named: string | undefined, ...tickets: KnownTicket[]) => {
		const choice = chooseTicket(named, tickets);
		return choice.ok ? choice.ticket.ticket_id : choice.problem;
	};

	it('the one that is named, by id, number or digits; another prefix does not fit', () => {
		expect(chosen('inc-42', ticket('INC-42'), ticket('INC-43'))).toBe('INC-42');
		expect(chosen('42', ticket('INC0000042'), ticket('INC-43'))).toBe('INC0000042');
		expect(chosen('7', ticket('abc', true, 'INC-7'))).toBe('abc');
		expect(chosen('CHG42', ticket('INC-42'))).toBe('unknown_ticket');
		expect(chosen('43', ticket('INC-42'))).toBe('unknown_ticket');
	});

	it('of two that fit the open one; two open ones are asked for', () => {
		expect(chosen('42', ticket('INC-42', false), ticket('CHG-42'))).toBe('CHG-42');
		expect(chosen('42', ticket('INC-42'), ticket('CHG-42'))).toBe('which_ticket');
	});

	it('nothing named: the one open ticket, and never a guess', () => {
		expect(chosen(undefined, ticket('INC-1', false), ticket('INC-2'))).toBe('INC-2');
		expect(chosen(undefined, ticket('INC-1'), ticket('INC-2'))).toBe('which_ticket');
		expect(chosen(undefined, ticket('INC-1', false))).toBe('no_ticket');
	});
});
