// Request Tracker 5.0.3's REST 2 as far as we use it: what it refuses, and how, was looked up on a running one.
import type { HttpRequest, HttpResponse } from '../../../core/channels/index';
import { openItsm, type Itsm, type ItsmSettings } from '../../../core/itsm/index';
import { faultLine, type FaultLine } from './faults';

export const TOKEN = '1-31-0123456789abcdef';
const USERS: Record<string, { EmailAddress: string; RealName: string; owns: boolean }> = {
	'n8n-bot': { EmailAddress: 'bot@example.test', RealName: 'N8N Bot', owns: true },
	'john.doe': { EmailAddress: 'john@example.test', RealName: 'John Doe', owns: true },
	emma: { EmailAddress: 'emma@example.test', RealName: 'Emma Ng', owns: true },
	wei: { EmailAddress: 'wei@example.test', RealName: '张伟', owns: false },
};
const QUEUES: Record<string, string> = { '3': 'Service Desk', '4': '2nd Level' };
const STATUSES = ['new', 'open', 'stalled', 'resolved', 'rejected', 'deleted'];

export interface RtTicket {
	id: string;
	Subject: string;
	Status: string;
	Owner: string;
	Priority: string;
	Queue: string;
	/** The number of the newest transaction is the ETag. */
	transactions: Array<{
		id: number;
		Type: string;
		Creator: string;
		Created: string;
		Content?: string;
	}>;
}

export interface RtFake extends FaultLine {
	tickets: Map<string, RtTicket>;
	/** Changes a ticket as somebody else does. */
	change(id: string, fields: Partial<RtTicket>, by?: string): void;
	writes: Array<Record<string, unknown>>;
	open(settings?: ItsmSettings): Itsm;
}

export function rtFake(now: () => Date = () => new Date()): RtFake {
	const tickets = new Map<string, RtTicket>();
	const writes: RtFake['writes'] = [];
	const line = faultLine();
	let last = 45;
	const note = (ticket: RtTicket, Type: string, Creator: string, Content?: string): void => {
		ticket.transactions.push({
			id: ++last,
			Type,
			Creator,
			Created: now().toISOString().slice(0, 19) + 'Z',
			Content,
		});
	};
	const person = (login: string) => ({ type: 'user', id: login, _url: `http://rt/user/${login}` });
	const json = (
		status: number,
		body: unknown,
		headers: HttpResponse['headers'] = {},
	): HttpResponse => ({
		status,
		headers: { 'content-type': 'application/json; charset="utf-8"', ...headers },
		body: structuredClone(body),
	});
	const refuse = (status: number, message: string): HttpResponse => json(status, { message });
	const etag = ({ transactions }: RtTicket): string => `"${transactions.at(-1)?.id}"`;
	const PRIORITIES: Record<string, string> = { Low: '0', Medium: '50', High: '100' };

	function put(ticket: RtTicket, body: Record<string, unknown>): string[] {
		const said: string[] = [];
		const say = (text: string): void => void said.push(`Ticket ${ticket.id}: ${text}`);
		const { Owner, Priority, Queue, Status } = body as Record<string, string | undefined>;
		if (Owner !== undefined && Owner !== ticket.Owner) {
			if (!USERS[Owner]) say('That user does not exist');
			else if (!['Nobody', 'n8n-bot'].includes(ticket.Owner))
				say('You can only reassign tickets that you own or that are unowned');
			else if (!USERS[Owner].owns) say('That user may not own tickets in that queue');
			else {
				say(`Owner changed from ${ticket.Owner} to ${Owner}`);
				ticket.Owner = Owner;
				note(ticket, 'Set', 'n8n-bot');
			}
		}
		if (Priority !== undefined) {
			// An unknown label is the lowest priority.
			const value = /^\d+$/.test(Priority) ? Priority : (PRIORITIES[Priority] ?? '0');
			if (value !== ticket.Priority) {
				say('Priority changed');
				ticket.Priority = value;
				note(ticket, 'Set', 'n8n-bot');
			}
		}
		if (Queue !== undefined && Queue !== ticket.Queue) {
			const found = Object.entries(QUEUES).find(([id, name]) => id === Queue || name === Queue);
			if (!found) say(`Queue ${Queue} does not exist`);
			else {
				say(`Queue changed to ${found[1]}`);
				ticket.Queue = found[0];
				note(ticket, 'Set', 'n8n-bot');
			}
		}
		if (Status !== undefined && Status !== ticket.Status) {
			if (!STATUSES.includes(Status))
				say(`Status '${Status}' isn't a valid status for this ticket.`);
			else {
				say(`Status changed from '${ticket.Status}' to '${Status}'`);
				ticket.Status = Status;
				note(ticket, 'Status', 'n8n-bot');
			}
		}
		return said;
	}

	const answer = async (request: HttpRequest): Promise<HttpResponse> => {
		const headers = Object.fromEntries(
			Object.entries(request.headers ?? {}).map(([k, v]) => [k.toLowerCase(), v]),
		);
		const url = new URL(request.url);
		const path = url.pathname.replace(/^\/rt\/REST\/2\.0/, '');
		if (path === url.pathname) return refuse(404, 'Not Found');
		if (headers.authorization !== `token ${TOKEN}`) return refuse(401, 'Unauthorized');
		const body = (request.body ?? {}) as Record<string, unknown>;
		const [, kind, id, part] = path.split('/').map(decodeURIComponent);
		if (request.method === 'GET' && kind === 'rt') return json(200, { Version: '5.0.3' });
		if (request.method === 'GET' && kind === 'users') {
			const [{ field, value }] = JSON.parse(url.searchParams.get('query') ?? '[]') as [
				{ field: string; value: string },
			];
			const items = Object.entries(USERS)
				.map(([Name, user]) => ({
					...person(Name),
					Name,
					EmailAddress: user.EmailAddress,
					RealName: user.RealName,
				}))
				.filter((user) => String(user[field as 'Name']).toLowerCase() === value.toLowerCase());
			return json(200, { count: items.length, items, page: 1, total: items.length });
		}
		if (request.method === 'GET' && kind === 'user') {
			const user = USERS[id];
			return user
				? json(200, { Name: id, EmailAddress: user.EmailAddress, RealName: user.RealName })
				: refuse(404, 'Not Found');
		}
		if (request.method === 'GET' && kind === 'queue') {
			const found = Object.entries(QUEUES).find(([key, name]) => key === id || name === id);
			return found ? json(200, { id: Number(found[0]), Name: found[1] }) : refuse(404, 'Not Found');
		}
		const ticket = kind === 'ticket' ? tickets.get(id) : undefined;
		if (!ticket) return refuse(404, 'Not Found');
		const match = headers['if-match'];
		if (match !== undefined && (part !== undefined || match !== etag(ticket)))
			return refuse(412, 'Precondition Failed');
		if (request.method === 'GET' && part === 'attachments') {
			const items = ticket.transactions
				.filter((t) => t.Content !== undefined)
				.reverse()
				.map((t) => ({
					id: String(t.id),
					Content: t.Content,
					Created: t.Created,
					Creator: person(t.Creator),
				}));
			return json(200, { count: items.length, items, total: null });
		}
		if (request.method === 'GET')
			return json(
				200,
				{
					id: Number(ticket.id),
					Subject: ticket.Subject,
					Status: ticket.Status,
					Owner: person(ticket.Owner),
					Priority: ticket.Priority,
					Queue: { type: 'queue', id: ticket.Queue },
				},
				{ ETag: etag(ticket) },
			);
		writes.push({ method: request.method, path, ...body });
		if (request.method === 'PUT' && part === undefined) return json(200, put(ticket, body));
		if (request.method === 'POST' && (part === 'comment' || part === 'correspond')) {
			if (!body.Content) return refuse(400, 'Content is a required field');
			if (!body.ContentType)
				return refuse(400, 'ContentType is a required field for application/json');
			note(ticket, part === 'comment' ? 'Comment' : 'Correspond', 'n8n-bot', String(body.Content));
			// RT's own rule: a reply opens what was new or done.
			if (part === 'correspond' && ['new', 'resolved', 'rejected'].includes(ticket.Status))
				put(ticket, { Status: 'open' });
			if (body.Status) put(ticket, { Status: body.Status });
			return json(201, ['Comments added']);
		}
		return refuse(405, 'Method Not Allowed');
	};

	return {
		...line,
		tickets,
		writes,
		change(id, fields, by = 'emma') {
			const ticket = tickets.get(id) as RtTicket;
			Object.assign(ticket, fields);
			note(ticket, 'Set', by);
		},
		open: (settings) =>
			openItsm(
				'requestTracker',
				{ baseUrl: 'https://rt.example.test/rt', token: TOKEN, account: 'n8n-bot' },
				line.through(answer),
				settings,
			),
	};
}

/** A ticket in the Service Desk queue. */
export function rtTicket(fake: RtFake, more: Partial<RtTicket> = {}): RtTicket {
	const ticket = {
		id: '42',
		Subject: 'Disk full',
		Status: 'new',
		Owner: 'Nobody',
		Priority: '50',
		Queue: '3',
		transactions: [{ id: 40, Type: 'Create', Creator: 'emma', Created: '2027-03-13T08:00:00Z' }],
		...more,
	};
	fake.tickets.set(ticket.id, ticket);
	return ticket;
}
