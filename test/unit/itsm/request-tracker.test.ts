import { rtFake, rtTicket, type RtFake } from './rt-fake';

let fake: RtFake;
beforeEach(() => {
	fake = rtFake();
	rtTicket(fake);
});

test('a ticket; nobody is Nobody', async () => {
	const itsm = fake.open();
	expect(await itsm.read('42')).toMatchObject({
		id: '42',
		status: 'new',
		native_status: 'new',
		assignee: null,
		priority: 'Medium',
		group: 'Service Desk',
		url: 'https://rt.example.test/rt/Ticket/Display.html?id=42',
		version: '"40"',
	});
	fake.change('42', { Owner: 'emma', Status: 'stalled' });
	expect(await itsm.read('42')).toMatchObject({
		status: 'pending',
		assignee: { id: 'emma', email: 'emma@example.test', name: 'Emma Ng' },
	});
});

test.each(['999', '42/../user/root', 'INC1', ''])('%j is no ticket', async (name) => {
	await expect(fake.open().read(name)).rejects.toMatchObject({ kind: 'not_found' });
	expect(fake.requests.every((line) => line === 'GET /rt/REST/2.0/ticket/999')).toBe(true);
});

test('owner and status go in one call, on condition that nothing has changed', async () => {
	const itsm = fake.open();
	const seen = await itsm.read('42');
	const john = await itsm.person(['john@example.test']);
	const { steps } = itsm.plan({ begin: true, assignee: john }, seen);
	expect(steps).toEqual([{ id: 'fields', body: { Owner: 'john.doe', Status: 'open' } }]);
	fake.change('42', { Owner: 'emma' });
	await expect(itsm.write(seen, steps[0])).rejects.toMatchObject({
		kind: 'conflict',
		code: 'ticket_changed',
	});
	expect(fake.tickets.get('42')?.Status).toBe('new');
});

test('who may not own tickets: 200 with a sentence, which is a failure', async () => {
	const itsm = fake.open();
	const ticket = await itsm.read('42');
	const wei = await itsm.person(['wei']);
	const [step] = itsm.plan({ assignee: wei }, ticket).steps;
	await expect(itsm.write(ticket, step)).rejects.toMatchObject({
		kind: 'permanent',
		code: 'not_written',
		message: expect.stringContaining('may not own tickets'),
	});
});

test('a public resolution does not open the ticket again', async () => {
	const itsm = fake.open();
	const ticket = await itsm.read('42');
	const { steps } = itsm.plan({ resolve: { notes: 'Cleaned up', public: true } }, ticket);
	expect(await itsm.write(ticket, steps[0])).toMatchObject({ status: 'resolved' });
	expect(fake.writes).toEqual([
		{
			method: 'POST',
			path: '/ticket/42/correspond',
			Status: 'resolved',
			Content: 'Cleaned up',
			ContentType: 'text/plain',
		},
	]);
});

test('an internal resolution is on condition, and its words follow', async () => {
	const itsm = fake.open();
	const ticket = await itsm.read('42');
	const { steps } = itsm.plan({ resolve: { notes: 'Cleaned up', public: false } }, ticket);
	expect(steps.map(({ id }) => id)).toEqual(['fields', 'comment']);
	fake.change('42', { Status: 'stalled' });
	await expect(itsm.write(ticket, steps[0])).rejects.toMatchObject({ code: 'ticket_changed' });
	expect(fake.writes).toEqual([]);
});

test('escalate: as a number, never down; to another queue', async () => {
	const itsm = fake.open({ escalationQueue: '2nd Level' });
	await itsm.prepare?.();
	let ticket = await itsm.read('42');
	const [step] = itsm.plan({ escalate: true }, ticket).steps;
	expect(step.body).toEqual({ Priority: '100', Queue: '4' });
	ticket = await itsm.write(ticket, step);
	expect(ticket).toMatchObject({ priority: 'High', group: '2nd Level' });
	fake.change('42', { Priority: '150' });
	expect(itsm.plan({ escalate: true }, await itsm.read('42')).steps).toEqual([]);
	await expect(fake.open({ escalationQueue: 'None' }).prepare?.()).rejects.toMatchObject({
		code: 'unknown_group',
	});
});

test('written, and the look at it broke off: in doubt', async () => {
	const itsm = fake.open();
	const ticket = await itsm.read('42');
	const [step] = itsm.plan({ begin: true }, ticket).steps;
	fake.fail({ method: 'GET', kind: 'refused' });
	await expect(itsm.write(ticket, step)).rejects.toMatchObject({ kind: 'retry', ambiguous: true });
	expect(fake.tickets.get('42')?.Status).toBe('open');
});

test('the token stands in no message', async () => {
	fake.fail({
		kind: { status: 401, headers: {}, body: { message: 'bad 1-31-0123456789abcdef' } },
	});
	const failure = await fake
		.open()
		.read('42')
		.catch((error: Error) => error);
	expect(failure).toMatchObject({ kind: 'auth' });
	expect(String(failure)).not.toContain('0123456789abcdef');
});
