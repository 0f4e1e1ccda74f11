import { cut } from '../channels/cut';
import { knownPriority } from '../events/priority';
import { isRecord, list, own, text } from '../events/read/paths';
import { sn, shown } from '../events/sources/service-now-fields';
import { serviceNowStatus } from '../events/sources/service-now-states';
import { call, ItsmFailure, optional, type Caller } from './failure';
import { namesOf } from './names';
import { floored, isWorthSaying, sameWords } from './plan';
import type { ItsmAccess, Itsm, ItsmPerson, ItsmTicket, Plan, Wish, Writes } from './types';

export interface ServiceNowSettings {
	table?: string;
	inProgressState?: string;
	resolvedState?: string;
	closeCode?: string;
	escalationUrgency?: string;
	escalationImpact?: string;
	/** Name or sys_id. */
	escalationGroup?: string;
}

const NAME = 'ServiceNow';
const SYS_ID = /^[0-9a-f]{32}$/i;
/** The length of a journal entry. */
const MAX_JOURNAL = 4000;
/** What is read; a reference's own fields come in the same call. */
const FIELDS = [
	'sys_id,number,short_description,state,priority,urgency,impact,sys_mod_count,sys_updated_on',
	'assigned_to,assigned_to.user_name,assigned_to.email,assignment_group,close_code,close_notes',
].join();
/** Journal fields read back empty. */
const JOURNALS = ['comments', 'work_notes'];
/** Caret joins the parts of an encoded query, so a value with one cannot be asked for. */
const askable = (value: string): boolean => value !== '' && !/[\^\r\n]/.test(value);

/** ServiceNow draws what stands between `[code]` tags as HTML. */
const journal = (words: string): string =>
	cut(words.replace(/\[(\/?)code\]/gi, '[$1 code]'), MAX_JOURNAL);

/** The Table API: no condition on a write, so it is read right before. */
export function serviceNowItsm(access: ItsmAccess, settings: ServiceNowSettings = {}): Itsm {
	const {
		table = 'incident',
		inProgressState = '2',
		resolvedState = '6',
		closeCode = 'Solution provided',
		escalationUrgency = '1',
		escalationImpact = '1',
		escalationGroup,
	} = settings;
	const caller: Caller = { ...access, name: NAME, words };
	const root = `${access.baseUrl.replace(/\/+$/, '')}/api/now/table`;
	let group: { id: string; name: string } | undefined;

	const rows = async (from: string, query: string, fields: string, limit: number) => {
		const asked = new URLSearchParams({
			sysparm_query: query,
			sysparm_fields: fields,
			sysparm_limit: String(limit),
		});
		const answer = await call(caller, { method: 'GET', url: `${root}/${from}?${asked}` });
		return list(own(answer.body, 'result'));
	};
	const shape = new URLSearchParams({
		sysparm_fields: FIELDS,
		sysparm_display_value: 'all',
		sysparm_exclude_reference_link: 'true',
	});

	const ticketOf = (row: unknown): ItsmTicket => {
		const id = sn(row, 'sys_id');
		if (!isRecord(row) || id === undefined)
			throw new ItsmFailure('permanent', 'bad_answer', `${NAME} answered without a record`);
		const state = sn(row, 'state') ?? '';
		const assignee = sn(row, 'assigned_to');
		const native: Record<string, string> = {};
		for (const name of Object.keys(row)) native[name] = sn(row, name) ?? '';
		const target = encodeURIComponent(`${table}.do?sys_id=${id}`);
		return {
			id,
			number: sn(row, 'number') ?? null,
			title: shown(row, 'short_description') ?? '',
			status:
				state === inProgressState
					? 'in_progress'
					: state === resolvedState
						? 'resolved'
						: (serviceNowStatus(table, state) ?? null),
			native_status: text(own(row, 'state'), 'display_value') ?? state,
			assignee: assignee
				? {
						id: assignee,
						login: sn(row, 'assigned_to.user_name') ?? null,
						email: sn(row, 'assigned_to.email') ?? null,
						name: shown(row, 'assigned_to') ?? null,
					}
				: null,
			priority: knownPriority('serviceNow', sn(row, 'priority')) ?? null,
			group: shown(row, 'assignment_group') ?? null,
			url: `${access.baseUrl.replace(/\/+$/, '')}/nav_to.do?uri=${target}`,
			version: sn(row, 'sys_mod_count') ?? sn(row, 'sys_updated_on') ?? '',
			native,
		};
	};

	return {
		id: 'serviceNow',
		name: NAME,
		account: access.account,

		async read(ticketId) {
			if (!SYS_ID.test(ticketId)) {
				if (!askable(ticketId)) throw notFound(ticketId, table);
				const found = await rows(table, `number=${ticketId}`, 'sys_id', 2);
				const id = found.length === 1 ? sn(found[0], 'sys_id') : undefined;
				if (id === undefined) throw notFound(ticketId, table);
				return this.read(id);
			}
			const answer = await call(caller, {
				method: 'GET',
				url: `${root}/${table}/${ticketId}?${shape}`,
			});
			return ticketOf(own(answer.body, 'result'));
		},

		async person(names) {
			for (const name of names.filter(askable)) {
				const fields = SYS_ID.test(name)
					? ['sys_id']
					: name.includes('@')
						? ['email', 'user_name']
						: ['user_name'];
				for (const field of fields) {
					const found = await rows(
						'sys_user',
						`${field}=${name}^active=true`,
						'sys_id,user_name,email,name',
						2,
					);
					const person = found.length === 1 ? personOf(found[0]) : undefined;
					if (person) return person;
				}
			}
			return undefined;
		},

		async prepare() {
			if (!escalationGroup || group) return;
			const field = SYS_ID.test(escalationGroup) ? 'sys_id' : 'name';
			const found = askable(escalationGroup)
				? await rows('sys_user_group', `${field}=${escalationGroup}`, 'sys_id,name', 2)
				: [];
			const id = found.length === 1 ? sn(found[0], 'sys_id') : undefined;
			if (id === undefined)
				throw new ItsmFailure(
					'permanent',
					'unknown_group',
					`${NAME} has no one group "${escalationGroup}"`,
				);
			group = { id, name: sn(found[0], 'name') ?? escalationGroup };
		},

		plan(wish: Wish, ticket: ItsmTicket): Plan {
			const body: Record<string, string> = {};
			const writes: Writes = {};
			const set = (name: string, value: string): boolean => {
				if (ticket.native[name] === value) return false;
				body[name] = value;
				return true;
			};
			if (wish.begin && set('state', inProgressState)) writes.status = 'in_progress';
			if (wish.resolve) {
				if (set('state', resolvedState)) writes.status = 'resolved';
				// Both are mandatory, whatever stood there before.
				Object.assign(body, { close_code: closeCode, close_notes: journal(wish.resolve.notes) });
			}
			if (wish.assignee && set('assigned_to', wish.assignee.id)) writes.assignee = wish.assignee;
			if (wish.escalate) {
				// 1 is the highest; priority is worked out from the two.
				const raised = [
					raises(ticket.native.urgency, escalationUrgency) && set('urgency', escalationUrgency),
					raises(ticket.native.impact, escalationImpact) && set('impact', escalationImpact),
				];
				if (raised.includes(true)) writes.priority = true;
				if (group && set('assignment_group', group.id)) writes.group = true;
			}
			const isChange = Object.keys(body).length > 0;
			if (wish.comment && isWorthSaying(wish, isChange)) {
				const said = journal(wish.comment.text);
				body[wish.comment.public ? 'comments' : 'work_notes'] = said;
				writes.comment = said;
			}
			const id = isChange ? 'fields' : 'comment';
			return { steps: Object.keys(body).length > 0 ? [{ id, body }] : [], writes };
		},

		async write(ticket, step) {
			const answer = await call(caller, {
				method: 'PATCH',
				url: `${root}/${table}/${ticket.id}?${shape}`,
				body: { ...step.body },
			});
			return ticketOf(own(answer.body, 'result'));
		},

		missing: (ticket, step) =>
			Object.entries(step.body)
				// A field that the account may not read is not there at all.
				.filter(
					([name, value]) =>
						!JOURNALS.includes(name) && !sameWords(ticket.native[name] ?? '', value),
				)
				.map(([name]) => name),

		async hasSaid(ticket, { body }, since) {
			const field = JOURNALS.find((name) => body[name]);
			if (!field) return false;
			const query = `element_id=${ticket.id}^element=${field}^ORDERBYDESCsys_created_on`;
			const found = await optional(() =>
				rows('sys_journal_field', query, 'value,sys_created_on', 50),
			);
			if (!found) return undefined;
			// Who may not read journals gets an empty list: then there are none on any ticket.
			const isEmpty = found.length === 0;
			if (isEmpty && (await rows('sys_journal_field', '', 'sys_id', 1)).length === 0)
				return undefined;
			return found.some((row) => {
				const at = Date.parse(`${(sn(row, 'sys_created_on') ?? '').replace(' ', 'T')}Z`);
				return at >= floored(since) && sameWords(sn(row, 'value') ?? '', body[field]);
			});
		},

		async probe() {
			await rows(table, '', 'sys_id', 1);
			return access.account;
		},
	};
}

const raises = (now: string | undefined, to: string): boolean =>
	!now || !(Number(now) <= Number(to));

const notFound = (ticketId: string, table: string): ItsmFailure =>
	new ItsmFailure('not_found', 'not_found', `${NAME} has no ${table} "${ticketId}"`);

function personOf(row: unknown): ItsmPerson | undefined {
	const id = sn(row, 'sys_id');
	const [login, email, name] = [sn(row, 'user_name'), sn(row, 'email'), sn(row, 'name')];
	return id && namesOf(id).length > 0 ? { id, login, email, name } : undefined;
}

/** `{error: {message, detail}}`. */
const words = (body: unknown): string | undefined =>
	[text(body, 'error.message'), text(body, 'error.detail')].filter(Boolean).join('. ') || undefined;
