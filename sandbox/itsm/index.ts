import { randomBytes } from 'node:crypto';

import { contentPolicy } from '../inbox/page.ts';
import type { Answer, Call, Simulator } from '../simulators/http.ts';
import { startHttp } from '../simulators/http.ts';
import { createEventStream } from '../simulators/sse.ts';
import type { Change, Group, NewTicket, Person, Ticket, WebhookEvent } from './model.ts';
import { itsmPage } from './page.ts';
import { tableApi } from './tableApi.ts';
import { createTickets, TicketError } from './tickets.ts';
import type { Patch, TicketStore } from './tickets.ts';
import { fireWebhook, webhookBody } from './webhook.ts';
import type { Firing, WebhookTarget } from './webhook.ts';

export type { Firing, WebhookTarget } from './webhook.ts';
export type { Group, NewTicket, Person, Ticket, WebhookEvent } from './model.ts';
export { SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from './webhook.ts';

export interface ItsmConfig {
	people: Person[];
	groups?: Group[];
	/** Account of the Table API. */
	account?: { user: string; password: string };
	/** Where webhooks go; may be set later. */
	webhook?: WebhookTarget;
	/** Links on the page. */
	inboxUrl?: string;
}

export interface ItsmSimulator extends Simulator {
	store: TicketStore;
	setWebhook(target: WebhookTarget | undefined): void;
	setInboxUrl(url: string): void;
	/** Creates a ticket and fires `insert`. */
	create(input: NewTicket, by?: string): Promise<{ ticket: Ticket; firing?: Firing }>;
	/** Saves a change (assignment, state, comment, …) and fires what it means. */
	update(id: string, patch: Patch, by?: string): Promise<{ ticket: Ticket; firing?: Firing }>;
	/** Fires an event of a ticket without changing it. */
	fire(ticket: Ticket, event: WebhookEvent): Promise<Firing | undefined>;
	firings(): Firing[];
}

const KEPT_FIRINGS = 200;

/** A small ServiceNow: a ticket list, business-rule webhooks and the Table API. */
export async function startItsm(options: {
	port?: number;
	host?: string;
	config: ItsmConfig;
}): Promise<ItsmSimulator> {
	const { config } = options;
	const store = createTickets(config.people, config.groups ?? []);
	const stream = createEventStream();
	const firings: Firing[] = [];
	const account = config.account ?? { user: 'itsm-notify', password: 'itsm-notify' };
	let target = config.webhook;
	let inboxUrl = config.inboxUrl;

	const state = () => ({
		tickets: store.list(),
		people: store.people,
		groups: store.groups,
		firings: firings.slice(-20).reverse(),
		webhook: target?.url ?? null,
		inbox: inboxUrl ?? null,
	});
	const announce = (): void => stream.send('state', state());

	async function fire(ticket: Ticket, change: Change): Promise<Firing | undefined> {
		if (target === undefined) return undefined;
		const firing = await fireWebhook(target, webhookBody(store, ticket, change, simulator.url));
		firings.push(firing);
		if (firings.length > KEPT_FIRINGS) firings.shift();
		announce();
		return firing;
	}

	async function create(input: NewTicket, by = 'admin') {
		const { ticket, change } = store.create(input, by);
		announce();
		return { ticket, firing: await fire(ticket, change) };
	}

	async function update(id: string, patch: Patch, by = 'admin') {
		const { ticket, change } = store.patch(id, patch, by);
		announce();
		return { ticket, firing: change && (await fire(ticket, change)) };
	}

	const api = {
		store,
		account,
		baseUrl: () => simulator.url,
		// The Table API answers at once: `executeAsync` sends the webhook afterwards.
		save(id: string, patch: Patch, by: string): Ticket {
			const { ticket, change } = store.patch(id, patch, by);
			announce();
			if (change) void fire(ticket, change);
			return ticket;
		},
		create(input: NewTicket, by: string): Ticket {
			const { ticket, change } = store.create(input, by);
			announce();
			void fire(ticket, change);
			return ticket;
		},
	};

	/** What the page calls. */
	async function pageApi(call: Call): Promise<Answer> {
		const input = call.text === '' ? {} : (JSON.parse(call.text) as Record<string, unknown>);
		const by = String(input['by'] ?? 'admin');
		const id = call.path.split('/')[3];
		if (call.path === '/page/tickets')
			return { status: 200, body: await create(input['ticket'] as NewTicket, by) };
		const ticket = store.get(id ?? '');
		if (ticket === undefined) return { status: 404, body: { error: 'no such ticket' } };
		if (call.path.endsWith('/fire')) {
			return {
				status: 200,
				body: {
					ticket,
					firing: await fire(ticket, { event: input['event'] as WebhookEvent, previous: {} }),
				},
			};
		}
		return { status: 200, body: await update(ticket.sys_id, input['patch'] as Patch, by) };
	}

	const simulator = await startHttp({
		port: options.port,
		host: options.host,
		intercept(request, response) {
			if (request.url !== '/events') return false;
			stream.open(request, response, { event: 'state', data: state() });
			return true;
		},
		async handle(call) {
			if (call.path.startsWith('/api/now/table/')) return tableApi(api, call);
			if (call.path === '/' || call.path === '/nav_to.do') {
				const nonce = randomBytes(16).toString('base64');
				const headers = {
					'content-type': 'text/html; charset=utf-8',
					'content-security-policy': contentPolicy(nonce),
				};
				return { status: 200, headers, body: itsmPage(nonce) };
			}
			if (call.method !== 'POST' || !call.path.startsWith('/page/'))
				return { status: 404, body: 'not found' };
			// JSON from another origin needs a preflight, which is not answered: no foreign page acts here.
			if (!call.headers['content-type']?.startsWith('application/json'))
				return { status: 415, body: 'send JSON' };
			try {
				return await pageApi(call);
			} catch (error) {
				const isRefusal = error instanceof TicketError || error instanceof SyntaxError;
				return { status: isRefusal ? 400 : 500, body: { error: (error as Error).message } };
			}
		},
		spell(fault) {
			const error = { message: 'by a fault switch', detail: '' };
			if (fault.kind === '429') {
				return {
					status: 429,
					headers: { 'retry-after': String(fault.wait ?? 1) },
					body: { error, status: 'failure' },
				};
			}
			if (fault.kind === '5xx')
				return { status: fault.status ?? 503, body: { error, status: 'failure' } };
			return fault.kind === 'reject_auth'
				? { status: 401, body: { error, status: 'failure' } }
				: undefined;
		},
	});

	return {
		...simulator,
		// What is down is the API: people still see the list.
		faults: {
			...simulator.faults,
			set: (...faults) =>
				simulator.faults.set(...faults.map((fault) => ({ match: '/api/now/', ...fault }))),
		},
		store,
		create,
		update,
		fire: (ticket, event) => fire(ticket, { event, previous: {} }),
		firings: () => [...firings],
		setWebhook(next) {
			target = next;
			announce();
		},
		setInboxUrl(url) {
			inboxUrl = url;
			announce();
		},
		async close() {
			stream.close();
			await simulator.close();
		},
	};
}
