// The sandbox's ServiceNow without its port: as strict as there, and it can lose answers.
import type { HttpRequest, HttpResponse } from '../../../core/channels/index';
import { TransportError } from '../../../core/channels/index';
import { openItsm, type Itsm, type ItsmSettings } from '../../../core/itsm/index';
import { tableApi } from '../../../sandbox/itsm/tableApi';
import { createTickets } from '../../../sandbox/itsm/tickets';
import { faultLine, type FaultLine } from './faults';

export const ACCOUNT = { user: 'itsm-bot', password: 'bot-pass-4711' };
const id = (digit: string): string => digit.repeat(32);

export const PEOPLE = [
	{ sys_id: id('a'), user_name: 'john.doe', name: 'John Doe', email: 'john@example.test' },
	{ sys_id: id('b'), user_name: 'emma', name: 'Emma Ng', email: 'emma@example.test' },
	{ sys_id: id('c'), user_name: 'wei', name: '张伟', email: 'wei@example.test' },
];
export const GROUPS = [
	{ sys_id: id('1'), name: 'Service Desk' },
	{ sys_id: id('2'), name: '2nd Level' },
];

export interface ServiceNowFake extends FaultLine {
	tickets: ReturnType<typeof createTickets>;
	/** `PATCH incident` bodies in order. */
	writes: Array<Record<string, string>>;
	readOnly: string[];
	open(settings?: ItsmSettings, credential?: Record<string, unknown>): Itsm;
}

export function serviceNowFake(now: () => Date = () => new Date()): ServiceNowFake {
	const tickets = createTickets(structuredClone(PEOPLE), GROUPS, now);
	const writes: ServiceNowFake['writes'] = [];
	const readOnly: string[] = [];
	const line = faultLine();
	const answer = async (request: HttpRequest): Promise<HttpResponse> => {
		const url = new URL(request.url);
		if (url.origin !== 'https://dev1.service-now.test')
			throw new TransportError('dns', 'no such host', false);
		const text = request.body === undefined ? '' : JSON.stringify(request.body);
		const given = tableApi(
			{
				store: tickets,
				baseUrl: () => url.origin,
				account: ACCOUNT,
				readOnly,
				save: (ticket, patch, by) => {
					writes.push(patch as Record<string, string>);
					return tickets.patch(ticket, patch, by).ticket;
				},
				create: (input, by) => tickets.create(input, by).ticket,
			},
			{
				method: request.method,
				path: url.pathname,
				query: url.searchParams,
				headers: Object.fromEntries(
					Object.entries(request.headers ?? {}).map(([k, v]) => [k.toLowerCase(), v]),
				),
				raw: Buffer.from(text),
				text,
			},
		);
		return {
			status: given.status,
			headers: given.headers ?? {},
			body: structuredClone(given.body),
		};
	};
	return {
		...line,
		tickets,
		writes,
		readOnly,
		open: (settings, credential) =>
			openItsm(
				'serviceNow',
				{ baseUrl: 'https://dev1.service-now.test/', authMode: 'basic', ...ACCOUNT, ...credential },
				line.through(answer),
				settings,
			),
	};
}
