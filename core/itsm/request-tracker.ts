import { header } from '../channels/http-outcome';
import { knownPriority } from '../events/priority';
import { list, own, text } from '../events/read/paths';
import { requestTrackerStatus } from '../events/sources/request-tracker';
import { call, ItsmFailure, optional, tried, type Caller } from './failure';
import { floored, isWorthSaying, sameWords } from './plan';
import type { ItsmAccess, Itsm, ItsmPerson, ItsmTicket, Plan, Wish, Writes } from './types';

export interface RequestTrackerSettings {
	openStatus?: string;
	resolvedStatus?: string;
	/** A number: a label that RT does not know would set the lowest. */
	escalationPriority?: string;
	/** Name or id. */
	escalationQueue?: string;
}

const NAME = 'Request Tracker';
const NOBODY = 'Nobody';

/** REST 2. A refused change is HTTP 200 with a sentence, so every write is read back. */
export function requestTrackerItsm(
	access: ItsmAccess,
	settings: RequestTrackerSettings = {},
): Itsm {
	const {
		openStatus = 'open',
		resolvedStatus = 'resolved',
		escalationPriority = '100',
		escalationQueue,
	} = settings;
	const caller: Caller = { ...access, name: NAME, words };
	const base = access.baseUrl.replace(/\/+$/, '');
	const root = `${base}/REST/2.0`;
	const get = (path: string) => call(caller, { method: 'GET', url: `${root}${path}` });
	/** Known for the time of one run. */
	const people = new Map<string, ItsmPerson>();
	const queues = new Map<string, { id: string; name: string }>();

	async function owner(login: string): Promise<ItsmPerson> {
		const known = people.get(login);
		if (known) return known;
		const found = await optional(() => get(`/user/${encodeURIComponent(login)}`));
		const person = {
			id: login,
			login,
			email: text(found?.body, 'EmailAddress') ?? null,
			name: text(found?.body, 'RealName') ?? null,
		};
		people.set(login, person);
		return person;
	}

	async function queueOf(name: string): Promise<{ id: string; name: string } | undefined> {
		const known = queues.get(name);
		if (known) return known;
		const found = await optional(() => get(`/queue/${encodeURIComponent(name)}`));
		const id = text(found?.body, 'id');
		if (id === undefined) return undefined;
		const queue = { id, name: text(found?.body, 'Name') ?? name };
		queues.set(name, queue).set(id, queue);
		return queue;
	}

	return {
		id: 'requestTracker',
		name: NAME,
		account: access.account,

		async read(ticketId) {
			if (!/^\d{1,18}$/.test(ticketId))
				throw new ItsmFailure('not_found', 'not_found', `${NAME} has no ticket "${ticketId}"`);
			const { body, headers } = await get(`/ticket/${ticketId}`);
			const id = text(body, 'id');
			const status = text(body, 'Status');
			if (id === undefined || status === undefined)
				throw new ItsmFailure('permanent', 'bad_answer', `${NAME} answered without a ticket`);
			const login = text(body, 'Owner.id') ?? NOBODY;
			const queue = text(body, 'Queue.id') ?? '';
			const etag = header({ status: 200, body, headers }, 'etag');
			return {
				id,
				number: null,
				title: text(body, 'Subject') ?? '',
				status:
					status === openStatus
						? 'in_progress'
						: status === resolvedStatus
							? 'resolved'
							: (requestTrackerStatus(status) ?? null),
				native_status: status,
				assignee: login === NOBODY ? null : await owner(login),
				priority: knownPriority('requestTracker', text(body, 'Priority')) ?? null,
				group: (queue && (await queueOf(queue))?.name) || null,
				url: `${base}/Ticket/Display.html?id=${id}`,
				version: etag ?? text(body, 'LastUpdated') ?? '',
				native: {
					Status: status,
					Owner: login,
					Priority: text(body, 'Priority') ?? '',
					Queue: queue,
					...(etag ? { etag } : {}),
				},
			};
		},

		async person(names) {
			for (const name of names) {
				const fields = name.includes('@') ? ['EmailAddress', 'Name'] : ['Name'];
				for (const field of fields) {
					const query = new URLSearchParams({
						query: JSON.stringify([{ field, value: name }]),
						fields: 'Name,EmailAddress,RealName',
					});
					const found = await optional(() => get(`/users?${query}`));
					const items = list(own(found?.body, 'items'));
					const login = items.length === 1 ? text(items[0], 'Name', 'id') : undefined;
					if (login === undefined) continue;
					return {
						id: login,
						login,
						email: text(items[0], 'EmailAddress') ?? null,
						name: text(items[0], 'RealName') ?? null,
					};
				}
			}
			return undefined;
		},

		async prepare() {
			if (escalationQueue && !(await queueOf(escalationQueue)))
				throw new ItsmFailure(
					'permanent',
					'unknown_group',
					`${NAME} has no queue "${escalationQueue}"`,
				);
		},

		plan(wish: Wish, ticket: ItsmTicket): Plan {
			const body: Record<string, string> = {};
			const writes: Writes = {};
			const set = (name: string, value: string): boolean => {
				if (ticket.native[name] === value) return false;
				body[name] = value;
				return true;
			};
			if (wish.assignee && set('Owner', wish.assignee.id)) writes.assignee = wish.assignee;
			if (wish.begin && set('Status', openStatus)) writes.status = 'in_progress';
			if (wish.resolve && set('Status', resolvedStatus)) writes.status = 'resolved';
			if (wish.escalate) {
				const isHigher = !(Number(ticket.native.Priority) >= Number(escalationPriority));
				if (isHigher && set('Priority', escalationPriority)) writes.priority = true;
				const queue = escalationQueue ? queues.get(escalationQueue) : undefined;
				if (queue && set('Queue', queue.id)) writes.group = true;
			}
			const isChange = Object.keys(body).length > 0;
			if (wish.resolve?.public) {
				// In one call, and so without condition: a reply after it would open the ticket again.
				const { notes } = wish.resolve;
				writes.comment = notes;
				return {
					steps: [{ id: 'fields', body: { ...body, Content: notes }, public: true }],
					writes,
				};
			}
			const comment = wish.resolve ? { text: wish.resolve.notes, public: false } : wish.comment;
			const steps: Plan['steps'] = isChange ? [{ id: 'fields', body }] : [];
			if (comment && isWorthSaying(wish, isChange)) {
				steps.push({ id: 'comment', body: { Content: comment.text }, public: comment.public });
				writes.comment = comment.text;
			}
			return { steps, writes };
		},

		async write(ticket, step) {
			const { id, body, public: isPublic } = step;
			const path = `/ticket/${ticket.id}`;
			const { etag } = ticket.native;
			const headers: Record<string, string> = etag ? { 'If-Match': etag } : {};
			const answer = body.Content
				? await call(caller, {
						method: 'POST',
						url: `${root}${path}/${isPublic ? 'correspond' : 'comment'}`,
						// RT knows no condition here: any would be refused.
						body: { ...body, ContentType: 'text/plain' },
					})
				: await call(caller, { method: 'PUT', url: `${root}${path}`, headers, body: { ...body } });
			if (id === 'comment') return ticket;
			const now = await afterWrite(() => this.read(ticket.id));
			if (this.missing(now, step).length === 0) return now;
			const said = list(answer.body).flatMap((entry) => (typeof entry === 'string' ? entry : []));
			const message = `${NAME}: ${said.join('; ') || 'nothing was changed'}`;
			throw new ItsmFailure('permanent', 'not_written', message);
		},

		missing: (ticket, { body }) =>
			Object.entries(body)
				.filter(([name, value]) => name !== 'Content' && ticket.native[name] !== value)
				.map(([name]) => name),

		async hasSaid(ticket, { body }, since) {
			const query = new URLSearchParams({
				fields: 'Content,Created,Creator',
				order: 'DESC',
				orderby: 'id',
				per_page: '50',
			});
			const found = await optional(() => get(`/ticket/${ticket.id}/attachments?${query}`));
			if (!found) return undefined;
			return list(own(found.body, 'items')).some(
				(item) =>
					Date.parse(text(item, 'Created') ?? '') >= floored(since) &&
					sameWords(text(item, 'Content') ?? '', body.Content),
			);
		},

		async probe() {
			await get('/rt');
			return access.account;
		},
	};
}

/** The write is done by then: a failure to read it back leaves it in doubt, no more. */
async function afterWrite<T>(work: () => Promise<T>): Promise<T> {
	const done = await tried(work);
	if (done.ok) return done.value;
	const { code, message } = done.failure;
	throw new ItsmFailure('retry', code, message, { ambiguous: true });
}

const words = (body: unknown): string | undefined => text(body, 'message');
