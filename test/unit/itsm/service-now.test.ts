import { openItsm } from '../../../core/itsm/index';
import { ACCOUNT, GROUPS, PEOPLE, serviceNowFake, type ServiceNowFake } from './service-now-fake';

let fake: ServiceNowFake;
let id: string;
beforeEach(() => {
	fake = serviceNowFake();
	const { ticket } = fake.tickets.create(
		{
			short_description: 'Disk full',
			urgency: '2',
			impact: '2',
			assignment_group: GROUPS[0].sys_id,
		},
		'emma',
	);
	id = ticket.sys_id;
});
const [JOHN, EMMA] = PEOPLE;

test('by sys_id and by number; names as people read them', async () => {
	const itsm = fake.open();
	const ticket = await itsm.read(id);
	expect(ticket).toMatchObject({
		id,
		number: 'INC0010001',
		title: 'Disk full',
		status: 'new',
		native_status: 'New',
		assignee: null,
		priority: 'Medium',
		group: 'Service Desk',
		url: `https://dev1.service-now.test/nav_to.do?uri=incident.do%3Fsys_id%3D${id}`,
		version: '0',
	});
	expect(await itsm.read('INC0010001')).toEqual(ticket);
	fake.tickets.patch(id, { assigned_to: EMMA.sys_id }, 'emma');
	expect((await itsm.read(id)).assignee).toEqual({
		id: EMMA.sys_id,
		login: 'emma',
		email: 'emma@example.test',
		name: 'Emma Ng',
	});
});

test.each(['f'.repeat(32), 'INC0099999', 'INC1^ORnumberISNOTEMPTY', ''])(
	'%j is no ticket',
	async (name) => {
		await expect(fake.open().read(name)).rejects.toMatchObject({
			kind: 'not_found',
			code: 'not_found',
		});
	},
);

test('people by sys_id, mail or login; a name with a caret asks for nothing', async () => {
	const itsm = fake.open();
	const john = { id: JOHN.sys_id, login: 'john.doe', email: 'john@example.test', name: 'John Doe' };
	for (const name of [JOHN.sys_id, 'john@example.test', 'john.doe'])
		expect(await itsm.person(['unknown', name])).toEqual(john);
	fake.requests.length = 0;
	expect(await itsm.person(['x^ORuser_name=john.doe'])).toBeUndefined();
	expect(fake.requests).toEqual([]);
});

test('resolve: code and notes, which are mandatory', async () => {
	const itsm = fake.open({ closeCode: 'Known error' });
	const ticket = await itsm.read(id);
	const wish = { resolve: { notes: 'john.doe (Slack): Cleaned up', public: false } };
	const { steps, writes } = itsm.plan(wish, ticket);
	const now = await itsm.write(ticket, steps[0]);
	expect(now.status).toBe('resolved');
	expect(writes).toEqual({ status: 'resolved' });
	expect(fake.writes).toEqual([
		{ state: '6', close_code: 'Known error', close_notes: 'john.doe (Slack): Cleaned up' },
	]);
	expect(itsm.missing(now, steps[0])).toEqual([]);
	// What the data policy refuses is said in ServiceNow's own words.
	const bare = { id: 'fields' as const, body: { state: '6', close_code: '', close_notes: '' } };
	const { ticket: other } = fake.tickets.create({ short_description: 'x' }, 'emma');
	await expect(itsm.write(await itsm.read(other.sys_id), bare)).rejects.toMatchObject({
		kind: 'permanent',
		code: 'forbidden',
		message: expect.stringContaining('Resolution code'),
	});
});

test('escalate: urgency, impact and group; never down', async () => {
	const itsm = fake.open({ escalationGroup: '2nd Level', escalationImpact: '2' });
	await itsm.prepare?.();
	const wish = { escalate: true };
	let ticket = await itsm.read(id);
	const { steps, writes } = itsm.plan(wish, ticket);
	expect(steps).toEqual([
		{ id: 'fields', body: { urgency: '1', assignment_group: GROUPS[1].sys_id } },
	]);
	expect(writes).toEqual({ priority: true, group: true });
	ticket = await itsm.write(ticket, steps[0]);
	expect(ticket).toMatchObject({ priority: 'High', group: '2nd Level' });
	expect(itsm.plan(wish, ticket).steps).toEqual([]);
	fake.tickets.patch(id, { impact: '1' }, 'emma');
	expect(itsm.plan(wish, await itsm.read(id)).steps).toEqual([]);
});

test('an escalation group that is not there: said, and nothing is written', async () => {
	await expect(fake.open({ escalationGroup: 'No Such' }).prepare?.()).rejects.toMatchObject({
		code: 'unknown_group',
	});
});

test('a field that an ACL keeps from us is found out, though the answer is 200', async () => {
	fake.readOnly.push('assigned_to');
	const itsm = fake.open();
	const ticket = await itsm.read(id);
	const person = await itsm.person(['john.doe']);
	const [step] = itsm.plan({ begin: true, assignee: person }, ticket).steps;
	expect(itsm.missing(await itsm.write(ticket, step), step)).toEqual(['assigned_to']);
});

test('what people write is drawn as text, and cut', async () => {
	const itsm = fake.open();
	const ticket = await itsm.read(id);
	const said = (text: string) =>
		itsm.plan({ comment: { text, public: false } }, ticket).steps[0].body.work_notes;
	expect(said('[code]<script>x</script>[/CODE]')).toBe('[ code]<script>x</script>[/ code]');
	expect(said('中'.repeat(5000))).toHaveLength(4000);
});

test('public or not', async () => {
	const itsm = fake.open();
	const ticket = await itsm.read(id);
	const fields = [true, false].map((isPublic) =>
		Object.keys(itsm.plan({ comment: { text: 'x', public: isPublic } }, ticket).steps[0].body),
	);
	expect(fields).toEqual([['comments'], ['work_notes']]);
});

test('states and table of one’s own', async () => {
	const itsm = fake.open({ inProgressState: '10' });
	const [step] = itsm.plan({ begin: true }, await itsm.read(id)).steps;
	expect(step.body).toEqual({ state: '10' });
	await expect(fake.open({ table: 'no_such' }).read(id)).rejects.toMatchObject({
		kind: 'permanent',
		code: 'http_400',
	});
});

describe('access', () => {
	test('each way of authentication has its own header; the account is known for echoes', async () => {
		const seen: Array<Record<string, string> | undefined> = [];
		const http = async ({ headers }: { headers?: Record<string, string> }) => {
			seen.push(headers);
			return { status: 200, headers: {}, body: { result: [] } };
		};
		const base = { baseUrl: 'https://x.example.test', token: 'tok-1', account: 'bot' };
		const accounts = [];
		for (const credential of [
			{ ...base, authMode: 'basic', ...ACCOUNT, account: '' },
			{ ...base, authMode: 'bearer' },
			{ ...base, authMode: 'apiKey' },
		])
			accounts.push(await openItsm('serviceNow', credential, http).probe());
		const basic = Buffer.from(`${ACCOUNT.user}:${ACCOUNT.password}`).toString('base64');
		expect(seen).toMatchObject([
			{ Authorization: `Basic ${basic}` },
			{ Authorization: 'Bearer tok-1' },
			{ 'x-sn-apikey': 'tok-1' },
		]);
		expect(accounts).toEqual([ACCOUNT.user, 'bot', 'bot']);
	});

	test.each([
		['no address', { baseUrl: '' }],
		['no http address', { baseUrl: 'file:///etc/passwd' }],
		['no password', { password: '' }],
		['a line break in the token', { authMode: 'bearer', token: 'a\r\nX: y' }],
	])('%s: refused before any call', (_name, credential) => {
		expect(() => fake.open({}, credential)).toThrow(
			expect.objectContaining({ code: 'invalid_credential' }),
		);
	});

	test('a wrong password: auth, and the password is in no message', async () => {
		const itsm = fake.open({}, { password: 'wrong-4712' });
		const failure = await itsm.read(id).catch((error: Error) => error);
		expect(failure).toMatchObject({ kind: 'auth', code: 'auth' });
		expect(String(failure)).not.toContain('wrong-4712');
	});

	test.each([
		[302, 'permanent', 'http_302'],
		[404, 'not_found', 'not_found'],
		[429, 'retry', 'http_429'],
		[502, 'retry', 'http_502'],
	])('HTTP %i is %s', async (status, kind, code) => {
		fake.fail({ kind: { status, headers: { location: 'https://login.example.test' }, body: '' } });
		await expect(fake.open().read(id)).rejects.toMatchObject({ kind, code, ambiguous: false });
	});
});
